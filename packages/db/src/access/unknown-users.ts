/**
 * Tries under names that nobody has, counted and locked like those of users: an answer that differed would tell who there
 * is. Each process counts for itself, and forgets the names that were tried longest ago.
 */
export type UnknownUsers = {
  /** Counts a try. Answers until when the name is locked; null: it is not. */
  countTry(name: string, now: Date): Date | null;
};

type Tries = { readonly failed: number; readonly lockedUntil: Date | null };

export function openUnknownUsers({
  mostWrong,
  lockMs,
  names = 10_000,
}: {
  mostWrong: number;
  lockMs: number;
  names?: number;
}): UnknownUsers {
  const tried = new Map<string, Tries>();
  return {
    countTry(name, now) {
      const next = afterTry(tried.get(name), { now, mostWrong, lockMs });
      tried.delete(name); // it comes last again
      tried.set(name, next);
      const [oldest] = tried.keys();
      if (tried.size > names && oldest !== undefined) tried.delete(oldest);
      return next.lockedUntil;
    },
  };
}

function afterTry(
  before: Tries | undefined,
  { now, mostWrong, lockMs }: { now: Date; mostWrong: number; lockMs: number },
) {
  const { failed, lockedUntil } = before ?? { failed: 0, lockedUntil: null };
  if (lockedUntil && lockedUntil > now) return { failed, lockedUntil };
  if (lockedUntil) return { failed: 1, lockedUntil: null };
  return { failed: failed + 1, lockedUntil: failed >= mostWrong ? new Date(now.getTime() + lockMs) : null };
}
