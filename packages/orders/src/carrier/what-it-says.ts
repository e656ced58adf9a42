/**
 * What a carrier's answer means for one parcel: an end with the carrier's own time, a failure that is told, or nothing yet.
 * Nothing is guessed: which of several shipments is ours, which clock a time was read from, whether a parcel goes back.
 */
import type { EndStatus, Package } from '../model/order.ts';
import { carrierTime, latestCarrierTime, type WhereAndWhose } from './carrier-time.ts';
import type { CarrierCode, CarrierEvent, CarrierShipment } from './shipment.ts';

/** Of an answer code, time and service are kept, and none of its words: they may name the buyer. */
export type CarrierFacts = { readonly code: CarrierCode; readonly at: Date | null; readonly service: string | null };

export type CarrierSays =
  /** Look again by the ladder. */
  | { readonly is: 'nothing'; readonly detail: string }
  | (CarrierFacts & { readonly is: 'ended'; readonly end: EndStatus; readonly at: Date })
  /** A person should know; sets nothing. */
  | (CarrierFacts & { readonly is: 'told'; readonly detail: string });

export type AskedParcel = {
  readonly number: string;
  readonly readyToShipAt: Package['readyToShipAt'];
  readonly account: WhereAndWhose['account'];
};

export function whatCarrierSays(shipments: readonly CarrierShipment[], asked: AskedParcel): CarrierSays {
  if (shipments.length === 0) return { is: 'nothing', detail: `it does not know ${asked.number} yet` };
  const ours = shipments.filter(({ number }) => bare(number) === bare(asked.number));
  if (ours.length === 0) return { is: 'nothing', detail: othersOnly(shipments, asked.number) };
  const [only, ...more] = ours;
  if (only && more.length === 0) return ofTheOnlyOne(only, asked);
  const newer = ours.filter((one) => isNewer(one, asked));
  const [shipment] = newer;
  if (shipment && newer.length === 1) return ofShipment(shipment, asked.account);
  return { is: 'told', code: 'unknown', at: null, service: null, detail: severalOf(ours, newer, asked.number) };
}

/** Numbers are compared as they are but for spaces and the case of letters: zeros in front are part of them. */
const bare = (number: string) => number.replaceAll(/\s/g, '').toUpperCase();

const othersOnly = (shipments: readonly CarrierShipment[], number: string): string =>
  `its answer to ${number} holds only other numbers (${listed(shipments.map((one) => one.number))}); where one of them is the parcel's, say that one`;

const severalOf = (ours: readonly CarrierShipment[], newer: readonly CarrierShipment[], number: string): string =>
  `it has ${ours.length} shipments with number ${number} (${listed(ours.map(({ service }) => service ?? 'no service'))}), and ${newer.length === 0 ? 'none' : newer.length} of them moved since the parcel was ready to ship; see there how it stands and say its end yourself`;

const MOST_LISTED = 5;
const listed = (words: readonly string[]): string =>
  [...words.slice(0, MOST_LISTED), ...(words.length > MOST_LISTED ? ['…'] : [])].join(', ');

/**
 * The new shipment of a number that was used before may not be known yet: then the old one is all that there is, and its end is
 * another parcel's. One that is only announced, or on its way, sets nothing in any case.
 */
function ofTheOnlyOne(shipment: CarrierShipment, asked: AskedParcel): CarrierSays {
  const says = ofShipment(shipment, asked.account);
  if (says.is === 'nothing' || asked.readyToShipAt === null || isNewer(shipment, asked)) return says;
  const { code, at, service } = says;
  return { is: 'told', code, at, service, detail: oldOne(code, asked.number) };
}

const oldOne = (code: CarrierCode, number: string): string =>
  `it says ${code} of a shipment with number ${number} that has not moved since the parcel was ready to ship, so it may be an older one's; it is asked on; where it is this parcel's, say its end yourself`;

/** A number that was used before comes back with its old shipment. */
function isNewer(shipment: CarrierShipment, { readyToShipAt, account }: AskedParcel): boolean {
  if (readyToShipAt === null) return false;
  return [shipment.status, ...shipment.events].some((event) => {
    const at = latestCarrierTime(event.time, whereOf(event, shipment, account));
    return at !== null && at > readyToShipAt;
  });
}

const whereOf = (
  event: CarrierEvent,
  { destination }: CarrierShipment,
  account: AskedParcel['account'],
): WhereAndWhose => ({
  countries: [event.country, destination],
  account,
});

function ofShipment(shipment: CarrierShipment, account: AskedParcel['account']): CarrierSays {
  const timed = timedEvents(shipment, account);
  const { code, at } = now(shipment, timed, account);
  const facts = { code, at, service: shipment.service };
  if (code !== 'delivered' && code !== 'failure') return { is: 'nothing', detail: `it says ${code}` };
  const back = goingBack(shipment, timed, { code, at });
  if (back) return ended(facts, 'not_delivered', back.at);
  if (code === 'delivered') return ended(facts, 'delivered', at);
  return { ...facts, is: 'told', detail: 'it could not deliver, and does not say that the parcel goes back' };
}

/** An end without a time that a clock shows is a person's to say. */
function ended(facts: CarrierFacts, end: EndStatus, at: Date | null): CarrierSays {
  if (at) return { ...facts, is: 'ended', end, at };
  const detail = `it says ${end} without a time of day; see there when it was and say it yourself`;
  return { ...facts, is: 'told', detail };
}

type Timed = CarrierEvent & { readonly at: Date | null };

/** Newest first. What has no time that can be read stands where the carrier put it. */
function timedEvents(shipment: CarrierShipment, account: AskedParcel['account']): Timed[] {
  const timed = shipment.events.map((event) => ({
    ...event,
    at: carrierTime(event.time, whereOf(event, shipment, account)),
  }));
  return timed.every(({ at }) => at) ? timed.toSorted((a, b) => Number(b.at) - Number(a.at)) : timed;
}

/** Its own code, else that of its newest event that has one; with the status's time, else that event's. */
function now(
  shipment: CarrierShipment,
  timed: readonly Timed[],
  account: AskedParcel['account'],
): { readonly code: CarrierCode; readonly at: Date | null } {
  const { status } = shipment;
  const newest = timed.find((event) => event.code !== null);
  const code = status.code ?? newest?.code ?? 'unknown';
  const at = carrierTime(status.time, whereOf(status, shipment, account));
  return { code, at: at ?? timed.find((event) => event.code === code)?.at ?? null };
}

/**
 * The parcel is on its way to its sender, or has arrived there: since the first event that says so. A failure has to say it
 * itself, since a parcel that was turned back once may be delivered after all, and then failed again.
 */
function goingBack(
  shipment: CarrierShipment,
  timed: readonly Timed[],
  { code, at }: { readonly code: CarrierCode; readonly at: Date | null },
): { readonly at: Date | null } | null {
  const says = timed.filter((event) => event.goesBack);
  const itself = code === 'delivered' ? says.length > 0 : timed.find((event) => event.code === code)?.goesBack;
  const isReturn = shipment.goesBack || shipment.status.goesBack || itself;
  if (!isReturn) return null;
  return { at: says.at(-1)?.at ?? at };
}
