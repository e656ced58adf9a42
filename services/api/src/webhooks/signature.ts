import { createHmac, timingSafeEqual } from 'node:crypto';
import type { App } from '@lazada-sof/db';

/**
 * The apps whose secret signed these bytes: hex of HMAC-SHA256 over app key and raw body, in any case (Lazada Push Mechanism,
 * article 120168). Every secret is tried, so the time tells nothing.
 */
export function signersOf(apps: readonly App[], rawBody: Buffer, authorization: string | undefined): string[] {
  const given = /^[0-9a-f]{64}$/i.test(authorization ?? '') ? Buffer.from(authorization ?? '', 'hex') : null;
  if (!given) return [];
  const signed = apps.filter(({ appKey, signingKey }) => {
    const expected = createHmac('sha256', signingKey).update(appKey).update(rawBody).digest();
    return timingSafeEqual(expected, given);
  });
  return [...new Set(signed.map(({ appKey }) => appKey))];
}
