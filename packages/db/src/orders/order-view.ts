/** An order as it is shown at every door, with times as ISO 8601: state, parts, what happened, and why it waits. */
import { explain, isActive, type Loaded, type Order, type Orders, type Package } from '@lazada-sof/orders';
import type { ListedIn, Manifests } from '../days/manifests.ts';
import type { Documents } from './documents.ts';
import type { Events, TimelineEvent } from './events.ts';
import type { FindOrder } from './find-orders.ts';

export type OrderView = ReturnType<typeof orderView>;

export type OrderViewTools = {
  readonly findOrder: FindOrder;
  readonly orders: Pick<Orders, 'load'>;
  readonly events: Pick<Events, 'ofOrder'>;
  readonly documents: Pick<Documents, 'sizes'>;
  readonly manifests: Pick<Manifests, 'ofOrder'>;
};

/** Null: there is no such order. */
export async function viewOrder(
  { findOrder, orders, events, documents, manifests }: OrderViewTools,
  account: string,
  orderNumber: string,
): Promise<OrderView | null> {
  const found = await findOrder({ account, orderNumber });
  const loaded = 'orderId' in found ? await orders.load(found.orderId) : null;
  if (!loaded) return null;
  const { orderId } = loaded.order;
  const [timeline, bytes, listed] = await Promise.all([
    events.ofOrder(orderId),
    documents.sizes(orderId),
    manifests.ofOrder(orderId),
  ]);
  return orderView(loaded, { timeline, bytes, listed });
}

type Beside = {
  readonly timeline: readonly TimelineEvent[];
  /** Sizes of the PDFs, by document. */
  readonly bytes: ReadonlyMap<string, number>;
  readonly listed: readonly ListedIn[];
};

function orderView({ order, now }: Loaded, { timeline, bytes, listed }: Beside) {
  return {
    ...summaryView(order),
    packages: order.packages.map(packageView),
    documents: order.documents.map(({ documentId, docType, part, revision, path, uploadedAt, removedAt }) => ({
      docType,
      part,
      revision,
      path,
      uploadedAt: written(uploadedAt),
      bytes: bytes.get(documentId) ?? null,
      removedAt: written(removedAt),
    })),
    manifests: listed.map(({ day, status, error }) => ({ day, status, error })),
    timeline: timeline.map(({ at, kind, source, data }) => ({ at: at.toISOString(), kind, source, data })),
    explain: explain(order, now),
  };
}

function summaryView({ account, orderNumber, toolStatus, updateShipping, summary, nextAttemptAt, shipBy }: Order) {
  const { status, blockedStep, invoiceStatus, lastErrorCode: code, lastError: message } = summary;
  return {
    account: account.name,
    orderNumber,
    toolStatus,
    updateShipping: updateShipping ? 1 : 0,
    status,
    holdReason: isActive({ account }) ? summary.holdReason : ('account_blocked' as const),
    blockedStep,
    nextAttemptAt: written(nextAttemptAt),
    shipBy: written(shipBy),
    invoiceStatus,
    confirmedAt: written(summary.confirmedAt),
    lastError: message === null ? null : { code, message },
  };
}

const packageView = (one: Package) => ({
  packageId: one.packageId,
  trackingNumber: one.trackingNumber,
  state: one.state,
  shippedAt: written(one.shippedAt),
  shippedSentAt: written(one.shippedSentAt),
  deliveredAt: written(one.deliveredAt),
  deliveredSentAt: written(one.deliveredSentAt),
  notDeliveredAt: written(one.notDeliveredAt),
  notDeliveredSentAt: written(one.notDeliveredSentAt),
  confirmedAt: written(one.confirmedAt),
});

const written = (at: Date | null): string | null => at?.toISOString() ?? null;
