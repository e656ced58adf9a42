/**
 * What one read of an order's items changes. Whoever reads them, for whatever reason, records everything they show:
 * packages and their states, tracking numbers, confirmations, open attempts, cancellations.
 */

import { fold, quiet } from '../model/change.ts';
import type { Attempt, Change, Item, Order, OrderEvent, Package, PackageState } from '../model/order.ts';
import { findPackage, newPackage, updatePackage } from '../model/packages.ts';
import type { MarketplaceItem } from '../model/ports.ts';
import { CANCEL_PENDING, CONFIRM, DAY, nextLook, SCHEDULES } from '../model/schedules.ts';
import { withoutFlags } from '../model/standing.ts';
import {
  advance,
  confirms,
  isEnd,
  isLive,
  isOpen,
  isReady,
  isShippable,
  lastSent,
  reaches,
  shownState,
} from '../model/status.ts';
import { dropRow, findRow, putRow, sinceOf } from '../model/step-rows.ts';
import { adoptUnderNumber } from './adopt-accepted.ts';
import { isOpenAttempt, readBackAt, resolveAttempt } from './attempt.ts';
import { keepInPackages } from './keep-in-packages.ts';
import { shipByAfter } from './ship-by.ts';

type Part = (order: Order, read: Read) => Change;
type Read = {
  /** Each in the package that it is in; with those that the read left out. */
  readonly items: readonly MarketplaceItem[];
  /** Ids of the items that the read named. */
  readonly named: ReadonlySet<string>;
  readonly readAt: Date;
  readonly now: Date;
};

const PARTS: readonly Part[] = [
  storeItems,
  numberPackages,
  movePackages,
  addPackages,
  keepDeadline,
  resolveAttempts,
  confirmPackages,
  endShipping,
  waitForNumbers,
  watchConfirmations,
  watchItems,
];

/**
 * `readAt` is the moment before the request left, by the database's clock; a read older than the last one stored
 * changes nothing.
 */
export function recordItems(order: Order, items: readonly MarketplaceItem[], readAt: Date, now: Date): Change | null {
  if (order.itemsReadAt && readAt < order.itemsReadAt) return null;
  const named = new Set(items.map(({ orderItemId }) => orderItemId));
  const read = { items: keepInPackages(order.items ?? [], items, readAt), named, readAt, now };
  const change = fold(order, PARTS, (current, part) => part(current, read));
  return { ...change, itemTracking: trackingOf(items) };
}

const trackingOf = (items: readonly MarketplaceItem[]) =>
  items.flatMap(({ orderItemId, trackingNumber }) => (trackingNumber ? [{ orderItemId, trackingNumber }] : []));

/** Only what is stored of an item; what else the read showed goes into the packages. */
const storedItem = (item: MarketplaceItem): Item => {
  const { orderItemId, status, packageId, sof, digital, cancelPending, beforePackedSince } = item;
  const stored = { orderItemId, status, packageId, sof, digital, cancelPending };
  return beforePackedSince ? { ...stored, beforePackedSince } : stored;
};

function storeItems(order: Order, { items, readAt }: Read): Change {
  return quiet({ ...order, items: items.map(storedItem), itemsReadAt: readAt });
}

function keepDeadline(order: Order, { items }: Read): Change {
  return quiet({ ...order, shipBy: shipByAfter(order, items) });
}

const ofPackage = (items: readonly MarketplaceItem[], packageId: string) =>
  items.filter((item) => item.packageId === packageId && isLive(item));
const numberOf = (items: readonly MarketplaceItem[]) =>
  items.find((item) => item.trackingNumber)?.trackingNumber ?? null;
const providerOf = (items: readonly MarketplaceItem[]) =>
  items.find((item) => item.shipmentProvider)?.shipmentProvider ?? null;
/** When the package became ready, as far as its items tell. */
const readyAt = (items: readonly MarketplaceItem[], readAt: Date) =>
  items.flatMap((item) => item.updatedAt ?? []).toSorted((a, b) => b.getTime() - a.getTime())[0] ?? readAt;

/** Numbers that were unknown, and new ones: SOF acts per number, so a renumbered package has to be shipped again. */
function numberPackages(order: Order, { items }: Read): Change {
  return fold(order, order.packages, (current, parcel) => {
    const live = ofPackage(items, parcel.packageId);
    const number = numberOf(live);
    const fields = { shipmentProvider: parcel.shipmentProvider ?? providerOf(live) };
    if (number === null || number === parcel.trackingNumber)
      return quiet(updatePackage(current, parcel.packageId, fields));
    const renumbered = { ...fields, ...notShipped(parcel), trackingNumber: number };
    return {
      order: adoptUnderNumber(updatePackage(current, parcel.packageId, renumbered), parcel.packageId),
      events: [trackingKnown(parcel.packageId, number)],
    };
  });
}
/** Under its new number, unless that one was shipped before: numbers may go back and forth. */
function notShipped({ trackingNumber, state }: Package): Partial<Package> {
  if (trackingNumber === null) return {};
  const unsent = { shippedSentAt: null, confirmedAt: null };
  if (state === 'cancelled') return unsent; // what it is, its items say when they are alive again
  return state === 'shipped' ? { ...unsent, state: 'ready_to_ship' } : {};
}
const trackingKnown = (packageId: string, trackingNumber: string): OrderEvent => ({
  kind: 'tracking_known',
  packageId,
  data: { trackingNumber },
});

function movePackages(order: Order, { items, readAt }: Read): Change {
  return quiet(
    order.packages.reduce((moved, parcel) => {
      const shown = shownState(items, parcel.packageId);
      const state = atLeastSent(parcel, advance(parcel.state, shown));
      if (state === parcel.state) return moved;
      const ready = reaches(state, 'ready_to_ship') && state !== 'cancelled' && !parcel.readyToShipAt;
      return updatePackage(moved, parcel.packageId, {
        state,
        ...(ready ? { readyToShipAt: readyAt(ofPackage(items, parcel.packageId), readAt) } : {}),
        ...(isEnd(state) ? { confirmedAt: readAt } : {}),
      });
    }, order),
  );
}

/** A package that was thought cancelled and is alive again is not shipped twice. */
function atLeastSent(parcel: Package, state: PackageState): PackageState {
  const sent = lastSent(parcel)?.status;
  return sent && !reaches(state, sent) ? sent : state;
}

/** Packages that we see for the first time: packed by hand, re-packed, or packed by us just before a crash. */
function addPackages(order: Order, { items, readAt }: Read): Change {
  const known = new Set(order.packages.map((parcel) => parcel.packageId));
  const seen = new Set(items.filter(isShippable).flatMap((item) => item.packageId ?? []));
  const added = [...seen]
    .filter((packageId) => !known.has(packageId))
    .flatMap((packageId) => {
      const live = ofPackage(items, packageId);
      const state = shownState(items, packageId);
      if (state === null || state === 'cancelled' || state === 'ended_differently') return [];
      return [
        newPackage({
          packageId,
          state,
          trackingNumber: numberOf(live),
          shipmentProvider: providerOf(live),
          readyToShipAt: reaches(state, 'ready_to_ship') ? readyAt(live, readAt) : null,
          confirmedAt: isEnd(state) ? readAt : null,
        }),
      ];
    });
  return {
    order: added.length > 0 ? { ...order, packages: [...order.packages, ...added] } : order,
    events: added.flatMap((parcel) =>
      parcel.trackingNumber ? [trackingKnown(parcel.packageId, parcel.trackingNumber)] : [],
    ),
  };
}

function resolveAttempts(order: Order, read: Read): Change {
  return fold(order, order.attempts.filter(isOpenAttempt), (current, attempt) => {
    const parcel = findPackage(current, attempt.packageRowId);
    if (parcel && saysNothing(parcel, read)) return lookAgain(current, attempt, read);
    const shown = parcel ? shownState(read.items, parcel.packageId) : null;
    return resolveAttempt(current, attempt, shown, read.readAt, read.now) ?? quiet(current);
  });
}

/** An item of it has a status that tells nothing, or was left out: that is no word of whether the status arrived. */
const saysNothing = ({ packageId }: Package, { items, named }: Read): boolean => {
  const shown = shownState(items, packageId);
  const isLeftOut = ({ orderItemId }: MarketplaceItem) => !named.has(orderItemId);
  return shown === null || (shown !== 'cancelled' && ofPackage(items, packageId).some(isLeftOut));
};

function lookAgain(order: Order, attempt: Attempt, { readAt, now }: Read): Change {
  if (readAt < readBackAt(order, attempt)) return quiet(order);
  const key = { step: attempt.status, ref: attempt.packageRowId };
  const why = { errorCode: 'not_shown', error: 'the items do not tell whether the status arrived' };
  const since = sinceOf(findRow(order, key), why.errorCode, now);
  const dueAt = nextLook(SCHEDULES.tracking, since, now) ?? new Date(now.getTime() + DAY);
  return quiet(putRow(order, key, now, { ...why, dueAt }));
}

function confirmPackages(order: Order, { items, readAt }: Read): Change {
  const confirmed = order.packages.filter((parcel) => {
    const sent = lastSent(parcel);
    return (
      sent &&
      !parcel.confirmedAt &&
      sent.at <= readAt &&
      confirms(shownState(items, parcel.packageId), sent.status) === 'yes'
    );
  });
  return {
    order: confirmed.reduce((done, parcel) => updatePackage(done, parcel.packageId, { confirmedAt: readAt }), order),
    events: confirmed.map((parcel) => ({
      kind: 'status_confirmed',
      packageId: parcel.packageId,
      data: { status: lastSent(parcel)?.status },
    })),
  };
}

/** The host's ready-to-ship flag, judged by what a read has just shown, never by what was stored before. */
function endShipping(order: Order, { items }: Read): Change {
  if (items.length > 0 && !items.some(isLive)) return withoutFlags(order);
  const shippable = items.filter(isShippable);
  const done = order.updateShipping && shippable.length > 0 && shippable.every(isReady);
  return quiet(done ? { ...order, updateShipping: false } : order);
}

/** Each open package without a number waits on its ladder; the number ends it. */
function waitForNumbers(order: Order, { now }: Read): Change {
  return fold(order, order.packages, (current, parcel) => {
    const key = { step: 'tracking', ref: parcel.id } as const;
    if (parcel.trackingNumber || !isOpen(parcel)) return quiet(dropRow(current, key));
    const row = findRow(current, key);
    if (parcel.id === '' || row?.blocked) return quiet(current);
    const reason = { errorCode: 'tracking_missing', error: `package ${parcel.packageId} has no tracking number yet` };
    const dueAt = nextLook(SCHEDULES.tracking, sinceOf(row, reason.errorCode, now), now);
    const waiting = putRow(current, key, now, { dueAt, tries: 0, blocked: dueAt === null, ...reason });
    return { order: waiting, events: dueAt ? [] : [blockedEvent(key, reason)] };
  });
}
const blockedEvent = (
  key: { step: string; ref: string },
  { errorCode, error }: { errorCode: string; error: string },
): OrderEvent => ({
  kind: 'blocked',
  data: { ...key, code: errorCode, reason: error },
});

/** The read worked, so nothing failed any more; what is still not confirmed after 14 days is a person's turn. */
function watchConfirmations(order: Order, { readAt, now }: Read): Change {
  return fold(order, order.packages, (current, parcel) => {
    const key = { step: 'confirm', ref: parcel.id } as const;
    const sent = lastSent(parcel);
    const overdue = sent && !parcel.confirmedAt && isWatched(parcel) && nextLook(CONFIRM, sent.at, readAt) === null;
    if (!overdue) return quiet(dropRow(current, key));
    if (findRow(current, key)?.blocked) return quiet(current);
    const error = `Lazada has not shown ${sent.status} of package ${parcel.packageId} for 14 days`;
    const reason = { errorCode: 'status_mismatch', error };
    return {
      order: putRow(current, key, now, { blocked: true, dueAt: null, ...reason }),
      events: [blockedEvent(key, reason)],
    };
  });
}
const isWatched = (parcel: Package) => parcel.state !== 'cancelled';

const LOOK = { step: 'look', ref: '' } as const;

/** What is waited for in the items, beside the daily look: a cancellation's outcome, else packages for items that lost theirs. */
function watchItems(order: Order, { now }: Read): Change {
  const reason = reasonToLook(order);
  if (!reason) return quiet(dropRow(order, LOOK));
  const { schedule, ...why } = reason;
  const since = sinceOf(findRow(order, LOOK), why.errorCode, now);
  const dueAt = nextLook(schedule, since, now) ?? new Date(now.getTime() + DAY);
  return quiet(putRow(order, LOOK, now, { ...why, dueAt, tries: 0, blocked: false }));
}

function reasonToLook({ items, packages }: Order) {
  if (items?.some((item) => isLive(item) && item.cancelPending)) {
    const error = 'the buyer asked to cancel, Lazada has not decided';
    return { schedule: CANCEL_PENDING, errorCode: 'cancel_pending', error };
  }
  const strays = packages.length > 0 ? (items ?? []).filter((item) => isShippable(item) && !item.packageId) : [];
  if (strays.length === 0) return null;
  const error = `item ${strays.map(({ orderItemId }) => orderItemId).join(', ')} is in no package any more`;
  return { schedule: SCHEDULES.tracking, errorCode: 'awaiting_package', error };
}
