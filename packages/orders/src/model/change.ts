/** Changes, one after the other. */
import type { Change, Order, OrderEvent } from './order.ts';

/** The order as it is now, with nothing to tell. */
export const quiet = (order: Order): Change => ({ order, events: [] });

/** Applies one change per element, each to the order that the one before left; their events stand in a row. */
export function fold<T>(order: Order, list: readonly T[], step: (order: Order, element: T) => Change): Change {
  const events: OrderEvent[] = [];
  const itemTracking: NonNullable<Change['itemTracking']>[number][] = [];
  let current = order;
  for (const element of list) {
    const change = step(current, element);
    current = change.order;
    events.push(...change.events);
    itemTracking.push(...(change.itemTracking ?? []));
  }
  return { order: current, events, ...(itemTracking.length > 0 ? { itemTracking } : {}) };
}
