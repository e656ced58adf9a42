import { INVOICE_STATUSES, STEP_NAMES } from '@lazada-sof/orders';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { accountName, pageOf } from '../shapes/common.ts';
import { ORDER_STATUSES, orderRow, SHOWN_HOLDS, shownLine } from '../shapes/order.ts';

const LIMIT = 'write a whole number from 1 to 200';
const query = z.strictObject({
  account: accountName.optional(),
  status: z.enum(ORDER_STATUSES).optional(),
  hold: z.enum(SHOWN_HOLDS).optional(),
  blocked: z.enum(STEP_NAMES).optional(),
  invoiceStatus: z.enum(INVOICE_STATUSES).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, 'send nextCursor of the page before, as it came')
    .optional(),
  limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(200, LIMIT).default(50),
});

/** Newest first. A page costs the same wherever in the list it is. */
export const listOrders = endpoint({
  summary: 'List orders',
  query,
  answers: { 200: pageOf(orderRow) },
  async handle({ query: filter }, { db }) {
    const { items, nextCursor } = await db.orders.list(filter);
    return answer(200, { items: items.map(shownLine), nextCursor });
  },
});
