/** What the scheduler itself tells of an account once a day, in the log: it calls nobody outside. */
import type { AccountStore, IndexFiles } from '@lazada-sof/db';
import { consentAgain, endsSoon } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import type { Notices } from './daily.ts';

export type NoticeTools = {
  readonly accounts: Pick<AccountStore, 'tokenTimes'>;
  readonly indexFiles: Pick<IndexFiles, 'missing'>;
  readonly log: Pick<Logger, 'warn'>;
};

export const openNotices = ({ accounts, indexFiles, log }: NoticeTools): Notices => ({
  async index_check(account, { day }) {
    const missing = await indexFiles.missing(account, day);
    if (!missing) return;
    const wayOut = `sof index re-upload ${account.name} ${day}`;
    log.warn("a day's index is not on the target", { account: account.name, day, ...missing, wayOut });
  },
  async token_warning({ accountId, name }) {
    const times = await accounts.tokenTimes(accountId);
    const end = times && endsSoon(times, times.now);
    if (!end) return;
    const words = `the tokens of an account ${end.at > times.now ? 'end within a week' : 'have ended'}`;
    const wayOut = consentAgain(name);
    log.warn(words, { account: name, which: end.token, endsAt: end.at.toISOString(), wayOut });
  },
});
