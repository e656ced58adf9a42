/** Which days' indexes a change of an order makes untrue, and of which days' manifests it tells too late. Pure. */
import type { Order, Package } from '../model/order.ts';
import { type Day, isOver, localClock } from './days.ts';

/** The days that are over whose index tells something else of the order than before, or tells of it at all now. */
export function indexDaysTouched(before: Order, after: Order, now: Date): Day[] {
  const { timezone } = after.account;
  const touched = tellsTheSame(before, after) ? moved(before, after) : [...before.packages, ...after.packages];
  return daysOver(touched, { now, timezone });
}

/** The days that are over in which a package turns out to have been set ready to ship. */
export function manifestDaysTouched(before: Order, after: Order, now: Date): Day[] {
  const { timezone } = after.account;
  const come = moved(before, after).filter((parcel) => after.packages.includes(parcel));
  return daysOver(come, { now, timezone });
}

function daysOver(packages: readonly Package[], at: { readonly now: Date; readonly timezone: string }): Day[] {
  const days = packages.flatMap(({ readyToShipAt }) =>
    readyToShipAt ? [localClock(readyToShipAt, at.timezone).day] : [],
  );
  return [...new Set(days)].filter((day) => isOver(day, at)).toSorted();
}

const tellsTheSame = (before: Order, after: Order): boolean =>
  before.summary.invoiceStatus === after.summary.invoiceStatus &&
  (before.documents === after.documents || toldOf(before) === toldOf(after));

/** Bytes never change under their name, so the name stands for them. */
const toldOf = ({ documents }: Order): string =>
  JSON.stringify(documents.map(({ documentId, path, hasPdf }) => [documentId, path, hasPdf]));

/** Packages, as they were and as they are, whose day is another one. */
function moved(before: Order, after: Order): Package[] {
  if (before.packages === after.packages) return [];
  const was = new Map(before.packages.map((parcel) => [parcel.packageId, parcel]));
  return after.packages.flatMap((parcel) => {
    const old = was.get(parcel.packageId);
    return old?.readyToShipAt?.getTime() === parcel.readyToShipAt?.getTime() ? [] : [parcel, ...(old ? [old] : [])];
  });
}
