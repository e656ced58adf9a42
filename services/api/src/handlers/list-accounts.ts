import { answer, endpoint } from '../endpoint.ts';
import { accountShape, shownAccount } from '../shapes/account.ts';
import { pageOf } from '../shapes/common.ts';

/** All of them on one page: an installation has tens, not thousands. */
export const listAccounts = endpoint({
  summary: 'List accounts',
  answers: { 200: pageOf(accountShape) },
  async handle(_input, { db }) {
    return answer(200, { items: (await db.accounts.list()).map(shownAccount), nextCursor: null });
  },
});
