/** What the scheduler itself tells of an account once a day, in the log: it calls nobody outside. */
import type { Logger } from '@lazada-sof/runtime';
import type { Notices } from './daily.ts';

export type NoticeTools = { readonly log: Pick<Logger, 'warn'> };

export const openNotices = (_tools: NoticeTools): Notices => ({
  index_check: async () => undefined,
  token_warning: async () => undefined,
});
