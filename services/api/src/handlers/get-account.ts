import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noAccount } from '../no-such.ts';
import { accountShape, shownAccount } from '../shapes/account.ts';
import { accountName } from '../shapes/common.ts';

export const getAccount = endpoint({
  summary: 'Show an account',
  params: z.strictObject({ name: accountName }),
  answers: { 200: accountShape },
  async handle({ params: { name } }, { db }) {
    const account = await db.accounts.find(name);
    if (!account) throw noAccount(name);
    return answer(200, shownAccount(account));
  },
});
