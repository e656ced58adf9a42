/** What follows from the rows alone, without asking anybody: done flags go back, a deadline that is met ends, rows of finished steps go away. */

import type { Order, StepRow } from '../model/order.ts';
import { updatePackage } from '../model/packages.ts';
import { clearDoneFlag } from '../model/standing.ts';
import { dropRows } from '../model/step-rows.ts';
import { endDeadline } from '../records/ship-by.ts';
import { CATALOG } from './steps/catalog.ts';

/** The same object where nothing is to be done. */
export function normalize(order: Order, now: Date): Order {
  const cleared = clearDoneFlag(clearDoneFlag(order, 'delivered', now), 'not_delivered', now);
  return dropRows(endDeadline(copyCarrier(cleared)), (row) => isFinished(cleared, row));
}

const isFinished = (order: Order, row: StepRow): boolean => CATALOG[row.step].isFinished(order, row);

/** A carrier's number told for an order of one parcel, before its package was there. */
function copyCarrier(order: Order): Order {
  const [parcel, another] = order.packages;
  const { carrier, carrierTrackingNumber } = order;
  if (!parcel || another || !carrierTrackingNumber || parcel.carrierTrackingNumber) return order;
  return updatePackage(order, parcel.packageId, { carrier, carrierTrackingNumber });
}
