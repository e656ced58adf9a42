/** What follows from the rows alone, without asking anybody: done flags go back, rows of finished steps go away. */

import { invoiceParts } from '../invoice/invoice-parts.ts';
import type { Order, StepRow } from '../model/order.ts';
import { findPackage, updatePackage } from '../model/packages.ts';
import { clearDoneFlag, isAskedToEnd } from '../model/standing.ts';
import { isLive, isOpen, reaches } from '../model/status.ts';
import { dropRows } from '../model/step-rows.ts';
import { isPackable } from '../records/ready-to-ship.ts';

/** The same object where nothing is to be tidied. */
export function tidy(order: Order, now: Date): Order {
  const cleared = clearDoneFlag(clearDoneFlag(order, 'delivered', now), 'not_delivered', now);
  return dropRows(copyCarrier(cleared), (row) => isFinished(cleared, row));
}

function isFinished(order: Order, { step, ref }: StepRow): boolean {
  const pack = findPackage(order, ref);
  switch (step) {
    case 'ready_to_ship':
      return !order.updateShipping || (ref !== '' && elementIsReady(order, ref));
    case 'tracking':
      return !pack || pack.trackingNumber !== null || !isOpen(pack);
    case 'shipped':
      return !pack || reaches(pack.state, 'shipped');
    case 'delivered':
    case 'not_delivered':
      return !pack || !isAskedToEnd(order, pack, step);
    case 'confirm':
      return !pack || pack.confirmedAt !== null || pack.state === 'cancelled';
    case 'invoice_upload':
      return !order.documents.some((document) => document.documentId === ref && !document.uploadedAt);
    case 'invoice_fetch':
      return hasEveryPart(order);
    case 'look':
    case 'carrier_poll':
      return false;
  }
}

/** An item or package that was refused, and has become ready or was cancelled since. */
function elementIsReady(order: Order, ref: string): boolean {
  const pack = findPackage(order, ref);
  if (pack) return reaches(pack.state, 'ready_to_ship');
  const item = order.items?.find((one) => one.orderItemId === ref);
  return !item || !isLive(item) || !isPackable(item);
}

/** A carrier's number told for an order of one parcel, before its package was there. */
function copyCarrier(order: Order): Order {
  const [pack, another] = order.packages;
  const { carrier, carrierTrackingNumber } = order;
  if (!pack || another || !carrierTrackingNumber || pack.carrierTrackingNumber) return order;
  return updatePackage(order, pack.packageId, { carrier, carrierTrackingNumber });
}

/** A fetch on demand that failed leaves no row once there is an invoice for every item. */
function hasEveryPart(order: Order): boolean {
  const parts = invoiceParts(order);
  return parts.length > 0 && parts.every((part) => part.document !== null);
}
