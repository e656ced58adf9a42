import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '../model/schedules.ts';
import { endsSoon, tokenEnd } from './token-end.ts';

const NOW = new Date('2026-03-01T01:00:00Z');
const inMs = (ms: number | null) => (ms === null ? null : new Date(NOW.getTime() + ms));

test.each<
  [says: string, has: boolean, access: number | null, refresh: number | null, ends: object | null, soon: boolean]
>([
  [
    'both last: the refresh token ends first for good',
    true,
    30 * DAY,
    180 * DAY,
    { token: 'refresh token', at: inMs(180 * DAY), isRenewed: false },
    false,
  ],
  [
    'the refresh token ends within a week',
    true,
    20 * DAY,
    6 * DAY,
    { token: 'refresh token', at: inMs(6 * DAY) },
    true,
  ],
  ['in a week, to the moment: not yet', true, 20 * DAY, 7 * DAY, { token: 'refresh token' }, false],
  [
    'the access token is renewed before it ends',
    true,
    3 * DAY,
    null,
    { token: 'access token', isRenewed: true },
    false,
  ],
  ['it should have been renewed by now', true, 20 * HOUR, 90 * DAY, { token: 'access token', isRenewed: false }, true],
  ['without a refresh token the access token is the last', false, 6 * DAY, null, { token: 'access token' }, true],
  ['and lasts a while', false, 20 * DAY, null, { token: 'access token', isRenewed: false }, false],
  [
    'the refresh token has ended: what is left is the access token',
    true,
    5 * DAY,
    -HOUR,
    { token: 'access token' },
    true,
  ],
  ['all is over', true, -DAY, -HOUR, { token: 'access token', at: inMs(-DAY) }, true],
  ['nobody told an end', true, null, null, null, false],
  ['nobody told the end of the only token', false, null, null, null, false],
])('%s', (_, hasRefreshToken, access, refresh, ends, soon) => {
  const times = {
    hasRefreshToken,
    accessTokenExpiresAt: inMs(access),
    refreshTokenExpiresAt: inMs(refresh),
  };
  const end = tokenEnd(times, NOW);
  if (ends === null) expect(end).toBeNull();
  else expect(end).toMatchObject(ends);
  expect(endsSoon(times, NOW)).toEqual(soon ? end : null);
});
