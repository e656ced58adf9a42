import { viewOrder } from '@lazada-sof/db';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noOrder } from '../no-such.ts';
import { accountName, orderNumber } from '../shapes/common.ts';
import { orderShape } from '../shapes/order.ts';

/** Everything about one order, with why something was not sent and what to do. */
export const getOrder = endpoint({
  summary: 'Show an order',
  params: z.strictObject({ account: accountName, orderNumber }),
  answers: { 200: orderShape },
  async handle({ params: { account, orderNumber } }, { db }) {
    const shown = await viewOrder(db, account, orderNumber);
    if (!shown) throw noOrder(account, orderNumber);
    return answer(200, shown);
  },
});
