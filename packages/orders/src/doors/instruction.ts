/**
 * The one rule behind every door: an order and what somebody says of it become what changes, or a refusal that names the
 * field, the value and the way out. The row never depends on the door.
 *
 * Refused is what cannot be done as it is written, and what contradicts what the marketplace has accepted, shows, or is
 * about to accept. What is only too early, in the future, or contradicts what nobody has sent is taken and held, as it
 * would be from the host.
 */
import type { Change, Order, OrderEvent } from '../model/order.ts';
import { updatePackage } from '../model/packages.ts';
import { reaches } from '../model/status.ts';
import { arrivalOf } from './arrival.ts';
import { carrierNumber, withPlainCarrier } from './carrier-number.ts';
import { endOrder, endPackage, type Saying } from './ends.ts';
import { contradicts, invalid, inWords, Refused, refuseForeignFields, saidOfWholeOrder, sentEnds } from './refuse.ts';
import { releaseOrder } from './release-order.ts';
import { isLivePackage, targetOf } from './target.ts';
import type {
  NarrowUpdate,
  OrderDecision,
  OrderUpdate,
  PackageView,
  UpdateDecision,
  UpdatePatch,
  UpdateRefusal,
  UpdateView,
} from './update.ts';
import { withdraw } from './withdraw.ts';

/** On a narrow view. `now`: what a missing time is filled with, the moment at which the update arrived. */
export function decideUpdate(view: UpdateView, update: NarrowUpdate, now: Date): UpdateDecision {
  const sent = sentEnds(view);
  try {
    const patch = decide(view, update, now);
    return { ok: true, patch: { ...patch, events: withRequestId(patch.events, update) }, sent };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error, sent) };
  }
}

/** On a whole order: any update. `now`: the moment; `arrivedAt`: when the update came, which fills a missing time. */
export function decideOnOrder(
  order: Order,
  update: OrderUpdate,
  { now, arrivedAt = now }: { readonly now: Date; readonly arrivedAt?: Date },
): OrderDecision {
  if (isNarrow(update)) {
    const decided = decideUpdate(order, update, arrivalOf(arrivedAt, { now, createdAt: order.createdAt }));
    return decided.ok ? { ok: true, change: applyPatch(order, decided.patch), sent: decided.sent } : decided;
  }
  const sent = sentEnds(order);
  try {
    const change = releaseOrder(order, update, now);
    return { ok: true, change: { ...change, events: withRequestId(change.events, update) }, sent };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error, sent) };
  }
}

const isNarrow = (update: OrderUpdate): update is NarrowUpdate => update.status !== 'release';

function refusalOf(error: unknown, sent: UpdateRefusal['sent']): UpdateRefusal {
  if (!(error instanceof Refused)) throw error;
  return { ...error.refusal, sent };
}

/** The whole order with the change in it, for whoever writes whole orders. */
export const applyPatch = (order: Order, patch: UpdatePatch): Change => ({
  order: patch.packages.reduce((rest, { packageId, fields }) => updatePackage(rest, packageId, fields), {
    ...order,
    ...patch.order,
  }),
  events: patch.events,
});

function decide(view: UpdateView, given: NarrowUpdate, now: Date): UpdatePatch {
  refuseForeignFields(given);
  const update = withPlainCarrier(given);
  const target = targetOf(view, update);
  const number = carrierNumber(view, target, update);
  if (update.status === undefined) return numberAlone(number, target, update);
  const said = SAY[update.status](view, target, update, sayingOf(update, target, now));
  return {
    order: { ...number.order, ...said.order },
    packages: [...number.packages, ...said.packages],
    events: said.events,
  };
}

type Say = (view: UpdateView, target: PackageView | null, update: OrderUpdate, saying: Saying) => UpdatePatch;

const SAY: Readonly<Record<NonNullable<NarrowUpdate['status']>, Say>> = {
  ready_to_ship: (_view, target, update, { event }) => {
    if (target) throw saidOfWholeOrder(update);
    return { order: { updateShipping: true, toolStatus: 'ready_for_delivery' }, packages: [], events: [event] };
  },
  shipped: (view, target, update, saying) =>
    target ? shipPackage(target, update, saying) : shipOrder(view, update, saying),
  delivered: (view, target, update, saying) =>
    target ? endPackage(view, target, 'delivered', update, saying) : endOrder(view, 'delivered', update, saying),
  not_delivered: (view, target, update, saying) =>
    target
      ? endPackage(view, target, 'not_delivered', update, saying)
      : endOrder(view, 'not_delivered', update, saying),
  withdraw: (view, target, update) => withdraw(view, target, update),
};

/** Its time only: that it is shipped is told when its number is known. */
function shipPackage(parcel: PackageView, update: OrderUpdate, { at, event }: Saying): UpdatePatch {
  const isKnown = isShippedAt(parcel, update, at);
  return {
    order: {},
    packages: isKnown ? [] : [{ packageId: parcel.packageId, fields: { shippedAt: at } }],
    events: [event],
  };
}

function shipOrder(view: UpdateView, update: OrderUpdate, { at, event }: Saying): UpdatePatch {
  const live = view.packages.filter(isLivePackage);
  const waiting = live.filter((parcel) => !reaches(parcel.state, 'shipped') && parcel.shippedSentAt === null);
  const isKnown = live.length > 0 && waiting.length === 0 && live.every((parcel) => isShippedAt(parcel, update, at));
  return { order: isKnown ? {} : { shippedAt: at }, packages: [], events: [event] };
}

/** True where it is so already. @throws Refused where Lazada has another time */
function isShippedAt(parcel: PackageView, update: OrderUpdate, at: Date): boolean {
  if (parcel.shippedSentAt === null) return reaches(parcel.state, 'shipped');
  if (update.occurredAt === undefined || parcel.shippedAt?.getTime() === at.getTime()) return true;
  throw contradicts(
    update,
    `package ${parcel.packageId}: Lazada has accepted shipped with ${inWords(parcel.shippedAt)}; a time that was sent cannot be changed: leave occurredAt out, or send that one`,
  );
}

function numberAlone(
  number: Pick<UpdatePatch, 'order' | 'packages'>,
  target: PackageView | null,
  update: OrderUpdate,
): UpdatePatch {
  const { carrier, carrierTrackingNumber } = update;
  if (carrierTrackingNumber === undefined)
    throw invalid(update, 'status', 'it is missing: say a status, or a carrier and its number');
  const event: OrderEvent = { kind: 'flag_set', ...packageOf(target), data: { carrier, carrierTrackingNumber } };
  return { ...number, events: [event] };
}

/** What is stored beyond it is read back as no time. */
const END_OF_TIME = Date.UTC(10_000, 0) - 1;

function sayingOf(update: OrderUpdate, target: PackageView | null, now: Date): Saying {
  const { status, occurredAt, carrier, carrierTrackingNumber, reason } = update;
  if (occurredAt && !(occurredAt.getTime() <= END_OF_TIME))
    throw invalid(update, 'occurredAt', 'it is no time; write one like 2026-03-14T15:09:26+08:00');
  const at = occurredAt ?? now;
  const data = {
    ...{ status, at },
    ...(occurredAt === undefined && { timeFilled: true }),
    ...(carrierTrackingNumber !== undefined && { carrier, carrierTrackingNumber }),
    ...(reason !== undefined && { reason }),
  };
  return { at, event: { kind: 'flag_set', ...packageOf(target), data } };
}

const packageOf = (target: PackageView | null) => (target ? { packageId: target.packageId } : {});

/** On the first event, under which the request is found again. */
function withRequestId(events: readonly OrderEvent[], { requestId }: OrderUpdate): readonly OrderEvent[] {
  const [first, ...rest] = events;
  if (!first || requestId === undefined) return events;
  return [{ ...first, data: { ...first.data, requestId } }, ...rest];
}
