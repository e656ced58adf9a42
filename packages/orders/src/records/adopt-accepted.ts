/**
 * An accepted attempt of the package's current tracking number is the package's own, whoever wrote it and whenever: its
 * outcome may have been written while somebody held the order's rows, or under a number that went away and came back.
 */
import { fold, quiet } from '../model/change.ts';
import type { Attempt, Change, Order, Package, SentStatus } from '../model/order.ts';
import { updatePackage } from '../model/packages.ts';
import { advance } from '../model/status.ts';
import { acceptedEvents, isOfCurrentNumber, sentFields } from './attempt.ts';

/** The order with every such attempt taken over, each told; the same object where there is none. */
export function adoptAccepted(order: Order): Change {
  const strays = order.packages.flatMap((parcel) =>
    ofCurrentNumber(order, parcel).map((attempt) => ({ parcel, attempt })),
  );
  return strays.length === 0 ? quiet(order) : fold(order, strays, adopt);
}

/** The same for one package, told before: the attempts were accepted under a number that it has again. */
export const adoptUnderNumber = (order: Order, packageId: string): Order =>
  order.packages
    .filter((parcel) => parcel.packageId === packageId)
    .flatMap((parcel) => ofCurrentNumber(order, parcel).map((attempt) => ({ parcel, attempt })))
    .reduce((rest, stray) => adopt(rest, stray).order, order);

const SENT_AT = {
  shipped: ({ shippedSentAt }) => shippedSentAt,
  delivered: ({ deliveredSentAt }) => deliveredSentAt,
  not_delivered: ({ notDeliveredSentAt }) => notDeliveredSentAt,
} as const satisfies Record<SentStatus, (parcel: Package) => Date | null>;

/** Accepted, and the package does not know it: `shipped` before the end. */
const ofCurrentNumber = (order: Order, parcel: Package): Attempt[] =>
  order.attempts
    .filter((one) => one.packageRowId === parcel.id && one.outcome === 'accepted' && parcel.state !== 'cancelled')
    .filter((one) => isOfCurrentNumber(order, one, parcel) && SENT_AT[one.status](parcel) === null)
    .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime());

function adopt(order: Order, { parcel: { packageId }, attempt }: { parcel: Package; attempt: Attempt }): Change {
  const parcel = order.packages.find((one) => one.packageId === packageId);
  if (!parcel) return quiet(order);
  const fields = {
    ...sentFields(attempt, attempt.closedAt ?? attempt.startedAt),
    state: advance(parcel.state, attempt.status),
  };
  return {
    order: updatePackage(order, packageId, { ...fields, confirmedAt: null }),
    events: acceptedEvents(parcel, attempt, null),
  };
}
