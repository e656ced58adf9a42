/** An order's packages, found and replaced. */
import type { EndStatus, Order, Package } from './order.ts';
import { isEnd, isShippable, reaches } from './status.ts';

export const findPackage = (order: Order, rowId: string): Package | undefined =>
  order.packages.find((parcel) => parcel.id === rowId);

export const updatePackage = (order: Order, packageId: string, fields: Partial<Package>): Order => ({
  ...order,
  packages: order.packages.map((parcel) => (parcel.packageId === packageId ? { ...parcel, ...fields } : parcel)),
});

/** A package as it is first seen. */
export const newPackage = (fields: Pick<Package, 'packageId' | 'state'> & Partial<Package>): Package => ({
  id: '',
  trackingNumber: null,
  shipmentProvider: null,
  carrier: null,
  carrierTrackingNumber: null,
  readyToShipAt: null,
  shippedAt: null,
  shippedSentAt: null,
  deliveredAt: null,
  deliveredSentAt: null,
  notDeliveredAt: null,
  notDeliveredSentAt: null,
  confirmedAt: null,
  ...fields,
});

/** The time of an end that was told for this package alone, not yet accepted. */
export function ownInstruction(parcel: Package, end: EndStatus): Date | null {
  if (end === 'delivered') return parcel.deliveredSentAt ? null : parcel.deliveredAt;
  return parcel.notDeliveredSentAt ? null : parcel.notDeliveredAt;
}

/** Something of the order is ready to ship or further: its invoice exists. */
export const isPastReadyToShip = (order: Order): boolean =>
  order.packages.some((parcel) => parcel.state !== 'cancelled' && reaches(parcel.state, 'ready_to_ship'));

/** The latest confirmation, once every package that is not cancelled has ended and is confirmed. */
export function lastConfirmation(order: Order): Date | null {
  const packages = order.packages.filter((parcel) => parcel.state !== 'cancelled');
  if (!packages.every((parcel) => isEnd(parcel.state) && parcel.confirmedAt)) return null;
  return packages.reduce<Date | null>(
    (last, { confirmedAt }) => (last && confirmedAt && last > confirmedAt ? last : confirmedAt),
    null,
  );
}

/** Something that the fleet carries is in no ended package: the order is not over. */
export const isUnderWay = ({ items, packages }: Order): boolean => {
  const ended = new Set(packages.filter(({ state }) => isEnd(state)).map(({ packageId }) => packageId));
  return (items ?? []).some((item) => isShippable(item) && !(item.packageId && ended.has(item.packageId)));
};
