/**
 * The life of an attempt: `sending` is written before a status leaves, and closed by what became of it. Nobody can ask
 * the SOF module what it knows, so an attempt of unknown outcome is read back from the items, late enough that whatever
 * was still under way has arrived or never will. Only then is the status given up as not arrived and owed again.
 */

import { quiet } from '../model/change.ts';
import { traitsOf } from '../model/drivers.ts';
import type { Attempt, Change, Order, OrderEvent, Package, PackageState, SentStatus } from '../model/order.ts';
import type { OwedReport } from '../model/owed.ts';
import { findPackage, updatePackage } from '../model/packages.ts';
import type { ReportOutcome } from '../model/ports.ts';
import { MOST_UNKNOWN, readBackAfter, UNKNOWN_AFTER } from '../model/schedules.ts';
import { advance, confirms, type Shown } from '../model/status.ts';
import { dropRow, putRow } from '../model/step-rows.ts';

/** One `shipped` and one end per package and tracking number: the two ends share a slot. */
type Slot = Pick<Attempt, 'packageRowId' | 'trackingNumber' | 'status'>;
const sameSlot = (a: Slot, b: Slot) =>
  a.packageRowId === b.packageRowId &&
  a.trackingNumber === b.trackingNumber &&
  (a.status === 'shipped') === (b.status === 'shipped');

export const isOpenAttempt = ({ outcome }: Pick<Attempt, 'outcome'>): boolean =>
  outcome === 'sending' || outcome === 'unknown';
const holdsSlot = ({ outcome }: Attempt) => outcome === 'sending' || outcome === 'unknown' || outcome === 'accepted';

export const openAttemptOf = (order: Order, packageRowId: string): Attempt | undefined =>
  order.attempts.find((attempt) => attempt.packageRowId === packageRowId && isOpenAttempt(attempt));

/** Writes the intent; null where its slot is taken. */
export function beginAttempt(order: Order, owed: OwedReport, now: Date): Change | null {
  const attempt: Attempt = {
    attemptId: '',
    packageRowId: owed.ref,
    trackingNumber: owed.trackingNumber,
    status: owed.step,
    occurredAt: owed.occurredAt,
    outcome: 'sending',
    startedAt: now,
    closedAt: null,
    httpStatus: null,
    answer: null,
    requestId: null,
  };
  if (order.attempts.some((other) => holdsSlot(other) && sameSlot(other, attempt))) return null;
  return {
    // Tried by force: what was given up is under way again, and its outcome may be looked for.
    order: unblocked({ ...order, attempts: [...order.attempts, attempt] }, owed),
    events: [
      { kind: 'status_sent', packageId: owed.packageId, data: { status: owed.step, occurredAt: owed.occurredAt } },
    ],
  };
}

function unblocked(order: Order, { step, ref }: OwedReport): Order {
  const steps = order.steps.map((row) => (row.step === step && row.ref === ref ? { ...row, blocked: false } : row));
  return { ...order, steps };
}

/**
 * Closes this attempt; null where that has been done meanwhile. An acceptance that arrives late is believed over a read
 * that did not show it, unless the status has been sent again since.
 */
export function endAttempt(order: Order, attemptId: string, outcome: ReportOutcome, now: Date): Change | null {
  const attempt = order.attempts.find((one) => one.attemptId === attemptId);
  if (!attempt) return null;
  if (isOpenAttempt(attempt)) return close(order, attempt, outcome, now);
  if (outcome.outcome !== 'accepted') return null;
  // Written beside the order while somebody held its rows: what follows from it is still to be written.
  if (attempt.outcome === 'accepted') return quiet(order);
  return attempt.outcome === 'void' && !hasSuccessor(order, attempt) ? close(order, attempt, outcome, now) : null;
}

const hasSuccessor = (order: Order, attempt: Attempt): boolean =>
  order.attempts.some((other) => other !== attempt && holdsSlot(other) && sameSlot(other, attempt));

function close(order: Order, attempt: Attempt, outcome: ReportOutcome, now: Date): Change {
  const { httpStatus, answer, requestId } = outcome;
  const closed = replaceAttempt(order, attempt, { outcome: outcome.outcome, httpStatus, answer, requestId });
  switch (outcome.outcome) {
    case 'accepted':
      return accept(replaceAttempt(closed, attempt, { closedAt: now }), attempt, now, null);
    case 'refused':
    case 'void':
      return { order: replaceAttempt(closed, attempt, { closedAt: now }), events: [] };
    case 'unknown':
      return { order: closed, events: [] };
  }
}

/** When the open attempt is read back. */
export const readBackAt = (order: Order, attempt: Attempt): Date =>
  new Date(attempt.startedAt.getTime() + readBackAfter(1 + unknownBefore(order, attempt)));

/**
 * How often in a row this slot's outcome stayed unknown before this attempt: its rows closed `void` so late that they
 * must have been read back, since the last clear answer.
 */
function unknownBefore(order: Order, attempt: Attempt): number {
  const earlier = order.attempts.filter(
    (one) => one !== attempt && sameSlot(one, attempt) && one.startedAt <= attempt.startedAt,
  );
  const clear = earlier.findLastIndex(({ outcome }) => outcome !== 'void');
  return earlier.slice(clear + 1).filter(wasUnknown).length;
}
const wasUnknown = ({ startedAt, closedAt }: Attempt) =>
  closedAt !== null && closedAt.getTime() - startedAt.getTime() >= UNKNOWN_AFTER;

/**
 * What a read of the items, begun at `readAt`, says of an open attempt. A status that shows is believed at once; one that
 * does not show only when its time to be read back has come.
 */
export function resolveAttempt(order: Order, attempt: Attempt, shown: Shown, readAt: Date, now: Date): Change | null {
  if (confirms(shown, attempt.status) === 'yes') {
    const closed = replaceAttempt(order, attempt, { outcome: 'accepted', closedAt: now });
    return accept(closed, attempt, attempt.startedAt, readAt);
  }
  if (readAt < readBackAt(order, attempt)) return null;
  const voided = replaceAttempt(order, attempt, { outcome: 'void', closedAt: now });
  const givenUp = 1 + unknownBefore(order, attempt) >= MOST_UNKNOWN;
  return givenUp ? blockUnknown(voided, attempt, now) : { order: voided, events: [] };
}

function blockUnknown(order: Order, attempt: Attempt, now: Date): Change {
  const key = { step: attempt.status, ref: attempt.packageRowId };
  const error = 'sent several times, never answered, and the items do not show it';
  return {
    order: putRow(order, key, now, { blocked: true, dueAt: null, errorCode: 'unknown', error }),
    events: [{ kind: 'blocked', data: { ...key, code: 'unknown', reason: error } }],
  };
}

/** The marketplace has taken the status. A package renumbered meanwhile stays as it is: the status was its old number's. */
function accept(order: Order, attempt: Attempt, sentAt: Date, confirmedAt: Date | null): Change {
  const parcel = findPackage(order, attempt.packageRowId);
  if (!parcel) return { order, events: [] };
  const events = acceptedEvents(parcel, attempt, confirmedAt);
  if (!isOfCurrentNumber(order, attempt, parcel)) return { order, events };
  const fields = { ...sentFields(attempt, sentAt), confirmedAt, state: stateAfter(parcel, attempt) };
  const key = { step: attempt.status, ref: parcel.id };
  return { order: dropRow(updatePackage(order, parcel.packageId, fields), key), events };
}

/** Its status is the package's: of the number that it has now, or of whichever where the driver acts per package. */
export const isOfCurrentNumber = ({ account }: Order, attempt: Attempt, parcel: Package): boolean =>
  !traitsOf(account).needsTrackingNumber || attempt.trackingNumber === parcel.trackingNumber;

/** A package whose items have left it meanwhile does not come alive by a late answer: nothing of it would end. */
const stateAfter = ({ state }: Package, { status }: Attempt): PackageState =>
  state === 'cancelled' ? state : advance(state, status);

export function acceptedEvents(parcel: Package, attempt: Attempt, confirmedAt: Date | null): OrderEvent[] {
  const data = { status: attempt.status, occurredAt: attempt.occurredAt };
  const accepted: OrderEvent = { kind: 'status_accepted', packageId: parcel.packageId, data };
  return confirmedAt ? [accepted, { kind: 'status_confirmed', packageId: parcel.packageId, data }] : [accepted];
}

const SENT_FIELDS = {
  shipped: (at: Date, sentAt: Date) => ({ shippedAt: at, shippedSentAt: sentAt }),
  delivered: (at: Date, sentAt: Date) => ({ deliveredAt: at, deliveredSentAt: sentAt }),
  not_delivered: (at: Date, sentAt: Date) => ({ notDeliveredAt: at, notDeliveredSentAt: sentAt }),
} satisfies Record<SentStatus, (at: Date, sentAt: Date) => Partial<Package>>;
export const sentFields = (attempt: Attempt, sentAt: Date): Partial<Package> =>
  SENT_FIELDS[attempt.status](attempt.occurredAt, sentAt);

export function replaceAttempt(order: Order, attempt: Attempt, fields: Partial<Attempt>): Order {
  const same = (one: Attempt) => one === attempt || (one.startedAt === attempt.startedAt && sameSlot(one, attempt));
  return { ...order, attempts: order.attempts.map((one) => (same(one) ? { ...one, ...fields } : one)) };
}
