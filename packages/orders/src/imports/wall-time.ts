/**
 * What an account's clock shows, as a moment. Where that clock leaves an hour out, or shows it twice, nobody guesses which
 * moment was meant.
 */
import { localClock } from '../days/days.ts';
import { DAY, MINUTE } from '../model/schedules.ts';

export type Moment =
  | { readonly kind: 'moment'; readonly at: number }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'repeated' };

/** From the next day on some clocks show the year 10000; it is the future wherever, and spreadsheets' word for "never". */
const LAST_DAY = Date.UTC(9999, 11, 28);

/** `wall`: the clock's reading, in milliseconds as if the clock were UTC's. */
export function momentOf(wall: number, timezone: string): Moment {
  if (wall >= LAST_DAY) return { kind: 'moment', at: wall };
  const steady = steadyOffset(wall, timezone);
  if (steady !== null) return { kind: 'moment', at: wall - steady };
  const around = new Set([offsetAt(wall - DAY, timezone), offsetAt(wall + DAY, timezone)]);
  const moments = [...around].map((offset) => wall - offset).filter((at) => at + offsetAt(at, timezone) === wall);
  const [at, other] = moments;
  if (at === undefined) return { kind: 'skipped' };
  return other === undefined ? { kind: 'moment', at } : { kind: 'repeated' };
}

/** Asking `Intl` takes microseconds, and a file has a million times of a few days. */
const steady = new Map<string, Map<number, number | null>>();
const MOST_DAYS = 10_000;

/** The offset of all of that day and of those beside it; null: it changes there. */
function steadyOffset(wall: number, timezone: string): number | null {
  const day = Math.floor(wall / DAY);
  const known = steady.get(timezone) ?? new Map<number, number | null>();
  steady.set(timezone, known);
  const found = known.get(day);
  if (found !== undefined) return found;
  const before = offsetAt((day - 1) * DAY, timezone);
  const isSteady = before === offsetAt(day * DAY, timezone) && before === offsetAt((day + 2) * DAY, timezone);
  if (known.size >= MOST_DAYS) known.clear();
  known.set(day, isSteady ? before : null);
  return isSteady ? before : null;
}

function offsetAt(at: number, timezone: string): number {
  const minute = Math.floor(at / MINUTE) * MINUTE;
  const { day, time } = localClock(new Date(minute), timezone);
  return Date.parse(`${day}T${time}:00Z`) - minute;
}
