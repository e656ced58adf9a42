import { type HostOrderAnswer, type HostRefused, viewOrder } from '@lazada-sof/db';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noAccount } from '../no-such.ts';
import { invalid, notFound, Problem, tryAgain } from '../problem.ts';
import { accountName, orderNumber } from '../shapes/common.ts';
import { orderShape } from '../shapes/order.ts';
import { toldOrder } from '../shapes/told-order.ts';

/** For those without a host system: what the body names is written into the host's tables, and nothing else is touched. */
export const putOrder = endpoint({
  summary: 'Create or complete an order',
  params: z.strictObject({ account: accountName, orderNumber }),
  body: toldOrder,
  answers: {
    200: orderShape.describe('It was there, and has now what the body names.'),
    201: orderShape.describe('It was made.'),
  },
  refusals: {
    404: 'There is no such account.',
    409: 'A table of the host does not take such an order: a column or rule of its own.',
    422: 'Fields are wrong; each is named.',
    503: 'Somebody else is writing the order. Nothing has changed: repeat it.',
  },
  async handle({ params: { account, orderNumber: number }, body, asker }, { db }) {
    const put = await db.hostOrders.complete({ account, orderNumber: number }, body, asker?.name);
    const status = statusOf(put, account, number);
    const shown = await viewOrder(db, account, number);
    if (!shown) throw notFound(`Order ${number} of account ${account} was written, and somebody has deleted it since.`);
    return answer(status, shown);
  },
});

/** @throws Problem that says why not */
function statusOf(put: HostOrderAnswer, account: string, number: string): 200 | 201 {
  switch (put.is) {
    case 'created':
      return 201;
    case 'completed':
      return 200;
    case 'no-account':
      throw noAccount(account);
    case 'busy':
      throw tryAgain(`Order ${number} of account ${account} is being written by somebody else: send this again.`);
    case 'refused':
      throw refused(put.refusal);
  }
}

/** What the caller may tell of a column of the host's. */
const FIELDS: Readonly<Record<string, string>> = {
  order_number: 'orderNumber',
  tool_status: 'toolStatus',
  update_shipping: 'updateShipping',
  sku: 'items',
};

function refused({ column, isValue, message }: HostRefused): Problem {
  const field = FIELDS[column ?? ''];
  if (isValue) return invalid({ field: field ?? 'body', detail: message });
  if (field === undefined) return new Problem(409, message);
  return invalid({ field, detail: `the host's column ${column} may not be empty; write it` });
}
