import { quiet } from '../model/change.ts';
import type { Change, Order } from '../model/order.ts';
import { putRow } from '../model/step-rows.ts';

/** Its items are to be read again, as soon as its account's rate lets them. */
export const lookSoon = (order: Order, now: Date): Change =>
  quiet(putRow(order, { step: 'look', ref: '' }, now, { dueAt: now }));
