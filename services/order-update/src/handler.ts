/** What another system says of an order: the order is found by its name, the update taken, and the answer is the job's. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindOrder, OrderUpdates, UpdateAnswer } from '@lazada-sof/db';
import { Failure, orderPath, SECOND, type UpdateRefusal } from '@lazada-sof/orders';
import {
  type JobContext,
  type JobResult,
  orderNamedIn,
  type Payload,
  requestOfJob,
  toOrderUpdate,
} from '@lazada-sof/queue';
import { oneLine } from '@lazada-sof/redact';
import type { Outages } from './outages.ts';

export type UpdateTools = {
  readonly findOrder: FindOrder;
  readonly take: OrderUpdates['take'];
  readonly isPassing: (error: unknown) => boolean;
  readonly outages: Outages;
};

type Data = Payload<'update-order'>;

export function updateOrder({ findOrder, take, isPassing, outages }: UpdateTools) {
  return async (data: Data, { job, signal }: JobContext): Promise<JobResult> => {
    const { v: _, force: __, account, orderNumber, ...fields } = data;
    try {
      const found = await findOrder({ account, orderNumber });
      outages.end();
      if ('missing' in found) return unknown(data, found.missing);
      const update = { requestId: requestOfJob(job), ...toOrderUpdate(fields) };
      return resultOf(await take(found.orderId, update, { arrivedAt: job.addedAt, waits: false }), data);
    } catch (error) {
      if (!isPassing(error)) throw error;
      outages.begin(error);
      return away(data, error, signal);
    }
  };
}

function resultOf(answer: UpdateAnswer, data: Data): JobResult {
  switch (answer.is) {
    case 'taken':
      return {
        outcome: 'done',
        answer: { updateId: answer.updateId, order: orderPath(data.account, data.orderNumber), sent: answer.sent },
      };
    case 'refused':
      return failed(data, `refused_${answer.refusal.kind}`, inWords(answer.refusal));
    case 'busy':
      return snoozed(data, SECOND, 'somebody else holds its rows; looked at again');
    case 'gone':
      return unknown(data, 'order');
  }
}

const inWords = ({ field, value, reason }: UpdateRefusal): string =>
  `${field}${value === null ? '' : ` ${JSON.stringify(value)}`}: ${reason}`;

function unknown(data: Data, missing: 'account' | 'order'): JobResult {
  return missing === 'account'
    ? failed(data, 'unknown_account', 'there is no such account; see with sof account list how it is named')
    : failed(
        data,
        'unknown_order',
        'the account has no such order; retry from the dashboard once the host system has written the order',
      );
}

function failed(data: Data, code: string, words: string): JobResult {
  const reason = about(data, words);
  return { outcome: 'failed', reason, cause: new Failure('rejected', reason, { code }) };
}

const snoozed = (data: Data, delayMs: number, words: string, cause?: unknown): JobResult => ({
  outcome: 'snoozed',
  delayMs,
  reason: about(data, words),
  cause,
});

const about = (data: Data, words: string): string => oneLine(`${orderNamedIn(data)}: ${words}`);

/** A hand rests with it for a moment, so that an outage does not turn over all that waits in the queue. */
async function away(data: Data, error: unknown, signal: AbortSignal): Promise<JobResult> {
  await sleep(SECOND, undefined, { signal }).catch(() => undefined);
  const words = error instanceof Error ? error.message : String(error);
  const cause = new Failure('transient', words, { code: 'database_away', cause: error });
  return snoozed(data, 5 * SECOND, `the database cannot be used (${words}); looked at again`, cause);
}
