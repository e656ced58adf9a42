/** What a carrier's answer leaves in the parcel's order. It ends in the rule that all doors have, and is heard once. */
import { decideOnOrder } from '../doors/instruction.ts';
import type { Change, Order, OrderEvent } from '../model/order.ts';
import { findPackage } from '../model/packages.ts';
import type { Carrier } from '../model/ports.ts';
import { CARRIER, nextLook } from '../model/schedules.ts';
import { findRow, putRow } from '../model/step-rows.ts';
import { carrierOf, isPolled } from './polled.ts';
import type { CarrierSays } from './what-it-says.ts';

/** What it said; the same again is the same word, whoever took it back meanwhile. */
export type CarrierWord = {
  readonly carrier: Pick<Carrier, 'name' | 'title'>;
  /** About which it was asked. */
  readonly number: string;
  readonly says: CarrierSays;
  /** It was heard before, so its order has had it. */
  readonly isKnown: boolean;
};

/** Under which an answer is known again; null: it says nothing that is kept. Two parcels may go under one number, and each hears it. */
export function wordId(packageRowId: string, { carrier, number, says }: Omit<CarrierWord, 'isKnown'>): string | null {
  if (says.is === 'nothing') return null;
  const said = says.is === 'ended' ? says.end : says.code;
  return [carrier.name, number, packageRowId, said, says.at?.toISOString() ?? 'no time'].join(' ');
}

/** Null where nobody wants to know any more: the parcel has ended, has another number, or a person has spoken meanwhile. */
export function recordCarrierWord(order: Order, packageRowId: string, word: CarrierWord, now: Date): Change | null {
  const parcel = findPackage(order, packageRowId);
  const asked = parcel && carrierOf(parcel);
  if (!parcel || asked?.number !== word.number || asked.name !== word.carrier.name || !isPolled(order, parcel))
    return null;
  const { carrier, says, isKnown } = word;
  const wait = (words: string, events: readonly OrderEvent[] = []): Change => ({
    order: lookAgain(order, packageRowId, `${carrier.title}: ${words}`, now),
    events,
  });
  if (says.is === 'nothing') return wait(says.detail);
  const heard = { carrier: carrier.name, code: says.code, at: says.at, service: says.service };
  const requestId = wordId(packageRowId, word) ?? '';
  const note = (data: Record<string, unknown>): OrderEvent[] =>
    isKnown ? [] : [{ kind: 'noted', packageId: parcel.packageId, data: { ...heard, ...data, requestId } }];
  if (says.is === 'told') return wait(says.detail, note({ detail: says.detail }));
  if (isKnown)
    return wait(`${says.end} at ${says.at.toISOString()}, as it said before; it was refused, or somebody took it back`);
  const update = { status: says.end, occurredAt: says.at, packageId: parcel.packageId, requestId, ...reasonOf(word) };
  const decided = decideOnOrder(order, update, { now });
  if (!decided.ok) return wait(decided.refusal.reason, note({ refused: decided.refusal.reason }));
  const events = decided.change.events.map((event) => ({ ...event, data: { ...event.data, ...heard } }));
  return { ...decided.change, events };
}

const reasonOf = ({ carrier, says }: CarrierWord) =>
  says.is === 'ended' && says.end === 'not_delivered' ? { reason: `${carrier.title}: it goes back to its sender` } : {};

/** By the ladder, which began at its first look. An answer ends what failed before. */
function lookAgain(order: Order, ref: string, words: string, now: Date): Order {
  const key = { step: 'carrier_poll', ref } as const;
  const since = findRow(order, key)?.since ?? now;
  const dueAt = nextLook(CARRIER, since, now);
  return putRow(order, key, now, { since, dueAt, tries: 0, blocked: false, errorCode: null, error: words });
}
