/** Getting an order's items ready to ship: what is still to do, and what each answer changes. */

import { fold } from '../model/change.ts';
import type { Failure } from '../model/failure.ts';
import type { Change, Item, Order, OrderEvent } from '../model/order.ts';
import { newPackage, updatePackage } from '../model/packages.ts';
import type { ElementResult, PackedItem } from '../model/ports.ts';
import { advance, isBeforePacked, isPackableStatus, isPacked, isReady, isShippable, reaches } from '../model/status.ts';
import { dropRow, findRow } from '../model/step-rows.ts';
import { failStep } from './step-failure.ts';

export type ShippingWork = {
  /** Ids of items that have no package yet. */
  readonly toPack: readonly string[];
  /** Lazada's ids of packages that are packed and not ready to ship. */
  readonly toSetReady: readonly string[];
  /** Items that Lazada moves by itself, or that may not be moved yet. */
  readonly waiting: readonly string[];
};

/** What is left to be done, without the elements that Lazada refused for good (with `force` also these). */
export function shippingWork(order: Order, { force = false } = {}): ShippingWork {
  const left = (order.items ?? []).filter((item) => isShippable(item) && !isReady(item));
  const tried = left.filter((item) => force || !isRefused(order, item));
  const packable = tried.filter(isPackable);
  const packed = tried.filter((item) => isPacked(item) && item.packageId !== null);
  const rest = tried.filter((item) => !packable.includes(item) && !packed.includes(item));
  return {
    toPack: packable.map((item) => item.orderItemId),
    toSetReady: [...new Set(packed.flatMap((item) => item.packageId ?? []))],
    waiting: rest.map((item) => item.orderItemId),
  };
}

/** What a read shows as before packed although we saw it in a package is most likely a read that lags. */
const isPackable = (item: Item) => isPackableStatus(item) && !(item.packageId && isBeforePacked(item));

const isRefused = (order: Order, item: Item) => {
  const parcel = order.packages.find((one) => one.packageId === item.packageId);
  const refs = [item.orderItemId, ...(parcel?.id ? [parcel.id] : [])];
  return refs.some((ref) => findRow(order, { step: 'ready_to_ship', ref })?.blocked);
};

/** What Pack answered, item by item: packages appear, refused items block their own step. */
export function recordPacked(order: Order, results: ReadonlyMap<string, ElementResult<PackedItem>>, now: Date): Change {
  return fold(order, [...results], (current, [orderItemId, result]) =>
    result.ok ? addPacked(current, result.value, now) : refuse(current, orderItemId, result.failure, now),
  );
}

const refuse = (order: Order, ref: string, failure: Failure, now: Date): Change =>
  failure.kind === 'rejected'
    ? failStep(order, { step: 'ready_to_ship', ref }, failure, { kind: 'block' }, now)
    : { order, events: [] };

function addPacked(order: Order, packed: PackedItem, now: Date): Change {
  const { orderItemId, packageId, trackingNumber, shipmentProvider } = packed;
  const items = (order.items ?? []).map((item) =>
    item.orderItemId === orderItemId ? { ...item, status: 'packed', packageId } : item,
  );
  const known = order.packages.find((parcel) => parcel.packageId === packageId);
  const packages = known
    ? order.packages.map((parcel) =>
        parcel === known
          ? {
              ...parcel,
              state: advance(parcel.state, 'packed'),
              trackingNumber: parcel.trackingNumber ?? trackingNumber,
            }
          : parcel,
      )
    : [...order.packages, newPackage({ packageId, state: 'packed', trackingNumber, shipmentProvider })];
  const fresh = trackingNumber && !known?.trackingNumber;
  // Older reads that come back later know nothing of this.
  const done = dropRow({ ...order, items, packages, itemsReadAt: now }, { step: 'ready_to_ship', ref: orderItemId });
  const events: OrderEvent[] = fresh ? [{ kind: 'tracking_known', packageId, data: { trackingNumber } }] : [];
  return { order: done, events, itemTracking: trackingNumber ? [{ orderItemId, trackingNumber }] : [] };
}

/** Lazada took the package as ready to ship at `now`. */
export function recordReady(order: Order, packageId: string, now: Date): Change {
  const items = (order.items ?? []).map((item) =>
    item.packageId === packageId && isPacked(item) ? { ...item, status: 'ready_to_ship' } : item,
  );
  const parcel = order.packages.find((one) => one.packageId === packageId);
  if (!parcel) return { order: { ...order, items }, events: [] };
  const state = reaches(parcel.state, 'ready_to_ship') ? parcel.state : 'ready_to_ship';
  const ready = updatePackage({ ...order, items, itemsReadAt: now }, packageId, {
    state,
    readyToShipAt: parcel.readyToShipAt ?? now,
  });
  return {
    order: endIfAllReady(dropRow(ready, { step: 'ready_to_ship', ref: parcel.id })),
    events: [{ kind: 'ready_to_ship', packageId }],
  };
}

/** A ready-to-ship call refused for good blocks its own package; the others go on. */
export function refusePackage(order: Order, packageId: string, failure: Failure, now: Date): Change {
  const parcel = order.packages.find((one) => one.packageId === packageId);
  return parcel ? refuse(order, parcel.id, failure, now) : { order, events: [] };
}

/** The step went as far as it can; elements that were refused keep their own rows. */
export const shippingDone = (order: Order): Change | null => {
  const done = dropRow(order, { step: 'ready_to_ship', ref: '' });
  return done.steps.length === order.steps.length ? null : { order: done, events: [] };
};

function endIfAllReady(order: Order): Order {
  const shippable = (order.items ?? []).filter(isShippable);
  const done = order.updateShipping && shippable.length > 0 && shippable.every(isReady);
  return done ? { ...order, updateShipping: false } : order;
}
