/** Changes of an order whose rows somebody else may hold for a moment, or for long. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Changed, Decide, Orders } from '@lazada-sof/orders';

/** The row is gone, deleted by the host. */
export class OrderGone extends Error {}
/** Somebody holds the order's rows for longer than a hand should wait. */
export class OrderBusy extends Error {}

/** Whoever holds an order's rows mostly has them for milliseconds. */
const LOOKS_MS = [50, 100, 200];

/** @throws OrderGone, OrderBusy */
export async function changeWhenFree(
  orders: Pick<Orders, 'change'>,
  orderId: string,
  decide: Decide,
): Promise<Changed> {
  for (const pauseMs of [...LOOKS_MS, null]) {
    const changed = await orders.change(orderId, decide);
    if (changed === 'gone') throw new OrderGone();
    if (changed !== 'busy') return changed;
    if (pauseMs !== null) await sleep(pauseMs);
  }
  throw new OrderBusy(`order ${orderId} is being written by somebody else`);
}
