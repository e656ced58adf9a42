/** Everything that could be asked of an order now: the steps that `plan` and `explain` put through their checks. */

import { invoiceParts } from '../invoice/invoice-parts.ts';
import type { EndStatus, Order, Package } from '../model/order.ts';
import { ownInstruction } from '../model/packages.ts';
import { CONFIRM, DAY, nextRung } from '../model/schedules.ts';
import { instructionOf, isAskedToEnd, stands } from '../model/standing.ts';
import { isEnd, isOpen, isReady, isShippable, lastSent, otherEnd, reaches } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { isOpenAttempt, readBackAt } from '../records/attempt.ts';
import { shippingWork } from '../records/ready-to-ship.ts';
import type { Subject } from './checks.ts';

/** All but `look`, which depends on what is held. `force` also asks for the invoice that is there already. */
export function subjectsOf(order: Order, { force = false } = {}): Subject[] {
  return [
    ...readBacks(order),
    ...readyToShip(order, force),
    ...trackings(order),
    ...shippings(order),
    ...ends(order, 'delivered'),
    ...ends(order, 'not_delivered'),
    ...confirmations(order),
    ...invoices(order, force),
  ];
}

const readBacks = (order: Order): Subject[] =>
  order.attempts.filter(isOpenAttempt).flatMap((attempt) => {
    const pack = order.packages.find((one) => one.id === attempt.packageRowId);
    const dueAt = readBackAt(order, attempt);
    return pack ? [{ step: attempt.status, ref: pack.id, pack, dueAt, readBack: true }] : [];
  });

export const isAskedToShip = (order: Order): boolean =>
  order.updateShipping && order.toolStatus === 'ready_for_delivery';

/** The whole order while anything of it can be tried, and each element that was refused. */
function readyToShip(order: Order, force: boolean): Subject[] {
  if (!isAskedToShip(order)) return [];
  const refused = order.steps
    .filter((row) => row.step === 'ready_to_ship' && row.ref !== '' && row.blocked && !force)
    .map((row): Subject => ({ step: 'ready_to_ship', ref: row.ref }));
  const shippable = order.items?.filter(isShippable) ?? [];
  const work = shippingWork(order, { force });
  const left = work.pack.length + work.ready.length + work.waiting.length > 0;
  const nothingLeft = shippable.length > 0 && !left && !shippable.every(isReady);
  return nothingLeft ? refused : [{ step: 'ready_to_ship', ref: '' }, ...refused];
}

const trackings = (order: Order): Subject[] =>
  order.packages
    .filter((pack) => isOpen(pack) && !pack.trackingNumber)
    .map((pack) => ({ step: 'tracking', ref: pack.id, pack }));

/** The marketplace hears `shipped` of a package once it is ready and has its number; driver `dbs` has no such status. */
const shippings = (order: Order): Subject[] =>
  order.account.sofDriver === 'dbs'
    ? []
    : order.packages
        .filter((pack) => pack.state === 'ready_to_ship' && pack.trackingNumber)
        .map((pack) => ({ step: 'shipped', ref: pack.id, pack, ...occurred(shippedTime(order, pack)) }));

const occurred = (at: Date | null) => (at ? { occurredAt: at } : {});

/** When the package left: as told, else when it became ready, but never after its end. */
function shippedTime(order: Order, pack: Package): Date | null {
  const told = pack.shippedAt ?? order.shippedAt ?? pack.readyToShipAt;
  const possible = (at: Date | null) => (at && !(order.createdAt && at < order.createdAt) ? [at] : []);
  const ends = (['delivered', 'not_delivered'] as const).flatMap((end) => possible(endTime(order, pack, end)));
  return [...(told ? [told] : []), ...ends].reduce<Date | null>((a, b) => (a && a < b ? a : b), null);
}

/** When the package's end happened, if any end is asked for; its own instruction goes before the order's. */
function endTime(order: Order, pack: Package, end: EndStatus): Date | null {
  const instruction = instructionOf(order, end);
  return ownInstruction(pack, end) ?? (stands(instruction) ? instruction.at : null);
}

/** Each open package that has to end this way; where an instruction finds none, the order itself waits or contradicts. */
function ends(order: Order, end: EndStatus): Subject[] {
  const instruction = instructionOf(order, end);
  const asked = order.packages.filter((pack) => isAsked(order, pack, end));
  if (asked.length > 0) {
    return asked.map((pack) => ({ step: end, ref: pack.id, pack, ...occurred(endTime(order, pack, end)) }));
  }
  const done =
    order.packages.some((pack) => isEnd(pack.state)) && !order.packages.some((pack) => pack.state === otherEnd(end));
  return instruction.flag && !done ? [{ step: end, ref: '', ...occurred(instruction.at) }] : [];
}

function isAsked(order: Order, pack: Package, end: EndStatus): boolean {
  return isAskedToEnd(order, pack, end) || (pack.state === otherEnd(end) && ownInstruction(pack, end) !== null);
}

/** Accepted and not yet seen in the items: looked for by the ladder, and by any other read on the way. */
const confirmations = (order: Order): Subject[] =>
  order.packages.flatMap((pack) => {
    const sent = lastSent(pack);
    if (!sent || pack.confirmedAt || pack.state === 'cancelled') return [];
    const after = order.itemsReadAt && order.itemsReadAt > sent.at ? order.itemsReadAt : sent.at;
    const dueAt = nextRung(CONFIRM, sent.at, after) ?? new Date(sent.at.getTime() + CONFIRM.until);
    return [{ step: 'confirm', ref: pack.id, pack, dueAt }];
  });

/** The invoice exists once something is ready to ship. */
export const isPastReadyToShip = (order: Order): boolean =>
  order.packages.some((pack) => pack.state !== 'cancelled' && reaches(pack.state, 'ready_to_ship'));

function invoices(order: Order, force: boolean): Subject[] {
  const missing = isPastReadyToShip(order) && (force || invoiceParts(order).some((part) => part.document === null));
  const uploads = order.documents
    .filter((document) => document.hasPdf && !document.uploadedAt)
    .map((document): Subject => ({ step: 'invoice_upload', ref: document.documentId }));
  return missing ? [{ step: 'invoice_fetch', ref: '' }, ...uploads] : uploads;
}

const LOOKS_AFTER_CONFIRMATION = [DAY, 7 * DAY];

/**
 * A read for its own sake: daily while a package is open or something is held, and 1 and 7 days after the last
 * confirmation. It finds re-packed, cancelled and late packages.
 */
export function lookOf(order: Order, isHeld: boolean): Subject[] {
  const dueAt = lookAt(order, isHeld);
  const row = findRow(order, { step: 'look', ref: '' });
  return dueAt || row ? [{ step: 'look', ref: '', sooner: isHeld, ...(dueAt ? { dueAt } : {}) }] : [];
}

function lookAt(order: Order, isHeld: boolean): Date | null {
  const read = order.itemsReadAt;
  if (isHeld || order.packages.some(isOpen)) return read ? new Date(read.getTime() + DAY) : new Date(0);
  const confirmed = lastConfirmation(order);
  if (!confirmed) return null;
  const looks = LOOKS_AFTER_CONFIRMATION.map((after) => new Date(confirmed.getTime() + after));
  return looks.find((at) => !read || at > read) ?? null;
}

/** The latest confirmation, once every package that is not cancelled has ended and is confirmed. */
export function lastConfirmation(order: Order): Date | null {
  const packages = order.packages.filter((pack) => pack.state !== 'cancelled');
  if (!packages.every((pack) => isEnd(pack.state) && pack.confirmedAt)) return null;
  return packages.reduce<Date | null>(
    (last, { confirmedAt }) => (last && confirmedAt && last > confirmedAt ? last : confirmedAt),
    null,
  );
}
