/**
 * The one list of checks. `plan` asks them in order and stops at the first that fails; `explain` tells them all. A check
 * that fails names the hold, or the time at which it ends by itself, and the way out for a person.
 */

import type { EndStatus, HoldReason, Order, Package, StepName } from '../model/order.ts';
import { ownInstruction } from '../model/packages.ts';
import { MINUTE } from '../model/schedules.ts';
import { instructionOf, stands } from '../model/standing.ts';
import { isEnd, isLive, isShippable, otherEnd, reaches } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { openAttemptOf, readBackAt } from '../records/attempt.ts';

/** What a check is asked about: a step of the whole order, or of one of its packages. */
export type Subject = {
  readonly step: StepName;
  readonly ref: string;
  readonly pack?: Package;
  /** When the status happened, for a status to be reported. */
  readonly occurredAt?: Date;
  /** When it is due by nature; absent: at once. */
  readonly dueAt?: Date;
  /** Force brings it forward before that: what holds the order may have gone. */
  readonly sooner?: boolean;
  /** An attempt's read-back belongs to the step whose status was sent, and has a name of its own. */
  readonly readBack?: boolean;
};

export type CheckResult = {
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
  readonly hold?: HoldReason;
  readonly blocked?: boolean;
  /** It ends by itself then. */
  readonly until?: Date;
};

export type Check = {
  readonly name: string;
  readonly ask: (order: Order, subject: Subject, context: CheckContext) => CheckResult;
};
export type CheckContext = { readonly now: Date; readonly force: boolean };

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
const endOf = ({ step }: Subject): EndStatus => (step === 'not_delivered' ? 'not_delivered' : 'delivered');

const cancelPending: Check = {
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

const hasSofItems: Check = {
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
const noConflict: Check = {
  name: 'conflict',
  ask: (order, subject) => {
    const end = endOf(subject);
    const both = subject.pack ? bothAsked(order, subject.pack) : stands(order.delivered) && stands(order.notDelivered);
    const against = endedOtherwise(order, end, subject.pack);
    if (!both && !against) return passed('nothing contradicts it');
    const detail = against
      ? `package ${against.packageId} is already ${against.state}`
      : 'delivered and not delivered are both asked for';
    return held('conflict', detail, 'set the wrong flag to 0, or withdraw and say the right one again');
  },
};
const bothAsked = (order: Order, pack: Package) =>
  (['delivered', 'not_delivered'] as const).every(
    (end) => stands(instructionOf(order, end)) || ownInstruction(pack, end) !== null,
  );
function endedOtherwise(order: Order, end: EndStatus, pack?: Package): Package | undefined {
  const other = otherEnd(end);
  if (pack?.state === other) return pack;
  return instructionOf(order, end).flag ? order.packages.find((one) => one.state === other) : undefined;
}

const isReadyToShip: Check = {
  name: 'too_early',
  ask: (_order, { pack }) =>
    pack && reaches(pack.state, 'ready_to_ship')
      ? passed(`package ${pack.packageId} is ready to ship or further`)
      : held(
          'too_early',
          pack ? `package ${pack.packageId} is only packed` : 'the order has no package yet',
          'set it ready to ship (update_shipping=1, tool_status=ready_for_delivery), or withdraw',
        ),
};

const inOrder: Check = {
  name: 'out_of_order',
  ask: (order, { occurredAt, pack, step }, { now }) => {
    if (!occurredAt) return passed('no time to compare');
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
    if (pack?.shippedSentAt && pack.shippedAt && occurredAt < pack.shippedAt)
      return held(
        'out_of_order',
        `its time ${iso(occurredAt)} is before the shipped time that Lazada has (${iso(pack.shippedAt)})`,
        fix,
      );
    return passed(`its time is ${iso(occurredAt)}`);
  },
};

const hasNumber: Check = {
  name: 'awaiting_tracking',
  ask: ({ account }, { pack }) =>
    account.sofDriver === 'dbs' || pack?.trackingNumber
      ? passed('the tracking number is known, or not needed')
      : held(
          'awaiting_tracking',
          `Lazada has given no tracking number for ${pack ? `package ${pack.packageId}` : 'the order'} yet`,
          'nothing to do: the number is asked for on its own ladder',
        ),
};

const isReleased: Check = {
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
const shippedFirst: Check = {
  name: 'shipped_first',
  ask: ({ account }, { pack }) =>
    account.sofDriver === 'dbs' || !pack || isEnd(pack.state) || pack.state === 'shipped'
      ? passed('shipped has been accepted, or is not needed')
      : { ok: false, detail: `shipped of package ${pack.packageId} goes first`, fix: 'look at what stops shipped' },
};

const noOpenAttempt: Check = {
  name: 'open_attempt',
  ask: (order, { pack }) => {
    const attempt = pack && openAttemptOf(order, pack.id);
    if (!attempt) return passed('nothing of it is under way');
    const at = readBackAt(order, attempt);
    return {
      ok: false,
      detail: `${attempt.status} was sent at ${iso(attempt.startedAt)}, its outcome is unknown; the items are read back at ${iso(at)}`,
      fix: 'wait: a status may not be sent again before it is known that it did not arrive',
    };
  },
};

const notBlocked: Check = {
  name: 'blocked',
  ask: (order, subject, { force }) => {
    const row = findRow(order, subject);
    if (!row?.blocked || force) return passed('it is not blocked');
    return {
      ok: false,
      blocked: true,
      detail: `it was given up: ${row.errorCode ?? 'unknown'}: ${row.error ?? ''}`,
      fix: 'mend the cause, then release the order, or retry the failed job',
    };
  },
};

/** Force ends the waits that are written down. What is only not due yet, a confirmation say, is no wait. */
const isDue: Check = {
  name: 'due',
  ask: (order, subject, { now, force }) => {
    const row = findRow(order, subject);
    const due = subject.readBack ? latest(subject.dueAt, row?.dueAt) : (row?.dueAt ?? subject.dueAt);
    const forceable = !subject.readBack && (row !== undefined || subject.sooner === true);
    if (!due || due <= now || (force && forceable)) return passed('it is due');
    const why = row?.error ? `: ${row.error}` : '';
    return {
      ok: false,
      until: due,
      detail: `it is due at ${iso(due)}${why}`,
      fix: forceable ? 'wait, or send it now (order send)' : 'wait',
    };
  },
};
const latest = (a?: Date, b?: Date | null) => (a && b ? (a > b ? a : b) : (a ?? b ?? undefined));

const REPORT: readonly Check[] = [noOpenAttempt, notBlocked, isDue];
const WHEN_DUE: readonly Check[] = [notBlocked, isDue];
const END: readonly Check[] = [
  cancelPending,
  noConflict,
  hasSofItems,
  isReadyToShip,
  inOrder,
  hasNumber,
  isReleased,
  shippedFirst,
  ...REPORT,
];

/** Per step, in the order in which holds are named. */
export const CHECKS: Readonly<Record<StepName | 'read_back', readonly Check[]>> = {
  ready_to_ship: [cancelPending, hasSofItems, ...WHEN_DUE],
  tracking: [noOpenAttempt, ...WHEN_DUE],
  shipped: [cancelPending, inOrder, ...REPORT],
  delivered: END,
  not_delivered: END,
  confirm: [noOpenAttempt, ...WHEN_DUE],
  look: WHEN_DUE,
  read_back: [notBlocked, isDue],
  invoice_fetch: WHEN_DUE,
  invoice_upload: WHEN_DUE,
  carrier_poll: WHEN_DUE,
};
