/**
 * The session of a person who signed in: a cookie that names the user and when it ends, signed. The signature also
 * covers the user's stamp, which changes with the password, so a new password and a removed user end every session.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { Access, Role } from '@lazada-sof/db';

export type Person = { readonly name: string; readonly role: Role };

export const SESSION_COOKIE = 'sof_session';
const LASTS_MS = 12 * 60 * 60 * 1_000;

/** `secure` also on plain HTTP: browsers make their exception for this machine, and nobody else should sign in so. */
export const COOKIE_OPTIONS = {
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'strict',
  maxAge: LASTS_MS / 1_000,
} as const satisfies CookieSerializeOptions;

export type Sessions = {
  /** Null: there is no such user. */
  issue(user: string, now: Date): Promise<string | null>;
  /** Null: no session, or one that is not ours, has ended, or whose user is gone. */
  read(cookie: string | undefined, now: Date): Promise<Person | null>;
};

export function openSessions({ secret, standingOf }: { secret: string } & Pick<Access, 'standingOf'>): Sessions {
  const sign = (claim: string, stamp: string) =>
    createHmac('sha256', secret).update(`${claim}.${stamp}`).digest('base64url');
  return {
    async issue(user, now) {
      const standing = await standingOf(user);
      const claim = `${Buffer.from(user).toString('base64url')}.${now.getTime() + LASTS_MS}`;
      return standing && `${claim}.${sign(claim, standing.stamp)}`;
    },
    async read(cookie, now) {
      const [, name, ends, signature] = /^([\w-]+)\.(\d{1,16})\.([\w-]+)$/.exec(cookie ?? '') ?? [];
      if (!name || !ends || !signature || Number(ends) <= now.getTime()) return null;
      const user = Buffer.from(name, 'base64url').toString();
      const standing = await standingOf(user);
      if (!standing || !isSame(signature, sign(`${name}.${ends}`, standing.stamp))) return null;
      return { name: user, role: standing.role };
    },
  };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
