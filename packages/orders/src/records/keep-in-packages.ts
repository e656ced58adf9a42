/**
 * In which package an item is. Reads lag, and leave the package out when an item is repacked or handed over: an item stays
 * where it was last seen until it names another package, is cancelled, or has shown a state before packed for an hour.
 */
import type { Item } from '../model/order.ts';
import type { MarketplaceItem } from '../model/ports.ts';
import { HOUR } from '../model/schedules.ts';
import { isBeforePacked, isLive } from '../model/status.ts';

const LEFT_AFTER = HOUR;

/** The items of a read that began at `readAt`, each with the package that it is in, and the live ones that it left out. */
export function keepInPackages(
  stored: readonly Item[],
  read: readonly MarketplaceItem[],
  readAt: Date,
): readonly MarketplaceItem[] {
  const before = new Map(stored.map((item) => [item.orderItemId, item]));
  const shown = new Set(read.map(({ orderItemId }) => orderItemId));
  const leftOut = stored.filter((item) => isLive(item) && !shown.has(item.orderItemId));
  return [...read.map((item) => kept(item, before.get(item.orderItemId), readAt)), ...leftOut.map(unseen)];
}

function kept(item: MarketplaceItem, before: Item | undefined, readAt: Date): MarketplaceItem {
  if (item.packageId || !before?.packageId || !isLive(item)) return item;
  if (!isBeforePacked(item)) return { ...item, packageId: before.packageId };
  const since = before.beforePackedSince ?? readAt;
  if (readAt.getTime() - since.getTime() >= LEFT_AFTER) return item;
  return { ...item, packageId: before.packageId, beforePackedSince: since };
}

const unseen = (item: Item): MarketplaceItem => ({
  ...item,
  trackingNumber: null,
  shipmentProvider: null,
  updatedAt: null,
  shipBy: null,
});
