/** People with passwords. */
import type { PrismaClient } from '../sql/prisma.ts';
import { hashPassword, NOBODY, verifyPassword } from './passwords.ts';
import { isRole, type Role } from './roles.ts';
import { type NewSession, storeSession, sweepSessions } from './sessions.ts';
import { openUnknownUsers } from './unknown-users.ts';

export type SignIn =
  | { readonly ok: true; readonly user: string; readonly role: Role }
  | { readonly ok: false; readonly reason: 'wrong' }
  | { readonly ok: false; readonly reason: 'locked'; readonly until: Date };

export interface Users {
  /** Creates the user, or sets the password and role of the one there is. */
  setUser(user: { name: string; password: string; role: Role }): Promise<void>;
  hasUsers(): Promise<boolean>;
  /** Null: there is no such user. */
  roleOf(user: string): Promise<Role | null>;
  /**
   * After 10 wrong ones in a row of one user nobody gets in under that name for 15 minutes, whatever the password. The right
   * one opens this session.
   */
  signIn(user: string, password: string, opens?: NewSession): Promise<SignIn>;
}

const MOST_WRONG = 10;
const LOCK_MS = 15 * 60_000;

export function openUsers(prisma: PrismaClient): Users {
  const strangers = openUnknownUsers({ mostWrong: MOST_WRONG, lockMs: LOCK_MS });
  return {
    async setUser({ name, password, role }) {
      const fields = { passwordHash: await hashPassword(password), role, failedTries: 0, lockedUntil: null };
      await prisma.consoleUser.upsert({ where: { name }, create: { name, ...fields }, update: fields });
    },

    hasUsers: async () => (await prisma.consoleUser.count({ take: 1 })) > 0,

    async roleOf(user) {
      const found = await prisma.consoleUser.findUnique({ where: { name: user }, select: { role: true } });
      return found && isRole(found.role) ? found.role : null;
    },

    async signIn(user, password, opens) {
      const found = await countTry(prisma, user);
      const until = found ? found.lockedUntil : strangers.countTry(user, new Date());
      if (until) return { ok: false, reason: 'locked', until };
      const isRight = await verifyPassword(password, found?.passwordHash ?? NOBODY);
      if (!found || !isRight || !isRole(found.role)) return { ok: false, reason: 'wrong' };
      if (!(await letIn(prisma, found, opens))) return { ok: false, reason: 'wrong' };
      await sweepSessions(prisma, new Date());
      return { ok: true, user, role: found.role };
    },
  };
}

type CountedUser = { userId: bigint; passwordHash: string; role: string; lockedUntil: Date | null };

/**
 * Counts the try before the password is looked at, so that many at once are counted too. The one after the tenth wrong
 * one locks the name; when the lock is over, counting begins anew.
 */
async function countTry(prisma: PrismaClient, user: string): Promise<CountedUser | null> {
  const [found] = await prisma.$queryRaw<(CountedUser & { locked: boolean })[]>`
    update public.console_user
       set failed_tries = case when locked_until <= now() then 1 else failed_tries + 1 end,
           locked_until = case when locked_until > now() then locked_until
                               when locked_until is null and failed_tries >= ${MOST_WRONG}
                               then now() + ${LOCK_MS} * interval '1 ms' end
     where name = ${user}
    returning id as "userId", password_hash as "passwordHash", role, locked_until as "lockedUntil"`;
  return found ?? null;
}

/**
 * False: the password was changed since it was looked at. The user's row is held until the session is there, so that a change
 * of this moment either comes first, or ends the session with the others.
 */
const letIn = (prisma: PrismaClient, { userId, passwordHash }: CountedUser, opens?: NewSession): Promise<boolean> =>
  prisma.$transaction(async (client) => {
    const { count } = await client.consoleUser.updateMany({
      where: { id: userId, passwordHash },
      data: { failedTries: 0, lockedUntil: null },
    });
    if (count === 1 && opens) await storeSession(client, userId, opens);
    return count === 1;
  });
