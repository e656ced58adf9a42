import { createHmac } from 'node:crypto';

/**
 * The `sign` of a request: HMAC-SHA256 over the path (without `/rest`) and every parameter's name and value as they are
 * before any encoding, sorted by name. No parameter may be empty; `sign` itself and files are not part of it.
 */
export function sign(path: string, params: Readonly<Record<string, string>>, appSecret: string): string {
  const signed = Object.keys(params)
    .sort(ordinal)
    .map((name) => `${name}${params[name]}`)
    .join('');
  return createHmac('sha256', appSecret).update(`${path}${signed}`, 'utf8').digest('hex').toUpperCase();
}

/** By code unit, never by the language of the machine. */
const ordinal = (a: string, b: string) => (a < b ? -1 : Number(a > b));
