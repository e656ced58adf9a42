/** How the Open Platform signs a request, written from its documentation and from nothing of ours. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Upper-case hex of HMAC-SHA256 over the path and every name and value but `sign`, in ordinal order of the names. */
export function signatureOf(path: string, parameters: Readonly<Record<string, string>>, secret: string): string {
  const names = Object.keys(parameters)
    .filter((name) => name !== 'sign')
    .sort((a, b) => (a < b ? -1 : 1));
  const text = path + names.map((name) => name + parameters[name]).join('');
  return createHmac('sha256', secret).update(text, 'utf8').digest('hex').toUpperCase();
}

export function isSignedBy(path: string, parameters: Readonly<Record<string, string>>, secret: string): boolean {
  const right = Buffer.from(signatureOf(path, parameters, secret));
  const given = Buffer.from(parameters.sign ?? '');
  return given.length === right.length && timingSafeEqual(given, right);
}
