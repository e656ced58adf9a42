import { expect, test } from '@jest/globals';
import type { TokenTimes } from '@lazada-sof/orders';
import { anAccount } from '@lazada-sof/orders/fixture';
import { recordedLog } from '@lazada-sof/testkit';
import { openNotices } from './notices.ts';

/** There is nothing to tell. */
const NOTHING = { accounts: { tokenTimes: async () => null }, indexFiles: { missing: async () => null } };

test.each([
  ['one that is there says nothing', null, []],
  [
    'one that is missing is told once, with what went wrong and the way out',
    { code: 'no_target', error: 'INVOICE_TARGET_URL is not set: the index of 2026-03-14 waits' },
    [
      expect.objectContaining({
        level: 'warn',
        account: 'demo-sg',
        day: '2026-03-14',
        code: 'no_target',
        error: 'INVOICE_TARGET_URL is not set: the index of 2026-03-14 waits',
        wayOut: 'sof index re-upload demo-sg 2026-03-14',
      }),
    ],
  ],
])("yesterday's index at 06:00: %s", async (_, missing, told) => {
  const { log, lines } = recordedLog();
  const notices = openNotices({ ...NOTHING, log, indexFiles: { missing: async () => missing } });
  const account = anAccount();
  await notices.index_check(account, { accountId: account.accountId, job: 'index_check', day: '2026-03-14' });
  expect(lines).toEqual(told);
});

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
        wayOut: 'let the seller give consent again: sof account authorize shop',
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
  const notices = openNotices({ ...NOTHING, accounts: { tokenTimes }, log });
  await notices.token_warning(anAccount({ accountId: '7', name: 'shop' }), KEY);
  expect(lines).toMatchObject(told);
});
