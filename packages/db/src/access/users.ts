/** People with passwords. */
import { createHash } from 'node:crypto';
import type { PrismaClient } from '../sql/prisma.ts';
import { hashPassword, NOBODY, verifyPassword } from './passwords.ts';
import { isRole, type Role } from './roles.ts';
import { openUnknownUsers } from './unknown-users.ts';

export type SignIn =
  | { readonly ok: true; readonly user: string; readonly role: Role }
  | { readonly ok: false; readonly reason: 'wrong' }
  | { readonly ok: false; readonly reason: 'locked'; readonly until: Date };

export type Standing = {
  readonly role: Role;
  /** Another one after each change of the password, so that sessions end with the password they were opened with. */
  readonly stamp: string;
};

export interface Users {
  /** Creates the user, or sets the password and role of the one there is. */
  setUser(user: { name: string; password: string; role: Role }): Promise<void>;
  hasUsers(): Promise<boolean>;
  /** Who the user is now, for a session that was opened earlier; null: there is no such user. */
  standingOf(user: string): Promise<Standing | null>;
  /** After 10 wrong ones in a row of one user nobody gets in under that name for 15 minutes, whatever the password. */
  signIn(user: string, password: string): Promise<SignIn>;
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

    async standingOf(user) {
      const select = { role: true, passwordHash: true };
      const found = await prisma.consoleUser.findUnique({ where: { name: user }, select });
      if (!found || !isRole(found.role)) return null;
      return { role: found.role, stamp: createHash('sha256').update(found.passwordHash).digest('base64url') };
    },

    async signIn(user, password) {
      const found = await countTry(prisma, user);
      const until = found ? found.lockedUntil : strangers.countTry(user, new Date());
      if (until) return { ok: false, reason: 'locked', until };
      const isRight = await verifyPassword(password, found?.passwordHash ?? NOBODY);
      if (!found || !isRight || !isRole(found.role)) return { ok: false, reason: 'wrong' };
      await prisma.consoleUser.updateMany({ where: { name: user }, data: { failedTries: 0, lockedUntil: null } });
      return { ok: true, user, role: found.role };
    },
  };
}

type CountedUser = { passwordHash: string; role: string; lockedUntil: Date | null };

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
    returning password_hash as "passwordHash", role, locked_until as "lockedUntil"`;
  return found ?? null;
}
