/** Accepted and not yet seen in the items: looked for by the ladder, and by any other read on the way. */
import type { Order, Package } from '../../model/order.ts';
import type { Held } from '../../model/owed.ts';
import { findPackage } from '../../model/packages.ts';
import { CONFIRM, HOUR, nextLook } from '../../model/schedules.ts';
import { confirms, lastSent, shownState } from '../../model/status.ts';
import type { Candidate } from '../checks/check.ts';
import { isDue, noOpenAttempt, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

export const confirm: Step = {
  candidates: (order) => order.packages.flatMap((parcel) => ofPackage(order, parcel)),
  checks: [noOpenAttempt, notBlocked, isDue],
  owe: ({ ref }) => ({ step: 'confirm', ref }),
  isFinished: (order, { ref }) => {
    const parcel = findPackage(order, ref);
    return !parcel || parcel.confirmedAt !== null || parcel.state === 'cancelled';
  },
  notices: (order, now) => order.packages.flatMap((parcel) => mismatch(order, parcel, now)),
};

function ofPackage({ itemsReadAt }: Order, parcel: Package): Candidate[] {
  const sent = lastSent(parcel);
  if (!sent || parcel.confirmedAt || parcel.state === 'cancelled') return [];
  const after = itemsReadAt && itemsReadAt > sent.at ? itemsReadAt : sent.at;
  const dueAt = nextLook(CONFIRM, sent.at, after) ?? new Date(sent.at.getTime() + CONFIRM.until);
  return [{ step: 'confirm', ref: parcel.id, parcel, dueAt }];
}

/** Lazada shows the other end, or after a day still not what it accepted. */
function mismatch(order: Order, parcel: Package, now: Date): Held[] {
  const sent = lastSent(parcel);
  if (!sent || parcel.state === 'cancelled') return [];
  const answer = confirms(shownState(order.items ?? [], parcel.packageId), sent.status);
  const late = !parcel.confirmedAt && now.getTime() - sent.at.getTime() >= 24 * HOUR;
  if (answer === 'yes' || (answer === 'not_yet' && !late)) return [];
  const fact = answer === 'other_end' ? 'shows the other end' : 'does not show it after a day';
  return [
    {
      reason: 'status_mismatch',
      step: 'confirm',
      ref: parcel.id,
      detail: `Lazada accepted ${sent.status} of package ${parcel.packageId} and ${fact}`,
      fix: 'look at the parcel in the Seller Center; order send posts the status again, order release takes over what Lazada shows',
    },
  ];
}
