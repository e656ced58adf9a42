/** What the scheduler itself tells of an account once a day, in the log: it calls nobody outside. */
import type { IndexFiles } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';
import type { Notices } from './daily.ts';

export type NoticeTools = {
  readonly log: Pick<Logger, 'warn'>;
  readonly indexFiles: Pick<IndexFiles, 'missing'>;
};

export const openNotices = ({ log, indexFiles }: NoticeTools): Notices => ({
  async index_check(account, { day }) {
    const missing = await indexFiles.missing(account, day);
    if (!missing) return;
    const wayOut = `sof index re-upload ${account.name} ${day}`;
    log.warn("a day's index is not on the target", { account: account.name, day, ...missing, wayOut });
  },
  token_warning: async () => undefined,
});
