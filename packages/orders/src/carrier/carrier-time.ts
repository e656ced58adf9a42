/**
 * Times as carriers write them. One with a zone is a moment; one without is a clock on some wall, read by the zone of its
 * place, else of the destination, else of the account. A day without a time is no moment: none is made up for it.
 */
import { localClock } from '../days/days.ts';
import type { Account } from '../model/order.ts';
import { MINUTE } from '../model/schedules.ts';
import { zonesOf } from './zones.ts';

export type WhereAndWhose = {
  /** Of its place, then of the destination; null: not named. */
  readonly countries: readonly (string | null)[];
  readonly account: Pick<Account, 'country' | 'timezone'>;
};

const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,12}))?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

type Read = { readonly clock: string; readonly offset: string | undefined };

/** Null: no time that a clock can show. */
export function carrierTime(written: string | null, where: WhereAndWhose): Date | null {
  const read = readParts(written);
  if (!read) return null;
  if (read.offset !== undefined) return moment(`${read.clock}${withColon(read.offset)}`);
  return onTheWall(read.clock, where);
}

/**
 * The latest moment that it can mean: of a day without a time its end. For "is it newer than", where a day that is all that
 * is known must not make a shipment old.
 */
export function latestCarrierTime(written: string | null, where: WhereAndWhose): Date | null {
  const day = /^\d{4}-\d\d-\d\d$/.exec(written?.trim() ?? '')?.[0];
  return carrierTime(day === undefined ? written : `${day}T23:59:59`, where);
}

/** A fraction of any length is cut to milliseconds. Null also for a day alone. */
function readParts(written: string | null): Read | null {
  const [, day, time, fraction = '', offset] = WRITTEN.exec(written?.trim() ?? '') ?? [];
  if (day === undefined || time === undefined) return null;
  const seconds = time.length === 5 ? `${time}:00` : time;
  return { clock: `${day}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}`, offset: offset?.toUpperCase() };
}

const withColon = (offset: string) =>
  /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;

/** Programs write 0001-01-01 and 9999-12-31 for "not known" and "never"; clocks of some zones show year 10000 then. */
const [FIRST_YEAR, LAST_YEAR] = [2000, 9998];

/** Null for a day that no calendar has: `Date` would make the 31st of April the 1st of May. */
function moment(text: string): Date | null {
  const year = Number(text.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const [at, day] = [new Date(text), new Date(`${text.slice(0, 10)}T00:00:00Z`)];
  if (Number.isNaN(at.getTime()) || Number.isNaN(day.getTime())) return null;
  return day.toISOString().startsWith(text.slice(0, 10)) ? at : null;
}

/** The first country whose clocks agree on it decides, else the account's zone. */
function onTheWall(clock: string, { countries, account }: WhereAndWhose): Date | null {
  for (const country of countries) {
    const at = country === null ? null : agreed(clock, zonesIn(country, account));
    if (at) return at;
  }
  return inZone(clock, account.timezone);
}

/** Of the account's own country its zone is known, however many there are. */
const zonesIn = (country: string, account: WhereAndWhose['account']): readonly string[] =>
  country.toUpperCase() === account.country ? [account.timezone] : zonesOf(country);

/** Null where they show it at different moments. */
function agreed(clock: string, zones: readonly string[]): Date | null {
  const moments = zones.map((zone) => inZone(clock, zone));
  const [first = null] = moments;
  return moments.every((at) => at?.getTime() === first?.getTime()) ? first : null;
}

/** Asked twice: the first answer is the offset some hours away from it, the second is its own. */
function inZone(clock: string, zone: string): Date | null {
  const asUtc = moment(`${clock}Z`);
  if (!asUtc) return null;
  const near = new Date(asUtc.getTime() - offsetAt(asUtc, zone));
  return new Date(asUtc.getTime() - offsetAt(near, zone));
}

function offsetAt(at: Date, zone: string): number {
  const { day, time } = localClock(at, zone);
  return Date.parse(`${day}T${time}Z`) - Math.floor(at.getTime() / MINUTE) * MINUTE;
}
