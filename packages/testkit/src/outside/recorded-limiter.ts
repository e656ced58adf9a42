import type { Failure, Limiter, LimitKey } from '@lazada-sof/orders';

export type RecordedLimiter = Limiter & {
  /** What happened, in words: `slot`, `pause account 3000`, `told ok`. */
  readonly journal: string[];
  /** Throws this instead of giving a slot. */
  refuse: Failure | null;
  /** What happens elsewhere while a call waits for its slot. */
  meanwhile: ((key: LimitKey) => Promise<void>) | null;
  /** Forgets all of that. */
  calm(): void;
};

/** Gives every slot at once and keeps what it was told. */
export function recordedLimiter(journal: string[] = []): RecordedLimiter {
  const limiter: RecordedLimiter = {
    journal,
    refuse: null,
    meanwhile: null,
    async take(key) {
      journal.push('slot');
      await limiter.meanwhile?.(key);
      if (limiter.refuse) throw limiter.refuse;
    },
    async pause(_key, ms, whom = 'account') {
      journal.push(`pause ${whom} ${ms}`);
    },
    async report(_key, outcome) {
      journal.push(`told ${outcome}`);
    },
    calm() {
      journal.length = 0;
      limiter.refuse = null;
      limiter.meanwhile = null;
    },
  };
  return limiter;
}

/** For `meanwhile`: nobody goes on before so many are there. */
export function meeting(people: number): () => Promise<void> {
  const complete = Promise.withResolvers<void>();
  let there = 0;
  return async () => {
    there += 1;
    if (there === people) complete.resolve();
    await complete.promise;
  };
}
