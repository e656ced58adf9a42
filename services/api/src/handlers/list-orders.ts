import { CursorRefused } from '@lazada-sof/db';
import { INVOICE_STATUSES, STEP_NAMES } from '@lazada-sof/orders';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { invalid } from '../problem.ts';
import { accountName, pageOf } from '../shapes/common.ts';
import { ORDER_STATUSES, orderRow, SHOWN_HOLDS, shownLine } from '../shapes/order.ts';

const LIMIT = 'write a whole number from 1 to 200';
const query = z.strictObject({
  account: accountName.optional(),
  status: z.enum(ORDER_STATUSES).optional(),
  hold: z.enum(SHOWN_HOLDS).optional(),
  blocked: z.enum(STEP_NAMES).optional(),
  invoiceStatus: z.enum(INVOICE_STATUSES).optional(),
  late: z.enum(['true', 'false'], 'write true or false').optional().describe('true: those whose shipBy has passed.'),
  cursor: z
    .string()
    .regex(/^(\d{1,13}-)?\d{1,18}$/, 'send nextCursor of the page before, as it came')
    .optional(),
  limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(200, LIMIT).default(50),
});

/** Newest first; of late ones first what is late longest. A page costs the same wherever in the list it is. */
export const listOrders = endpoint({
  summary: 'List orders',
  query,
  answers: { 200: pageOf(orderRow) },
  async handle({ query: { late, ...filter } }, { db }) {
    const { items, nextCursor } = await db.orders.list({ ...filter, late: late === 'true' }).catch((error: unknown) => {
      if (!(error instanceof CursorRefused)) throw error;
      throw invalid({ field: 'cursor', value: filter.cursor, detail: error.message });
    });
    return answer(200, { items: items.map(shownLine), nextCursor });
  },
});
