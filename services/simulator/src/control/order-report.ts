/** How the control API shows what Lazada knows. */
import type { Item, Order, Package } from '../world/model.ts';
import { nameShown, visible, visibleTrackingNumber } from '../world/orders.ts';
import type { World } from '../world/world.ts';

export function orderReport(world: World, order: Order) {
  const now = world.now();
  return {
    account: order.sellerId,
    accountName: world.accountOf(order).name,
    orderId: order.orderId,
    orderNumber: order.orderNumber,
    createdAt: iso(order.createdAt),
    items: order.items.map((item) => itemReport(order, item, now)),
    packages: order.packages.map((parcel) => packageReport(parcel, order, now)),
    script: order.script,
  };
}
export type OrderReport = ReturnType<typeof orderReport>;

function itemReport(order: Order, item: Item, now: number) {
  const { history, ...rest } = item;
  return {
    ...rest,
    visibleStatus: nameShown(order, visible(item, now).status),
    history: history.map(({ status, at, visibleAt, by }) => ({ status, at: iso(at), visibleAt: iso(visibleAt), by })),
  };
}

function packageReport(parcel: Package, order: Order, now: number) {
  return {
    packageId: parcel.packageId,
    trackingNumber: parcel.trackingNumber,
    trackingVisible: visibleTrackingNumber(parcel, now) !== '',
    replaced: parcel.replaced,
    items: order.items.filter(({ packageId }) => packageId === parcel.packageId).map(({ orderItemId }) => orderItemId),
    accepted: parcel.accepted.map((accepted) => ({ ...accepted, at: iso(accepted.at) })),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
