/**
 * The sessions of people who signed in. The database keeps when they end and a hash of their secret, so that nobody who reads
 * it can come in; whoever signs out, gets a new password (by a trigger) or is removed has none left.
 */
import type { PrismaClient } from '../sql/prisma.ts';
import { sha256 } from './hashes.ts';
import { isRole, type Role } from './roles.ts';

/** 256 random bits, and when it ends. */
export type NewSession = { readonly secret: string; readonly expiresAt: Date };

export interface Sessions {
  /** Whose session this is, with the role of now; null: nobody's, or it has ended. */
  sessionOf(secret: string, now: Date): Promise<{ user: string; role: Role } | null>;
  /** This one, no other of that person. */
  endSession(secret: string): Promise<void>;
}

export const openSessions = (prisma: PrismaClient): Sessions => ({
  async sessionOf(secret, now) {
    const [found] = await prisma.$queryRaw<{ user: string; role: string }[]>`
      select u.name as "user", u.role
        from public.console_session s join public.console_user u on u.id = s.user_id
       where s.secret_sha256 = ${sha256(secret)} and s.expires_at > ${now}`;
    return found && isRole(found.role) ? { user: found.user, role: found.role } : null;
  },

  async endSession(secret) {
    await prisma.consoleSession.deleteMany({ where: { secretSha256: sha256(secret) } });
  },
});

type Writer = Pick<PrismaClient, 'consoleSession'>;

export async function storeSession(prisma: Writer, userId: bigint, { secret, expiresAt }: NewSession): Promise<void> {
  await prisma.consoleSession.create({ data: { secretSha256: sha256(secret), userId, expiresAt } });
}

export async function sweepSessions(prisma: Writer, now: Date): Promise<void> {
  await prisma.consoleSession.deleteMany({ where: { expiresAt: { lte: now } } });
}
