/**
 * The one list of checks. `plan` asks them in order and stops at the first that fails; `explain` tells them all. A check
 * that fails names the hold, or the time at which it ends by itself, and the way out for a person.
 */

import { traitsOf } from '../model/drivers.ts';
import type { EndStatus, HoldReason, Order, Package, StepRow } from '../model/order.ts';
import { ownInstruction } from '../model/packages.ts';
import { MINUTE } from '../model/schedules.ts';
import { instructionOf, stands } from '../model/standing.ts';
import { isEnd, isLive, isShippable, otherEnd, reaches } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { openAttemptOf, readBackAt } from '../records/attempt.ts';
import type { Candidate, Check, CheckResult } from './check.ts';

const EARLY = 5 * MINUTE;
const passed = (detail: string): CheckResult => ({ ok: true, detail });
const held = (hold: HoldReason, detail: string, fix: string, until?: Date): CheckResult => ({
  ok: false,
  hold,
  detail,
  fix,
  ...(until ? { until } : {}),
});
const iso = (at: Date) => at.toISOString();
const endOf = ({ step }: Candidate): EndStatus => (step === 'not_delivered' ? 'not_delivered' : 'delivered');

export const cancelPending: Check = {
  name: 'cancel_pending',
  ask: (order) =>
    order.items?.some((item) => isLive(item) && item.cancelPending)
      ? held(
          'cancel_pending',
          'the buyer asked to cancel and Lazada has not decided',
          'decide it in the Seller Center; the items are read again every hour',
        )
      : passed('no cancellation is pending'),
};

export const hasSofItems: Check = {
  name: 'not_sof',
  ask: ({ items }) => {
    if (items === null) return passed('the items have not been read yet');
    if (items.some(isShippable)) return passed('it has items that your fleet delivers');
    if (items.length > 0 && !items.some(isLive)) return passed('every item is cancelled');
    const found = items.length === 0 ? 'Lazada shows no items' : 'no live item is physical and delivered by seller';
    return held(
      'not_sof',
      found,
      'check the order in the Seller Center, then release it to read it again, or withdraw',
    );
  },
};

/** Two ends for one package, or one that has already ended the other way: nobody guesses which is true. */
export const noConflict: Check = {
  name: 'conflict',
  ask: (order, candidate) => {
    const end = endOf(candidate);
    const both = candidate.parcel
      ? bothAsked(order, candidate.parcel)
      : stands(order.delivered) && stands(order.notDelivered);
    const against = endedOtherwise(order, end, candidate.parcel);
    if (!both && !against) return passed('nothing contradicts it');
    const detail = against
      ? `package ${against.packageId} is already ${against.state}`
      : 'delivered and not delivered are both asked for';
    return held('conflict', detail, 'set the wrong flag to 0, or withdraw and say the right one again');
  },
};
const bothAsked = (order: Order, parcel: Package) =>
  (['delivered', 'not_delivered'] as const).every(
    (end) => stands(instructionOf(order, end)) || ownInstruction(parcel, end) !== null,
  );
function endedOtherwise(order: Order, end: EndStatus, parcel?: Package): Package | undefined {
  const other = otherEnd(end);
  if (parcel?.state === other) return parcel;
  return instructionOf(order, end).flag ? order.packages.find((one) => one.state === other) : undefined;
}

export const isReadyToShip: Check = {
  name: 'too_early',
  ask: (_order, { parcel }) =>
    parcel && reaches(parcel.state, 'ready_to_ship')
      ? passed(`package ${parcel.packageId} is ready to ship or further`)
      : held(
          'too_early',
          parcel ? `package ${parcel.packageId} is only packed` : 'the order has no package yet',
          'set it ready to ship (update_shipping=1, tool_status=ready_for_delivery), or withdraw',
        ),
};

export const inOrder: Check = {
  name: 'out_of_order',
  ask: (order, { occurredAt, parcel, step }, { now }) => {
    if (!occurredAt) return held('out_of_order', 'it has no time', 'set the time at which it happened, or withdraw');
    const fix = 'correct the time, or withdraw';
    const opens = new Date(occurredAt.getTime() - EARLY);
    if (opens > now) return held('out_of_order', `its time ${iso(occurredAt)} is in the future`, fix, opens);
    if (step === 'shipped') return passed(`its time is ${iso(occurredAt)}`);
    if (order.createdAt && occurredAt < order.createdAt)
      return held(
        'out_of_order',
        `its time ${iso(occurredAt)} is before the order was created (${iso(order.createdAt)})`,
        fix,
      );
    if (parcel?.shippedSentAt && parcel.shippedAt && occurredAt < parcel.shippedAt)
      return held(
        'out_of_order',
        `its time ${iso(occurredAt)} is before the shipped time that Lazada has (${iso(parcel.shippedAt)})`,
        fix,
      );
    return passed(`its time is ${iso(occurredAt)}`);
  },
};

export const hasNumber: Check = {
  name: 'awaiting_tracking',
  ask: ({ account }, { parcel }) =>
    !traitsOf(account).needsTrackingNumber || parcel?.trackingNumber
      ? passed('the tracking number is known, or not needed')
      : held(
          'awaiting_tracking',
          `Lazada has given no tracking number for ${parcel ? `package ${parcel.packageId}` : 'the order'} yet`,
          'nothing to do: the number is asked for on its own ladder',
        ),
};

export const isReleased: Check = {
  name: 'awaiting_release',
  ask: (order, { step }) =>
    step !== 'not_delivered' || order.account.autoSendNotDelivered || order.notDelivered.releasedAt
      ? passed('it may be sent without a person, or was released')
      : held(
          'awaiting_release',
          `account ${order.account.name} wants a person to release not-delivered orders`,
          'release the order, or switch auto_send_not_delivered on',
        ),
};

/** No hold: the step before it stands on the same list and moves by itself. */
export const shippedFirst: Check = {
  name: 'shipped_first',
  ask: ({ account }, { parcel }) =>
    !traitsOf(account).reportsShipped || !parcel || isEnd(parcel.state) || parcel.state === 'shipped'
      ? passed('shipped has been accepted, or is not needed')
      : { ok: false, detail: `shipped of package ${parcel.packageId} goes first`, fix: 'look at what stops shipped' },
};

export const noOpenAttempt: Check = {
  name: 'open_attempt',
  ask: (order, { parcel }) => {
    const attempt = parcel && openAttemptOf(order, parcel.id);
    if (!attempt) return passed('nothing of it is under way');
    const at = readBackAt(order, attempt);
    return {
      ok: false,
      detail: `${attempt.status} was sent at ${iso(attempt.startedAt)}, its outcome is unknown; the items are read back at ${iso(at)}`,
      fix: 'wait: a status may not be sent again before it is known that it did not arrive',
    };
  },
};

export const notBlocked: Check = {
  name: 'blocked',
  ask: (order, candidate, { force }) => {
    const row = findRow(order, candidate);
    return row?.blocked && !force ? givenUp(row) : passed('it is not blocked');
  },
};

/** Blocked, a person's turn, and nevertheless tried again when its time comes. */
export const notBlockedToday: Check = {
  name: 'blocked',
  ask: (order, candidate, { now, force }) => {
    const row = findRow(order, candidate);
    if (!row?.blocked || force || (row.dueAt && row.dueAt <= now)) return passed('it is not blocked');
    return { ...givenUp(row), ...(row.dueAt ? { until: row.dueAt } : {}) };
  },
};

const givenUp = ({ errorCode, error }: StepRow): CheckResult => ({
  ok: false,
  blocked: true,
  detail: `it was given up: ${errorCode ?? 'unknown'}: ${error ?? ''}`,
  fix: 'mend the cause, then release the order, or retry the failed job',
});

/** Force ends the waits that are written down. What is only not due yet, a confirmation say, is no wait. */
export const isDue: Check = {
  name: 'due',
  ask: (order, candidate, { now, force }) => {
    const row = findRow(order, candidate);
    const due = row?.dueAt ?? candidate.dueAt;
    const forceable = row !== undefined || candidate.sooner === true;
    if (!due || due <= now || (force && forceable)) return passed('it is due');
    return notDue(due, row, forceable ? 'wait, or send it now (order send)' : 'wait');
  },
};

/** Nothing hurries a read-back: what is under way has to have arrived by then. */
export const isReadBackDue: Check = {
  name: 'due',
  ask: (order, candidate, { now }) => {
    const row = findRow(order, candidate);
    const due = latest(candidate.dueAt, row?.dueAt);
    return !due || due <= now ? passed('it is due') : notDue(due, row, 'wait');
  },
};

const notDue = (due: Date, row: StepRow | undefined, fix: string): CheckResult => ({
  ok: false,
  until: due,
  detail: `it is due at ${iso(due)}${row?.error ? `: ${row.error}` : ''}`,
  fix,
});
const latest = (a?: Date, b?: Date | null) => (a && b ? (a > b ? a : b) : (a ?? b ?? undefined));
