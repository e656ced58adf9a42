/** People come in by name and password. */
import type { PrismaClient } from '../sql/prisma.ts';
import { openHashTurns } from './hash-turns.ts';
import { NOBODY, verifyPassword } from './passwords.ts';
import { isRole, type Role } from './roles.ts';
import { type NewSession, storeSession, sweepSessions } from './sessions.ts';
import { countTry, forgetOldTries, forgetTriesOf } from './sign-in-tries.ts';

export type SignIn =
  | { readonly ok: true; readonly user: string; readonly role: Role }
  | { readonly ok: false; readonly reason: 'wrong' }
  | { readonly ok: false; readonly reason: 'locked'; readonly until: Date }
  /** Too many others try at this moment; nothing was looked at or counted. */
  | { readonly ok: false; readonly reason: 'busy' };

/** `network`: an address of IPv4; of IPv6 its /64, since within that one machine takes whichever address it likes. */
export type SignInFrom = { readonly network: string; readonly opens?: NewSession };

export interface SignIns {
  /**
   * After 10 wrong ones in a row of one name from one network nobody gets in under that name from there for 15 minutes,
   * whatever the password. The right one opens this session.
   */
  signIn(user: string, password: string, from: SignInFrom): Promise<SignIn>;
  /** Of sign-ins that went wrong long ago; answers how many. */
  forgetTries(mostKept?: number): Promise<number>;
}

export function openSignIns(prisma: PrismaClient): SignIns {
  const turns = openHashTurns();

  /** Counted at its turn, so that whoever finds no place has not tried. */
  async function look(user: string, password: string, { network, opens }: SignInFrom): Promise<SignIn> {
    const until = await countTry(prisma, { user, network });
    if (until) return { ok: false, reason: 'locked', until };
    const found = await prisma.consoleUser.findUnique({ where: { name: user } });
    // For a name that nobody has it takes as long.
    const isRight = await verifyPassword(password, found?.passwordHash ?? NOBODY);
    if (!found || !isRight || !isRole(found.role)) return { ok: false, reason: 'wrong' };
    if (!(await letIn(prisma, found, { network, opens }))) return { ok: false, reason: 'wrong' };
    return { ok: true, user, role: found.role };
  }

  return {
    async signIn(user, password, from) {
      const trier = { user, network: from.network };
      const signedIn = await turns.take(trier, () => look(user, password, from));
      if (!signedIn) return { ok: false, reason: 'busy' };
      if (!signedIn.ok) return signedIn;
      turns.know(trier);
      await sweepSessions(prisma, new Date());
      return signedIn;
    },
    forgetTries: (mostKept) => forgetOldTries(prisma, mostKept),
  };
}

type FoundUser = { readonly id: bigint; readonly name: string; readonly passwordHash: string };
type LetIn = { readonly network: string; readonly opens: NewSession | undefined };

/**
 * False: the password was changed since it was looked at. The user's row is held until the session is there, so that a change
 * of this moment either comes first, or ends the session with the others.
 */
const letIn = (prisma: PrismaClient, { id, name, passwordHash }: FoundUser, { network, opens }: LetIn) =>
  prisma.$transaction(async (client): Promise<boolean> => {
    const held = await client.$queryRaw<unknown[]>`
      select id from public.console_user where id = ${id} and password_hash = ${passwordHash} for share`;
    if (held.length === 0) return false;
    await forgetTriesOf(client, { user: name, network });
    if (opens) await storeSession(client, id, opens);
    return true;
  });
