import type { JobReply } from '@lazada-sof/queue';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noAccount } from '../no-such.ts';
import { accountName } from '../shapes/common.ts';
import { check } from '../shapes/order.ts';

/** The status worker signs in; this only asks for it and waits: 15 s in all, with some air for the way. */
const WAITS_MS = 14_000;

const result = z.object({ ok: z.boolean(), checks: z.array(check) });

export const testAccount = endpoint({
  summary: "Try an account's credentials",
  params: z.strictObject({ name: accountName }),
  answers: {
    200: result,
    202: z.object({ detail: z.string() }).describe('The check goes on; the account shows what came of it.'),
  },
  async handle({ params: { name } }, { db, addAndWait }) {
    const account = await db.accounts.find(name);
    if (!account) throw noAccount(name);
    const reply = await addAndWait({ name: 'check-account', data: { v: 1, accountId: account.accountId } }, WAITS_MS);
    if (reply.outcome === 'pending') {
      return answer(202, { detail: `The check of ${name} is not over: see GET /v1/accounts/${name}, or ask again.` });
    }
    return answer(200, resultOf(reply));
  },
});

function resultOf(reply: Exclude<JobReply, { outcome: 'pending' }>): z.output<typeof result> {
  const parsed = reply.outcome === 'answered' ? result.safeParse(reply.answer) : undefined;
  if (parsed?.success) return parsed.data;
  // It failed for good, or the account was gone when its turn came.
  const detail = reply.outcome === 'failed' ? reply.reason : 'the check ended without a result';
  return {
    ok: false,
    checks: [{ check: 'check_account', ok: false, detail, fix: 'look at the job in /queues, try again' }],
  };
}
