import { expect, test } from '@jest/globals';
import type { TokenTimes } from '@lazada-sof/orders';
import { anAccount } from '@lazada-sof/orders/fixture';
import { recordedLog } from '@lazada-sof/testkit';
import { openNotices } from './notices.ts';

const NOW = new Date('2026-03-01T01:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const KEY = { accountId: '7', job: 'token_warning', day: '2026-03-01' } as const;
const ends = (access: number, refresh: number): TokenTimes => ({
  hasRefreshToken: true,
  accessTokenExpiresAt: inDays(access),
  refreshTokenExpiresAt: inDays(refresh),
});

test.each<[says: string, times: TokenTimes | null, told: object[]]>([
  ['nothing is told while they last', ends(20, 90), []],
  [
    'a refresh token that ends within a week is told, with the way out',
    ends(20, 6),
    [
      {
        message: 'the tokens of an account end within a week',
        account: 'shop',
        which: 'refresh token',
        endsAt: inDays(6).toISOString(),
        fix: 'let the seller give consent again: sof account authorize shop',
      },
    ],
  ],
  [
    'an access token that cannot be renewed too',
    { ...ends(3, 90), hasRefreshToken: false },
    [expect.objectContaining({ which: 'access token', endsAt: inDays(3).toISOString() })],
  ],
  [
    'and that they have ended',
    ends(-2, -1),
    [expect.objectContaining({ message: 'the tokens of an account have ended' })],
  ],
  ['of an account that is gone meanwhile there is nothing to tell', null, []],
])('tokens: %s', async (_, times, told) => {
  const { log, lines } = recordedLog();
  const tokenTimes = async () => times && { ...times, now: NOW };
  const notices = openNotices({ accounts: { tokenTimes }, log });
  await notices.token_warning(anAccount({ accountId: '7', name: 'shop' }), KEY);
  expect(lines).toMatchObject(told);
});
