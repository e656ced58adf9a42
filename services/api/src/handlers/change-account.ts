import { AccountRefused, accountPatch } from '@lazada-sof/db';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noAccount } from '../no-such.ts';
import { invalid } from '../problem.ts';
import { accountShape, shownAccount } from '../shapes/account.ts';
import { accountName } from '../shapes/common.ts';

/** Fields that are left out stay as they are; null empties one. A new credential un-parks the account and is tried. */
export const changeAccount = endpoint({
  summary: 'Change an account',
  params: z.strictObject({ name: accountName }),
  body: accountPatch,
  answers: { 200: accountShape },
  async handle({ params: { name }, body }, { db }) {
    const changed = await db.accounts.update(name, body).catch((error: unknown) => {
      throw error instanceof AccountRefused ? invalid({ field: error.field, detail: error.message }) : error;
    });
    if (!changed) throw noAccount(name);
    return answer(200, shownAccount(changed));
  },
});
