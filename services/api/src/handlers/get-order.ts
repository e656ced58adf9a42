import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noOrder } from '../no-such.ts';
import { accountName, orderNumber } from '../shapes/common.ts';
import { orderShape, shownOrder } from '../shapes/order.ts';

/** Everything about one order, with why something was not sent and what to do. */
export const getOrder = endpoint({
  summary: 'Show an order',
  params: z.strictObject({ account: accountName, orderNumber }),
  answers: { 200: orderShape },
  async handle({ params: { account, orderNumber } }, { db }) {
    const orderId = await db.orders.find(account, orderNumber);
    const loaded = orderId && (await db.orders.load(orderId));
    if (!loaded) throw noOrder(account, orderNumber);
    const [timeline, bytes] = await Promise.all([db.events.ofOrder(orderId), db.documents.sizes(orderId)]);
    return answer(200, shownOrder({ ...loaded, timeline, bytes }));
  },
});
