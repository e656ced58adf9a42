/** What a person ends: `release` takes a hold or a block away, `resend` posts again what Lazada does not show. */

import type { Attempt, Change, HoldReason, Order, Package, PackageState, SentStatus } from '../model/order.ts';
import { findPackage, updatePackage } from '../model/packages.ts';
import { withInstruction } from '../model/standing.ts';
import { isEnd, lastSent, reaches, shownState } from '../model/status.ts';
import { dropRows, putRow } from '../model/step-rows.ts';
import { isOfCurrentNumber, isOpenAttempt, replaceAttempt } from '../records/attempt.ts';
import { noticesOf } from './candidates.ts';
import { plan } from './plan.ts';

/** Ends everything on this order that a person can end; null where there is nothing to end. */
export function release(order: Order, now: Date): Change | null {
  const overtaken = mismatched(order, now).reduce(takeOver, order);
  const { held, blocked } = plan(overtaken, now);
  const isHeld = (reason: HoldReason) => held.some((one) => one.reason === reason);
  const ended = [
    ...(overtaken === order ? [] : ['status_mismatch']),
    ...(isHeld('awaiting_release') ? ['awaiting_release'] : []),
    ...(isHeld('not_sof') ? ['not_sof'] : []),
    ...(blocked.length > 0 ? ['blocked'] : []),
  ];
  if (ended.length === 0) return null;
  const released = isHeld('awaiting_release') ? releaseEnd(overtaken, now) : overtaken;
  const reread = isHeld('not_sof') ? putRow(released, LOOK, now, { dueAt: now }) : released;
  return { order: dropRows(reread, (row) => row.blocked), events: [{ kind: 'released', data: { ended } }] };
}

const LOOK = { step: 'look', ref: '' } as const;

/** Owed again: every accepted status that Lazada does not show. Null where everything shows. */
export function resend(order: Order, now: Date): Change | null {
  const packages = mismatched(order, now);
  if (packages.length === 0) return null;
  const next = packages.reduce(
    (rest, parcel) => dropRows(undoSent(rest, parcel), (row) => row.step === 'confirm' && row.ref === parcel.id),
    order,
  );
  return {
    order: next,
    events: packages.map((parcel) => ({
      kind: 'released',
      packageId: parcel.packageId,
      data: { ended: ['status_mismatch'], again: true },
    })),
  };
}

function mismatched(order: Order, now: Date): Package[] {
  return noticesOf(order, now).flatMap(({ reason, ref }) => {
    const parcel = reason === 'status_mismatch' ? findPackage(order, ref) : undefined;
    return parcel && !order.attempts.some((attempt) => attempt.packageRowId === ref && isOpenAttempt(attempt))
      ? [parcel]
      : [];
  });
}

const releaseEnd = (order: Order, now: Date): Order => ({
  ...order,
  notDelivered: { ...order.notDelivered, releasedAt: now },
});

/** Lazada is right: the package is what it shows, and the instruction that it did not take is taken back. */
function takeOver(order: Order, parcel: Package): Order {
  const sent = lastSent(parcel)?.status;
  const undone = updatePackage(
    undoSent(order, parcel),
    parcel.packageId,
    sent === 'shipped' ? {} : { deliveredAt: null, notDeliveredAt: null },
  );
  const rows = dropRows(undone, (row) => row.step === 'confirm' && row.ref === parcel.id);
  return sent && isEnd(sent) ? withInstruction(rows, sent, { flag: false, at: null, sentAt: null }) : rows;
}

/** The package as Lazada shows it; whatever was accepted beyond that was not taken, and its slot is free again. */
function undoSent(order: Order, parcel: Package): Order {
  const shown = stateShown(order, parcel);
  const lost = (status: SentStatus) => !showsOrPasses(shown, status);
  const fields: Partial<Package> = {
    state: shown,
    confirmedAt: isEnd(shown) ? order.itemsReadAt : null,
    ...(lost('shipped') ? { shippedSentAt: null } : {}),
    ...(lost('delivered') ? { deliveredSentAt: null } : {}),
    ...(lost('not_delivered') ? { notDeliveredSentAt: null } : {}),
  };
  const slots = (attempt: Attempt) =>
    attempt.packageRowId === parcel.id &&
    attempt.outcome === 'accepted' &&
    isOfCurrentNumber(order, attempt, parcel) &&
    lost(attempt.status);
  const freed = order.attempts
    .filter(slots)
    .reduce((rest, attempt) => replaceAttempt(rest, attempt, { outcome: 'void' }), order);
  return updatePackage(freed, parcel.packageId, fields);
}

/** Where Lazada shows no one state: as before the status that it does not show. */
function stateShown(order: Order, parcel: Package): PackageState {
  const shown = shownState(order.items ?? [], parcel.packageId);
  if (shown === 'ended_differently') return 'shipped';
  if (shown !== null) return shown;
  return lastSent(parcel)?.status !== 'shipped' && parcel.shippedSentAt ? 'shipped' : 'ready_to_ship';
}

const showsOrPasses = (shown: PackageState, status: SentStatus) =>
  status === 'shipped' ? reaches(shown, 'shipped') : shown === status;
