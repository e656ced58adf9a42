/** What the scheduler itself tells of an account once a day, in the log: it calls nobody outside. */
import type { AccountStore } from '@lazada-sof/db';
import { consentAgain, endsSoon } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import type { Notices } from './daily.ts';

export type NoticeTools = {
  readonly accounts: Pick<AccountStore, 'tokenTimes'>;
  readonly log: Pick<Logger, 'warn'>;
};

export const openNotices = ({ accounts, log }: NoticeTools): Notices => ({
  index_check: async () => undefined,
  async token_warning({ accountId, name }) {
    const times = await accounts.tokenTimes(accountId);
    const end = times && endsSoon(times, times.now);
    if (!end) return;
    const words = `the tokens of an account ${end.at > times.now ? 'end within a week' : 'have ended'}`;
    log.warn(words, { account: name, which: end.token, endsAt: end.at.toISOString(), fix: consentAgain(name) });
  },
});
