import { expect, test } from '@jest/globals';
import type { AccountToCheck } from '@lazada-sof/db';
import { askedLately } from './accounts.ts';

const MINUTE = 60_000;
const shop: AccountToCheck = { accountId: '7', version: '100', canWait: false };
const patient: AccountToCheck = { ...shop, canWait: true };

test.each<{ says: string; before: AccountToCheck; now: AccountToCheck; afterMs: number; asked: boolean }>([
  { says: 'asked for once', before: shop, now: shop, afterMs: 0, asked: false },
  { says: 'and not again at each notification', before: shop, now: shop, afterMs: MINUTE / 2, asked: false },
  { says: 'asked for again in a minute', before: shop, now: shop, afterMs: MINUTE, asked: true },
  {
    says: 'asked for at once when its row was written: its password may be a new one',
    before: shop,
    now: { ...shop, version: '101' },
    afterMs: 1,
    asked: true,
  },
  {
    says: 'not asked for each minute while its token is good: a refused refresh token stays refused',
    before: patient,
    now: patient,
    afterMs: 30 * MINUTE,
    asked: false,
  },
  { says: 'asked for again after an hour', before: patient, now: patient, afterMs: 60 * MINUTE, asked: true },
  { says: 'asked for as soon as that token has ended', before: patient, now: shop, afterMs: MINUTE, asked: true },
  { says: 'not hindered by another one', before: shop, now: { ...shop, accountId: '8' }, afterMs: 1, asked: true },
])('an account that wants a check is $says', ({ before, now, afterMs, asked }) => {
  const lately = askedLately();
  lately.remember([before], 0);
  expect(lately.leftOut([now], afterMs)).toEqual(asked ? [now] : []);
});

test('an account whose check could not be asked for is asked for again at once', () => {
  const lately = askedLately();
  expect(lately.leftOut([shop], 0)).toEqual([shop]);
  expect(lately.leftOut([shop], 1)).toEqual([shop]);
});
