/** Who may come in: programs with API keys, people with passwords. */
import {
  createHash,
  randomBytes,
  type ScryptOptions,
  scrypt as scryptWithCallback,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { PrismaClient } from '../sql/prisma.ts';
import { openUnknownUsers } from './unknown-users.ts';

export const SCOPES = ['orders:read', 'orders:write', 'imports:write', 'accounts:write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
export const ROLES = ['viewer', 'clerk', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];
/** A role of people is a named set of scopes. */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['orders:read'],
  clerk: ['orders:read', 'imports:write'],
  operator: ['orders:read', 'imports:write', 'orders:write'],
  admin: SCOPES,
};

export type ApiKeyView = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};
export type SignIn =
  | { readonly ok: true; readonly user: string; readonly role: Role }
  | { readonly ok: false; readonly reason: 'wrong' }
  | { readonly ok: false; readonly reason: 'locked'; readonly until: Date };

export type Standing = {
  readonly role: Role;
  /** Another one after each change of the password, so that sessions end with the password they were opened with. */
  readonly stamp: string;
};

export interface Access {
  /** The key itself, which is kept nowhere; null: there is one of this name that works. */
  createKey(name: string, scopes: readonly Scope[]): Promise<string | null>;
  /** False: there is no such key that still works. */
  revokeKey(name: string): Promise<boolean>;
  listKeys(): Promise<ApiKeyView[]>;
  /** Whose key this is; null: nobody's, or revoked. */
  verifyKey(key: string): Promise<{ name: string; scopes: readonly Scope[] } | null>;
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
/** How exactly "last used" is kept: a write per call would cost more than it tells. */
const USED_EVERY_MS = 60_000;

export function openAccess(prisma: PrismaClient): Access {
  const strangers = openUnknownUsers({ mostWrong: MOST_WRONG, lockMs: LOCK_MS });
  return {
    async createKey(name, scopes) {
      const key = `sof_${randomBytes(32).toString('base64url')}`;
      const data = { name, scopes: [...scopes], keySha256: sha256(key) };
      const { count } = await prisma.apiKey.createMany({ data, skipDuplicates: true });
      return count === 1 ? key : null;
    },

    async revokeKey(name) {
      const where = { name, revokedAt: null };
      return (await prisma.apiKey.updateMany({ where, data: { revokedAt: new Date() } })).count === 1;
    },

    async listKeys() {
      const keys = await prisma.apiKey.findMany({
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        omit: { id: true, keySha256: true },
      });
      return keys.map((key) => ({ ...key, scopes: key.scopes.filter(isScope) }));
    },

    async verifyKey(key) {
      // Found by the hash of 256 random bits: how long the look-up takes tells nothing about another key.
      const found = await prisma.apiKey.findUnique({ where: { keySha256: sha256(key) } });
      if (!found || found.revokedAt) return null;
      if (Date.now() - (found.lastUsedAt?.getTime() ?? 0) > USED_EVERY_MS)
        await prisma.apiKey.updateMany({ where: { id: found.id }, data: { lastUsedAt: new Date() } });
      return { name: found.name, scopes: found.scopes.filter(isScope) };
    },

    async setUser({ name, password, role }) {
      const fields = { passwordHash: await hashPassword(password), role, failedTries: 0, lockedUntil: null };
      await prisma.consoleUser.upsert({ where: { name }, create: { name, ...fields }, update: fields });
    },

    hasUsers: async () => (await prisma.consoleUser.count({ take: 1 })) > 0,

    async standingOf(user) {
      const select = { role: true, passwordHash: true };
      const found = await prisma.consoleUser.findUnique({ where: { name: user }, select });
      if (!found || !isRole(found.role)) return null;
      return { role: found.role, stamp: Buffer.from(sha256(found.passwordHash)).toString('base64url') };
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

const sha256 = (key: string) => new Uint8Array(createHash('sha256').update(key).digest());
export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
const isRole = (text: string): text is Role => ROLES.some((role) => role === text);

const scrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptWithCallback);
/** 16 MiB and some 50 ms a try. */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const HASH_BYTES = 32;

/** `scrypt$N$r$p$salt$hash`: a later cost is told from an earlier one. */
async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await scrypt(password.normalize('NFKC'), salt, HASH_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const made = await scrypt(password.normalize('NFKC'), Buffer.from(salt, 'base64'), HASH_BYTES, cost);
  return expected.length === made.length && timingSafeEqual(expected, made);
}

/** For a name that nobody has, so that its answer takes as long. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;
