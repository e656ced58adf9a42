/**
 * Tries to sign in, counted by name and address over all processes: after ten wrong ones in a row nobody gets in under that
 * name from there for a while. From elsewhere the name is open as before, so that nobody is shut out by strangers; a name
 * that nobody has is counted alike, so that the answer tells nothing of who there is.
 */
import type { PrismaClient } from '../sql/prisma.ts';
import { sha256 } from './hashes.ts';

export const MOST_WRONG = 10;
const LOCK_MS = 15 * 60_000;
/** A row that nobody tried for so long is forgotten: by then the lock has been over for long. */
const KEPT_MS = 24 * 60 * 60_000;
/** What all the world's addresses may cost us; beyond it go those that were tried longest ago. */
const MOST_ROWS = 100_000;
const PIECE = 5_000;

type Writer = Pick<PrismaClient, '$queryRaw' | '$executeRaw' | 'signInTry'>;
export type Tried = { readonly user: string; readonly network: string };

/**
 * Counts a try before the password is looked at, so that no more than ten can be under way. Answers until when the name is
 * locked from there; null: this one may be looked at.
 */
export async function countTry(prisma: Writer, { user, network }: Tried): Promise<Date | null> {
  const [counted] = await prisma.$queryRaw<{ tries: number; lockedUntil: Date | null }[]>`
    insert into public.sign_in_try as t (name_sha256, address, tries)
    values (${sha256(user)}, ${network}, 1)
    on conflict (name_sha256, address) do update
       set tries = case when t.locked_until <= now() then 1 else least(t.tries + 1, ${MOST_WRONG} + 1) end,
           locked_until = case when t.locked_until > now() then t.locked_until
                               when t.locked_until is null and t.tries + 1 >= ${MOST_WRONG}
                               then now() + ${LOCK_MS} * interval '1 ms' end,
           tried_at = now()
    returning tries, locked_until as "lockedUntil"`;
  return counted && counted.tries > MOST_WRONG ? counted.lockedUntil : null;
}

/** Counting begins anew: from that network, or, with a new password, from everywhere. */
export async function forgetTriesOf(prisma: Writer, { user, network }: { user: string; network?: string }) {
  const from = network === undefined ? {} : { address: network };
  await prisma.signInTry.deleteMany({ where: { nameSha256: sha256(user), ...from } });
}

/** Those that are old, and those that are too many, in small pieces; answers how many there were. */
export async function forgetOldTries(prisma: Writer, mostRows = MOST_ROWS): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const gone = await prisma.$executeRaw`
      delete from public.sign_in_try where (name_sha256, address) in (
        (select name_sha256, address from public.sign_in_try
          where tried_at <= now() - ${KEPT_MS} * interval '1 ms' order by tried_at limit ${PIECE})
        union all
        (select name_sha256, address from public.sign_in_try order by tried_at desc offset ${mostRows} limit ${PIECE}))`;
    forgotten += gone;
    if (gone < PIECE) return forgotten;
  }
}
