/** An order as it is shown at every door, with times as ISO 8601: state, parts, what happened, and why it waits. */
import { explain, isActive, type Loaded, type Order, type Package } from '@lazada-sof/orders';
import type { Db } from '../open.ts';
import type { TimelineEvent } from './events.ts';

export type OrderView = ReturnType<typeof orderView>;

/** Null: there is no such order. */
export async function viewOrder(
  db: Pick<Db, 'orders' | 'events' | 'documents'>,
  account: string,
  orderNumber: string,
): Promise<OrderView | null> {
  const orderId = await db.orders.find(account, orderNumber);
  const loaded = orderId && (await db.orders.load(orderId));
  if (!loaded) return null;
  const [timeline, bytes] = await Promise.all([db.events.ofOrder(orderId), db.documents.sizes(orderId)]);
  return orderView(loaded, timeline, bytes);
}

function orderView(
  { order, now }: Loaded,
  timeline: readonly TimelineEvent[],
  /** Sizes of the PDFs, by document. */
  bytes: ReadonlyMap<string, number>,
) {
  return {
    ...summaryView(order),
    packages: order.packages.map(packageView),
    documents: order.documents.map(({ documentId, docType, part, revision, path, uploadedAt }) => ({
      docType,
      part,
      revision,
      path,
      uploadedAt: written(uploadedAt),
      bytes: bytes.get(documentId) ?? null,
    })),
    timeline: timeline.map(({ at, kind, source, data }) => ({ at: at.toISOString(), kind, source, data })),
    explain: explain(order, now),
  };
}

function summaryView({ account, orderNumber, toolStatus, updateShipping, summary, nextAttemptAt }: Order) {
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
