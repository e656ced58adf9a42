/**
 * Lazada's own deadline of an order: the earliest of its items that are still to be set ready to ship. Items tell it each
 * for itself, and only in a read; the order keeps one time, and none once nothing is left to be set ready.
 */
import type { Item, Order } from '../model/order.ts';
import type { MarketplaceItem } from '../model/ports.ts';
import { isReady, isShippable, reaches } from '../model/status.ts';

/** After a read. Where an item that is still to be set ready tells none, since the read left it out, what was known holds. */
export function shipByAfter(order: Order, items: readonly MarketplaceItem[]): Date | null {
  const left = items.filter((item) => isLeft(order, item));
  const told = left.flatMap(({ shipBy }) => shipBy ?? []);
  const known = told.length < left.length && order.shipBy ? [order.shipBy] : [];
  return [...told, ...known].reduce<Date | null>((first, at) => (first && first <= at ? first : at), null);
}

/** No deadline of an order in which nothing is left to be set ready; else the same object. */
export const endDeadline = (order: Order): Order =>
  order.shipBy && !order.items?.some((item) => isLeft(order, item)) ? { ...order, shipBy: null } : order;

/** By its own status or its package's, which never goes back: an item may show a status that this version does not know. */
const isLeft = (order: Order, item: Item): boolean =>
  isShippable(item) &&
  !isReady(item) &&
  !order.packages.some(
    ({ packageId, state }) => packageId === item.packageId && state !== 'cancelled' && reaches(state, 'ready_to_ship'),
  );
