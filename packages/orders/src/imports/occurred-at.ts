/**
 * A time as a file tells it: the year first, or nothing. Every other form that people and programs write is recognised, so
 * that the refusal says what is wrong with it, and is never read: nobody guesses whether 3/4 is March or April.
 */
export type ToldTime =
  | { readonly kind: 'moment'; readonly at: number }
  /** What the account's clock showed, in milliseconds as if it were UTC's. */
  | { readonly kind: 'wall'; readonly wall: number }
  | { readonly kind: 'unreadable'; readonly why: UnreadableTime; readonly year?: number };

export type UnreadableTime =
  | 'buddhist'
  | 'number'
  | 'apostrophe'
  | 'day_alone'
  | 'time_alone'
  | 'day_or_month_first'
  | 'no_such_time'
  | 'long_ago'
  | 'other';

const YEAR_FIRST =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ] *(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? *(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const DAY_OR_MONTH_FIRST = /^\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d{2})(?!\d)/;
const WITH_A_YEAR_BEHIND = /(?:^|\D)(\d{4})(?!\d)/;

/** @param text without spaces around it, and not empty */
export function readTime(text: string): ToldTime {
  const parts = YEAR_FIRST.exec(text);
  if (!parts) return { kind: 'unreadable', ...whatElse(westernDigits(text)) };
  const [, year = '', , month, day, hour, minute, second = '0', fraction = '', zone] = parts;
  if (isBuddhist(Number(year))) return unreadable('buddhist', Number(year));
  if (hour === undefined) return unreadable('day_alone');
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const wall = wallOf([year, month, day, hour, minute, second].map(Number), millisecond);
  if (wall === null) return unreadable('no_such_time');
  if (Number(year) < EARLIEST_YEAR) return unreadable('long_ago', Number(year));
  return zone === undefined ? { kind: 'wall', wall } : momentIn(wall, zone);
}

/** Before that no parcel of anybody's was delivered by us; spreadsheets write 1899 and 1900 for a cell without a day. */
const EARLIEST_YEAR = 2000;
const isBuddhist = (year: number) => year >= 2400 && year <= 2700;

const unreadable = (why: UnreadableTime, year?: number): ToldTime => ({
  kind: 'unreadable',
  why,
  ...(year !== undefined && { year }),
});

/** As Thai Windows shows a date. */
const westernDigits = (text: string): string =>
  text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - '๐'.charCodeAt(0)));

/** Whether a sheet's text is one that a program of another country could have turned. */
export const isDayOrMonthFirst = (text: string): boolean => DAY_OR_MONTH_FIRST.test(westernDigits(text.trim()));

function whatElse(text: string): { why: UnreadableTime; year?: number } {
  if (/^[='`´‘’＇]/.test(text)) return { why: 'apostrophe' };
  if (/^-?\d+(?:[.,]\d+)?(?:E[+-]?\d+)?$/i.test(text)) return { why: 'number' };
  const year = Number(WITH_A_YEAR_BEHIND.exec(text)?.[1] ?? 0);
  if (isBuddhist(year)) return { why: 'buddhist', year };
  if (DAY_OR_MONTH_FIRST.test(text)) return { why: 'day_or_month_first' };
  if (/^\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: *[ap]m)?$/i.test(text)) return { why: 'time_alone' };
  return { why: 'other' };
}

/** Null where no calendar or clock shows it. */
function wallOf(parts: readonly number[], millisecond: number): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const shown = new Date(wall);
  return shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day ? wall : null;
}

/** No zone of the world is further away. */
const FARTHEST_HOURS = 14;

function momentIn(wall: number, zone: string): ToldTime {
  if (/^z$/i.test(zone)) return { kind: 'moment', at: wall };
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > FARTHEST_HOURS || minutes > 59) return unreadable('no_such_time');
  const offset = (hours * 60 + minutes) * 60_000;
  return { kind: 'moment', at: zone.startsWith('-') ? wall + offset : wall - offset };
}
