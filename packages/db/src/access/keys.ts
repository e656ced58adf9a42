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
};

export interface ApiKeys {
  /** The key itself, which is kept nowhere; null: there is one of this name that works. */
  createKey(name: string, scopes: readonly Scope[]): Promise<string | null>;
  /** False: there is no such key that still works. */
  revokeKey(name: string): Promise<boolean>;
  listKeys(): Promise<ApiKeyView[]>;
  /** Whose key this is; null: nobody's, or revoked. */
  verifyKey(key: string): Promise<{ name: string; scopes: readonly Scope[] } | null>;
}

/** How exactly "last used" is kept: a write per call would cost more than it tells. */
const USED_EVERY_MS = 60_000;

export function openKeys(prisma: PrismaClient): ApiKeys {
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
      const found = await prisma.apiKey.findUnique({ where: { keySha256: sha256(key) } });
      if (!found || found.revokedAt) return null;
      if (Date.now() - (found.lastUsedAt?.getTime() ?? 0) > USED_EVERY_MS)
        await prisma.apiKey.updateMany({ where: { id: found.id }, data: { lastUsedAt: new Date() } });
      return { name: found.name, scopes: found.scopes.filter(isScope) };
    },
  };
}
