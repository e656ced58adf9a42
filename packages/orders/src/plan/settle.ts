/**
 * What follows from an order's rows alone, without asking anybody: accepted attempts are taken over, done flags go back, and
 * rows of finished steps go away.
 */
import type { Change, Order } from '../model/order.ts';
import { adoptAccepted } from '../records/adopt-accepted.ts';
import { normalize } from './normalize.ts';

/** The same object where nothing follows. */
export function settleRows(order: Order, now: Date): Change {
  const { order: adopted, events } = adoptAccepted(order);
  return { order: normalize(adopted, now), events };
}
