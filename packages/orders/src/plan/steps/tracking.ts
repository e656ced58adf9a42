/** An open package without a tracking number: the items are read until Lazada has given one. */
import type { Order, Package } from '../../model/order.ts';
import type { Held } from '../../model/owed.ts';
import { findPackage } from '../../model/packages.ts';
import { HOUR } from '../../model/schedules.ts';
import { isOpen } from '../../model/status.ts';
import { findRow } from '../../model/step-rows.ts';
import { isDue, noOpenAttempt, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

const isWanted = (parcel: Package): boolean => isOpen(parcel) && !parcel.trackingNumber;

export const tracking: Step = {
  candidates: (order) =>
    order.packages.filter(isWanted).map((parcel) => ({ step: 'tracking', ref: parcel.id, parcel })),
  checks: [noOpenAttempt, notBlocked, isDue],
  owe: ({ ref }) => ({ step: 'tracking', ref }),
  isFinished: (order, { ref }) => {
    const parcel = findPackage(order, ref);
    return !parcel || !isWanted(parcel);
  },
  notices: (order, now) => order.packages.filter(isWanted).flatMap((parcel) => numberMissing(order, parcel, now)),
};

function numberMissing(order: Order, { id, packageId }: Package, now: Date): Held[] {
  const row = findRow(order, { step: 'tracking', ref: id });
  if (!row || now.getTime() - row.since.getTime() < 24 * HOUR) return [];
  const detail = `package ${packageId} has had no tracking number since ${row.since.toISOString()}`;
  const fix =
    'ask Lazada for its number, or pack it again in the Seller Center; it is asked for every hour, for 14 days';
  return [{ reason: 'tracking_missing', step: 'tracking', ref: id, detail, fix }];
}
