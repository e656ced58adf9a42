/** What a person does at Lazada, past the APIs: the control API's events. */
import type { z } from 'zod';
import type { Item, Order } from '../world/model.ts';
import { change, pack, repack, unpack } from '../world/orders.ts';
import { move } from '../world/state-machine.ts';
import type { World } from '../world/world.ts';
import type { EventBody } from './schemas.ts';

type Event = z.output<typeof EventBody>;

/** @throws Error where nothing of the order can take the event */
export function applyEvent(world: World, order: Order, event: Event): void {
  const items = itemsMeant(order, event);
  switch (event.event) {
    case 'askCancel':
    case 'endAskCancel':
      for (const item of items) item.isCancelPending = event.event === 'askCancel';
      return;
    case 'repackElsewhere':
      for (const parcel of parcelsOf(order, items)) repack(world, order, parcel, BY_HAND);
      return;
    case 'repack':
      for (const parcel of parcelsOf(order, items)) unpack(world, order, parcel, BY_HAND);
      return;
    case 'pack':
      pack(world, order, itemsThatCan(order, items, 'pack'), BY_HAND);
      return;
    default:
      for (const item of itemsThatCan(order, items, event.event))
        change(world, order, item, event.event, { by: BY_HAND });
  }
}

const BY_HAND = 'by hand';

function itemsMeant(order: Order, event: Event): Item[] {
  return order.items.filter(
    ({ orderItemId, packageId }) =>
      (!event.items || event.items.includes(orderItemId)) && (!event.package || event.package === packageId),
  );
}

function itemsThatCan(
  order: Order,
  items: readonly Item[],
  event: Exclude<Event['event'], 'repackElsewhere' | 'askCancel' | 'endAskCancel'>,
): Item[] {
  const able = items.filter(({ status }) => move(status, event));
  if (able.length > 0) return able;
  const states = items.map(({ orderItemId, status }) => `${orderItemId} is ${status}`).join(', ');
  throw new Error(`order ${order.orderNumber}: ${event} is not possible (${states || 'no such item'})`);
}

function parcelsOf(order: Order, items: readonly Item[]) {
  const meant = new Set(items.map(({ packageId }) => packageId));
  const parcels = order.packages.filter(({ packageId, replaced }) => !replaced && meant.has(packageId));
  if (parcels.length === 0) throw new Error(`order ${order.orderNumber}: it has no such package`);
  return parcels;
}
