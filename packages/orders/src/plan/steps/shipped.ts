/** The marketplace hears that a package left once it is ready to ship and has its number. */
import { traitsOf } from '../../model/drivers.ts';
import type { Order, Package } from '../../model/order.ts';
import { findPackage } from '../../model/packages.ts';
import { endTime } from '../../model/standing.ts';
import { reaches } from '../../model/status.ts';
import { cancelPending, inOrder, isOfAClock } from '../checks/holds.ts';
import { isDue, noOpenAttempt, notBlocked } from '../checks/turns.ts';
import { oweReport } from './report.ts';
import type { Step } from './step.ts';

export const shipped: Step = {
  candidates: (order) =>
    order.packages
      .filter((parcel) => isReportable(order, parcel))
      .map((parcel) => ({ step: 'shipped', ref: parcel.id, parcel, ...occurred(shippedTime(order, parcel)) })),
  checks: [cancelPending, inOrder, noOpenAttempt, notBlocked, isDue],
  owe: oweReport,
  isFinished: (order, { ref }) => {
    const parcel = findPackage(order, ref);
    return !parcel || reaches(parcel.state, 'shipped');
  },
};

const isReportable = ({ account }: Order, { state, trackingNumber }: Package): boolean =>
  traitsOf(account).reportsShipped && state === 'ready_to_ship' && Boolean(trackingNumber);

const occurred = (at: Date | null) => (at ? { occurredAt: at } : {});

/** When the package left: as told, else when it became ready, but never after its end. */
function shippedTime(order: Order, parcel: Package): Date | null {
  const told = parcel.shippedAt ?? order.shippedAt ?? parcel.readyToShipAt;
  const possible = (at: Date | null) =>
    at && isOfAClock(at) && !(order.createdAt && at < order.createdAt) ? [at] : [];
  const ends = (['delivered', 'not_delivered'] as const).flatMap((end) => possible(endTime(order, parcel, end)));
  return [...(told ? [told] : []), ...ends].reduce<Date | null>((a, b) => (a && a < b ? a : b), null);
}
