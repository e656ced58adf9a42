/**
 * The session of a person who signed in. The cookie is a secret and our signature under it; who it is, and how long, the
 * database knows, where the session ends. A cookie that we did not sign is told by itself: nobody makes the database work by
 * sending any.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { Access, NewSession, Role } from '@lazada-sof/db';

export type Person = { readonly name: string; readonly role: Role };

/** Browsers take a cookie of this name from this host alone, by TLS, for the whole of it: no neighbour plants one. */
export const SESSION_COOKIE = '__Host-sof_session';
const LASTS_MS = 12 * 60 * 60 * 1_000;

/**
 * `secure` also on plain HTTP: browsers make their exception for this machine, and nobody else should sign in so. `lax`: who
 * follows a link from a chat or an alert stays signed in; changes ask for the origin.
 */
export const COOKIE_OPTIONS = {
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'lax',
  maxAge: LASTS_MS / 1_000,
} as const satisfies CookieSerializeOptions;

export type Sessions = {
  /** A session for whoever gets in, and the cookie that stands for it. */
  prepare(now: Date): { cookie: string; session: NewSession };
  /** True: we made it. Asks nobody, and does not say that it has not ended. */
  isSigned(cookie: string): boolean;
  /** Null: no session, or one that is not ours, or has ended. */
  read(cookie: string | undefined, now: Date): Promise<Person | null>;
  /** On the server; no other of that person. */
  end(cookie: string | undefined): Promise<void>;
};

type SessionParts = { secret: string; store: Pick<Access, 'sessionOf' | 'endSession'> };

export function openSessions({ secret: signingKey, store }: SessionParts): Sessions {
  const sign = (secret: string) => createHmac('sha256', signingKey).update(`session ${secret}`).digest('base64url');

  /** Null: it is not ours. */
  function secretOf(cookie: string | undefined): string | null {
    const [, secret, signature] = COOKIE.exec(cookie ?? '') ?? [];
    return secret && signature && isSame(signature, sign(secret)) ? secret : null;
  }

  return {
    prepare(now) {
      const secret = randomBytes(32).toString('base64url');
      return {
        cookie: `${secret}.${sign(secret)}`,
        session: { secret, expiresAt: new Date(now.getTime() + LASTS_MS) },
      };
    },
    isSigned: (cookie) => secretOf(cookie) !== null,
    async read(cookie, now) {
      const secret = secretOf(cookie);
      const found = secret && (await store.sessionOf(secret, now));
      return found ? { name: found.user, role: found.role } : null;
    },
    async end(cookie) {
      const secret = secretOf(cookie);
      if (secret) await store.endSession(secret);
    },
  };
}

/** Two times 256 bits. */
const COOKIE = /^([\w-]{43})\.([\w-]{43})$/;

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
