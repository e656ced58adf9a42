/** What makes a step wait by a rule: each names the hold, the fact and a person's way out. */

import { traitsOf } from '../../model/drivers.ts';
import type { EndStatus, HoldReason, Order, Package } from '../../model/order.ts';
import { ownInstruction } from '../../model/packages.ts';
import { MINUTE } from '../../model/schedules.ts';
import { instructionOf, stands } from '../../model/standing.ts';
import { isLive, isShippable, otherEnd, reaches } from '../../model/status.ts';
import { type Candidate, type Check, type CheckResult, iso, passed } from './check.ts';

const EARLY = 5 * MINUTE;
const held = (hold: HoldReason, detail: string, fix: string, until?: Date): CheckResult => ({
  ok: false,
  hold,
  detail: () => detail,
  fix,
  ...(until ? { until } : {}),
});
const endOf = ({ step }: Candidate): EndStatus => (step === 'not_delivered' ? 'not_delivered' : 'delivered');

export const cancelPending: Check = {
  name: 'cancel_pending',
  ask: (order) =>
    order.items?.some((item) => isLive(item) && item.cancelPending)
      ? held(
          'cancel_pending',
          'the buyer asked to cancel and Lazada has not decided',
          'accept or reject the cancellation in the Seller Center; the items are read again every hour',
        )
      : passed(() => 'no cancellation is pending'),
};

export const hasSofItems: Check = {
  name: 'not_sof',
  ask: ({ items }) => {
    if (items === null) return passed(() => 'the items have not been read yet');
    if (items.some(isShippable)) return passed(() => 'it has items that your fleet delivers');
    if (items.length > 0 && !items.some(isLive)) return passed(() => 'every item is cancelled');
    const found = items.length === 0 ? 'Lazada shows no items' : 'no live item is physical and delivered by seller';
    return held(
      'not_sof',
      found,
      'see in the Seller Center who delivers it, then release the order (order release) to read it again, or withdraw',
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
    if (!both && !against) return passed(() => 'nothing contradicts it');
    const detail = against
      ? `package ${against.packageId} is already ${against.state}`
      : 'delivered and not delivered are both asked for';
    return held(
      'conflict',
      detail,
      'find out how the parcel ended, then set the wrong flag to 0, or withdraw and say the right end again',
    );
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
      ? passed(() => `package ${parcel.packageId} is ready to ship or further`)
      : held(
          'too_early',
          parcel ? `package ${parcel.packageId} is only packed` : 'the order has no package yet',
          'set it ready to ship (update_shipping=1, tool_status=ready_for_delivery): the status is sent right after; or withdraw',
        ),
};

/** PostgreSQL has `infinity`, which no clock shows. */
export const isOfAClock = (at: Date): boolean => !Number.isNaN(at.getTime());

export const inOrder: Check = {
  name: 'out_of_order',
  ask: (order, { occurredAt, parcel, step }, { now }) => {
    if (!occurredAt || !isOfAClock(occurredAt)) {
      const fact = occurredAt ? 'its time is none that a clock shows' : 'it has no time';
      return held('out_of_order', fact, 'write the time at which it happened beside the flag, or withdraw');
    }
    const fix = 'correct the time beside the flag, or withdraw';
    const opens = new Date(occurredAt.getTime() - EARLY);
    if (opens > now) {
      const wait = `${fix}; left alone it is sent with that time from ${iso(opens)} on`;
      return held('out_of_order', `its time ${iso(occurredAt)} is in the future`, wait, opens);
    }
    if (step === 'shipped') return passed(() => `its time is ${iso(occurredAt)}`);
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
    return passed(() => `its time is ${iso(occurredAt)}`);
  },
};

export const hasNumber: Check = {
  name: 'awaiting_tracking',
  ask: ({ account }, { parcel }) =>
    !traitsOf(account).needsTrackingNumber || parcel?.trackingNumber
      ? passed(() => 'the tracking number is known, or not needed')
      : held(
          'awaiting_tracking',
          `Lazada has given no tracking number for ${parcel ? `package ${parcel.packageId}` : 'the order'} yet`,
          'nothing to do: the number is asked for by itself, and the status is sent with it',
        ),
};

export const isReleased: Check = {
  name: 'awaiting_release',
  ask: (order, { step }) =>
    step !== 'not_delivered' || order.account.autoSendNotDelivered || order.notDelivered.releasedAt
      ? passed(() => 'it may be sent without a person, or was released')
      : held(
          'awaiting_release',
          `account ${order.account.name} wants a person to look at each order before not_delivered is sent`,
          'release the order (order release) if it was really not delivered, else withdraw; auto_send_not_delivered of the account releases all of them',
        ),
};
