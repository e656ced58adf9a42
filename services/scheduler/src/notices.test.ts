import { expect, test } from '@jest/globals';
import { anAccount } from '@lazada-sof/orders/fixture';
import { recordedLog } from '@lazada-sof/testkit';
import { openNotices } from './notices.ts';

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
  const notices = openNotices({ log, indexFiles: { missing: async () => missing } });
  const account = anAccount();
  await notices.index_check(account, { accountId: account.accountId, job: 'index_check', day: '2026-03-14' });
  expect(lines).toEqual(told);
});
