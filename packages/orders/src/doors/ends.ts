/** `delivered` and `not_delivered`, of the whole order or of one package. */
import type { EndStatus, OrderEvent } from '../model/order.ts';
import { stands } from '../model/standing.ts';
import { isEnd, otherEnd } from '../model/status.ts';
import { contradicts, inWords } from './refuse.ts';
import { isLivePackage } from './target.ts';
import { onItsWay, openEnd } from './under-way.ts';
import type { OrderUpdate, PackageView, UpdatePatch, UpdateView } from './update.ts';

export type Saying = { readonly at: Date; readonly event: OrderEvent };

const FIELDS = {
  delivered: { at: 'deliveredAt', sentAt: 'deliveredSentAt' },
  not_delivered: { at: 'notDeliveredAt', sentAt: 'notDeliveredSentAt' },
} as const;

const same = (one: Date | null, other: Date | null): boolean => one?.getTime() === other?.getTime();

/** One package's own instruction: its time, set while nothing was accepted. @throws Refused */
export function endPackage(
  view: UpdateView,
  parcel: PackageView,
  end: EndStatus,
  update: OrderUpdate,
  { at, event }: Saying,
): UpdatePatch {
  const fields = FIELDS[end];
  if (endIsKnown(view, parcel, end, update, at)) return { order: {}, packages: [], events: [event] };
  return {
    order: reasonOf(view, end, update),
    packages: [{ packageId: parcel.packageId, fields: { [fields.at]: at } }],
    events: [event],
  };
}

/** The order's instruction: its flag, for every open package and those that appear later. @throws Refused */
export function endOrder(view: UpdateView, end: EndStatus, update: OrderUpdate, { at, event }: Saying): UpdatePatch {
  const live = view.packages.filter(isLivePackage);
  const known = live.map((parcel) => isOver(view, parcel, end) && endIsKnown(view, parcel, end, update, at));
  const instruction = end === 'delivered' ? view.delivered : view.notDelivered;
  const isDone = live.length > 0 && known.every(Boolean);
  if (isDone || (stands(instruction) && same(instruction.at, at)))
    return { order: reasonOf(view, end, update), packages: [], events: [event] };
  const told = { flag: true, at };
  return {
    order:
      end === 'delivered'
        ? { delivered: { ...view.delivered, ...told } }
        : // A release belongs to its instruction: one set anew has to be released again.
          { notDelivered: { ...view.notDelivered, ...told, releasedAt: null, reason: reasonIn(view, update) } },
    packages: [],
    events: [event],
  };
}

/** Something of this package's end has been let go, accepted or shown: nobody can take that back. */
const isOver = (view: UpdateView, parcel: PackageView, end: EndStatus): boolean =>
  isEnd(parcel.state) || parcel[FIELDS[end].sentAt] !== null || openEnd(view, parcel) !== undefined;

/** True where it is so already; false where it may still be said. @throws Refused where it contradicts */
function endIsKnown(view: UpdateView, parcel: PackageView, end: EndStatus, update: OrderUpdate, at: Date): boolean {
  const under = openEnd(view, parcel);
  if (under && under.status !== end) throw onItsWay(update, parcel, under);
  if (under)
    return agree(
      update,
      parcel,
      `${end} is on its way to Lazada with ${inWords(under.occurredAt)}`,
      same(under.occurredAt, at),
    );
  if (parcel.state === otherEnd(end))
    throw contradicts(update, `package ${parcel.packageId} is already ${parcel.state}; ${WAY_OUT}`);
  if (parcel.state !== end) return false;
  const { at: field, sentAt } = FIELDS[end];
  // Only shown by Lazada, posted by hand: there is no time of ours to contradict.
  if (parcel[sentAt] === null) return true;
  return agree(update, parcel, `Lazada has accepted ${end} with ${inWords(parcel[field])}`, same(parcel[field], at));
}

const WAY_OUT = 'where Lazada is wrong, mend it in the Seller Center; where another package is meant, name it';

function agree(update: OrderUpdate, { packageId }: PackageView, fact: string, agrees: boolean): true {
  if (agrees || update.occurredAt === undefined) return true;
  throw contradicts(
    update,
    `package ${packageId}: ${fact}; a time that was sent cannot be changed: leave occurredAt out, or send that one`,
  );
}

const reasonIn = (view: UpdateView, { reason }: OrderUpdate): string | null => reason ?? view.notDelivered.reason;
const reasonOf = (view: UpdateView, end: EndStatus, update: OrderUpdate): UpdatePatch['order'] =>
  end === 'not_delivered' && update.reason !== undefined
    ? { notDelivered: { ...view.notDelivered, reason: update.reason } }
    : {};
