/** The keys of programs. */
import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '../sql/prisma.ts';
import { sha256 } from './hashes.ts';
import { isScope, type Scope } from './roles.ts';

export type ApiKeyView = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** The first moment at which it no longer opens; null: it has no end. */
  readonly expiresAt: Date | null;
  /** Since when another of its name has taken its place; until it ends both open. */
  readonly replacedAt: Date | null;
};

export type Rotation = {
  /** How long the old one goes on. */
  readonly overlapMs: number;
  /** Of the new one; left out: as the old one's. */
  readonly expiresAt?: Date | undefined;
};

export interface ApiKeys {
  /** The key itself, which is kept nowhere; null: there is one of this name already. */
  createKey(
    name: string,
    scopes: readonly Scope[],
    ends?: { readonly expiresAt?: Date | undefined },
  ): Promise<string | null>;
  /** A new key of that name, with the same scopes. `unknown`: there is none to replace. `expired`: say until when a new one is to open. */
  rotateKey(name: string, rotation: Rotation): Promise<{ readonly key: string } | 'unknown' | 'expired'>;
  /** Every key of that name. False: there is none that still works. */
  revokeKey(name: string): Promise<boolean>;
  listKeys(): Promise<ApiKeyView[]>;
  /** Whose key this is; null: nobody's, or revoked, or past its end. */
  verifyKey(key: string): Promise<{ name: string; scopes: readonly Scope[] } | null>;
}

/** How exactly "last used" is kept: a write per call would cost more than it tells. */
const USED_EVERY_MS = 60_000;

export function openKeys(prisma: PrismaClient): ApiKeys {
  return {
    async createKey(name, scopes, { expiresAt } = {}) {
      const key = newKey();
      const data = { name, scopes: [...scopes], keySha256: sha256(key), expiresAt: expiresAt ?? null };
      const { count } = await prisma.apiKey.createMany({ data, skipDuplicates: true });
      return count === 1 ? key : null;
    },

    rotateKey: (name, { overlapMs, expiresAt }) =>
      prisma.$transaction(async (client) => {
        // Two at once come one after the other, and the second replaces what the first made.
        await lockName(client, name);
        const now = new Date();
        const old = await client.apiKey.findFirst({ where: { name, ...CURRENT } });
        if (!old) return 'unknown';
        if (!expiresAt && isOver(old.expiresAt, now)) return 'expired';
        const ends = new Date(now.getTime() + overlapMs);
        const data = { replacedAt: now, expiresAt: old.expiresAt && old.expiresAt < ends ? old.expiresAt : ends };
        await client.apiKey.update({ where: { id: old.id }, data });
        const key = newKey();
        const { scopes } = old;
        await client.apiKey.create({
          data: { name, scopes, keySha256: sha256(key), expiresAt: expiresAt ?? old.expiresAt },
        });
        return { key };
      }),

    revokeKey: (name) =>
      prisma.$transaction(async (client) => {
        // A rotation that is open ends first: the key that it makes is one of those.
        await lockName(client, name);
        const now = new Date();
        // One that was replaced and has ended is over anyhow; one that has no other in its place keeps its name until now.
        const where = { name, revokedAt: null, OR: [{ replacedAt: null }, { expiresAt: { gt: now } }] };
        return (await client.apiKey.updateMany({ where, data: { revokedAt: now } })).count > 0;
      }),

    async listKeys() {
      const keys = await prisma.apiKey.findMany({
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        omit: { id: true, keySha256: true },
      });
      return keys.map((key) => ({ ...key, scopes: key.scopes.filter(isScope) }));
    },

    async verifyKey(key) {
      const now = new Date();
      const found = await prisma.apiKey.findUnique({ where: { keySha256: sha256(key) } });
      if (!found || found.revokedAt || isOver(found.expiresAt, now)) return null;
      await noteUse(prisma, found, now);
      return { name: found.name, scopes: found.scopes.filter(isScope) };
    },
  };
}

const newKey = () => `sof_${randomBytes(32).toString('base64url')}`;
/** The one of a name, whether or not it has ended. */
const CURRENT = { revokedAt: null, replacedAt: null };
/** Sets locks on names of keys apart from other locks. */
const LOCK_OF_NAMES = 0x6b_65_79;
const lockName = (client: Pick<PrismaClient, '$executeRaw'>, name: string) =>
  client.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${name}, ${LOCK_OF_NAMES}))`;

const isOver = (expiresAt: Date | null, now: Date): boolean => expiresAt !== null && expiresAt <= now;

/** Of many that come at once the first writes. */
async function noteUse(
  prisma: PrismaClient,
  { id, lastUsedAt }: { id: bigint; lastUsedAt: Date | null },
  now: Date,
): Promise<void> {
  const before = new Date(now.getTime() - USED_EVERY_MS);
  if (lastUsedAt && lastUsedAt > before) return;
  const where = { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] };
  await prisma.apiKey.updateMany({ where, data: { lastUsedAt: now } });
}
