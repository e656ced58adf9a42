/** `withdraw`: takes back what was said and has not been sent, of the whole order or of one package. */
import type { EndStatus, OrderEvent } from '../model/order.ts';
import { stands } from '../model/standing.ts';
import { contradicts, withReason } from './refuse.ts';
import { isLivePackage } from './target.ts';
import { onItsWay, openEnd } from './under-way.ts';
import type { OrderUpdate, PackageView, UpdatePatch, UpdateView } from './update.ts';

const NOTHING_SAID = { flag: false, at: null, sentAt: null } as const;

/** @throws Refused where nothing is left to take back, or an end is on its way */
export function withdraw(view: UpdateView, target: PackageView | null, update: OrderUpdate): UpdatePatch {
  const parcels = target ? [target] : view.packages.filter(isLivePackage);
  refuseUnderWay(view, parcels, update);
  const own = parcels.flatMap((parcel) => ownOf(parcel));
  const order = target ? {} : takenFromOrder(view);
  if (own.length === 0 && Object.keys(order).length === 0) throw contradicts(update, nothingLeft(view, target));
  return {
    order,
    packages: own.map(({ packageId, fields }) => ({ packageId, fields })),
    events: [...eventsOfOrder(view, target), ...own.map(({ packageId, ends }) => eventOf(ends, packageId))].map(
      (event) => withReason(event, update),
    ),
  };
}

function refuseUnderWay(view: UpdateView, parcels: readonly PackageView[], update: OrderUpdate): void {
  for (const parcel of parcels) {
    const open = openEnd(view, parcel);
    if (open) throw onItsWay(update, parcel, open);
  }
}

type Own = { readonly packageId: string; readonly fields: Partial<PackageView>; readonly ends: readonly EndStatus[] };

function ownOf(parcel: PackageView): Own[] {
  const delivered = parcel.deliveredAt !== null && parcel.deliveredSentAt === null;
  const notDelivered = parcel.notDeliveredAt !== null && parcel.notDeliveredSentAt === null;
  if (!delivered && !notDelivered) return [];
  return [
    {
      packageId: parcel.packageId,
      fields: { ...(delivered && { deliveredAt: null }), ...(notDelivered && { notDeliveredAt: null }) },
      ends: [...(delivered ? (['delivered'] as const) : []), ...(notDelivered ? (['not_delivered'] as const) : [])],
    },
  ];
}

/** Also what stands for packages that appear later; the release goes with its instruction. */
function takenFromOrder(view: UpdateView): UpdatePatch['order'] {
  const { delivered, notDelivered, updateShipping, shippedAt } = view;
  const isShipped = view.packages.some(({ shippedSentAt }) => shippedSentAt !== null);
  return {
    ...(stands(delivered) && { delivered: NOTHING_SAID }),
    ...(stands(notDelivered) && { notDelivered: { ...NOTHING_SAID, reason: null, releasedAt: null } }),
    ...(updateShipping && { updateShipping: false }),
    ...(shippedAt !== null && !isShipped && { shippedAt: null }),
  };
}

function eventsOfOrder(view: UpdateView, target: PackageView | null): OrderEvent[] {
  if (target) return [];
  const taken = Object.keys(takenFromOrder(view));
  if (taken.length === 0) return [];
  const statuses = taken.map((field) => STATUS_OF[field as keyof typeof STATUS_OF]);
  return [eventOf(statuses)];
}
const STATUS_OF = {
  delivered: 'delivered',
  notDelivered: 'not_delivered',
  updateShipping: 'ready_to_ship',
  shippedAt: 'shipped',
} as const;

function eventOf(taken: readonly string[], packageId?: string): OrderEvent {
  return { kind: 'withdrawn', ...(packageId !== undefined && { packageId }), data: { taken } };
}

function nothingLeft(view: UpdateView, target: PackageView | null): string {
  const byOrder = target && (stands(view.delivered) || stands(view.notDelivered));
  if (byOrder)
    return `nothing was said of package ${target.packageId} alone; what was said of the order is withdrawn without naming a package`;
  return 'nothing is left to take back: what was said has been sent, or nothing was said; what Lazada has accepted is mended in the Seller Center';
}
