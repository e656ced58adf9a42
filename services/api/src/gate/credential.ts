/** What a request brings to be let in with, as far as it tells without asking the database. */
import type { FastifyRequest } from 'fastify';
import { SESSION_COOKIE, type Sessions } from '../session.ts';

export type Credential = { readonly kind: 'key' | 'session'; readonly value: string };

/** As they are made: 256 random bits. */
const KEY = /^sof_[\w-]{43}$/;

/** Null: nothing, or what can be no key or session of ours. A key that comes along is meant, and the cookie beside it not. */
export function credentialOf(
  { headers, cookies }: Pick<FastifyRequest, 'headers' | 'cookies'>,
  sessions: Pick<Sessions, 'isSigned'>,
): Credential | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const [, value = ''] = /^Bearer +(\S{1,200})$/i.exec(authorization) ?? [];
    return KEY.test(value) ? { kind: 'key', value } : null;
  }
  const value = cookies[SESSION_COOKIE];
  return value !== undefined && sessions.isSigned(value) ? { kind: 'session', value } : null;
}
