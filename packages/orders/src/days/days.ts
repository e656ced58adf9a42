/**
 * What the clock asks for, once per account and day, in the account's time zone. Pure: which days are due is told by the
 * account's clock and the newest day that was asked for, so a scheduler that was away catches up, and a second one asks
 * for nothing twice.
 */
import { DAY } from '../model/schedules.ts';

/** `YYYY-MM-DD`, in an account's time zone. */
export type Day = string;

type DailyJob = {
  /** `HH:MM` by the account's clock. */
  readonly at: string;
  /** Which day it is about: the one before, which is over by then, or the same. */
  readonly about: 'yesterday' | 'today';
  /** After a time away: each day that was missed, or what is true now alone. */
  readonly catchesUp: 'each day' | 'newest day';
  /** The job of a worker that does it; null: the scheduler tells it itself. */
  readonly handedOnAs: string | null;
};

/** Everything that the clock asks for. Beside it there is the check of `lazada_daily_job.job`, by a migration. */
export const DAILY_JOBS = {
  manifest: { at: '00:10', about: 'yesterday', catchesUp: 'each day', handedOnAs: 'fetch-manifest' },
  index: { at: '00:20', about: 'yesterday', catchesUp: 'each day', handedOnAs: 'upload-index' },
  index_check: { at: '06:00', about: 'yesterday', catchesUp: 'newest day', handedOnAs: null },
  token_warning: { at: '09:00', about: 'today', catchesUp: 'newest day', handedOnAs: null },
} as const satisfies Readonly<Record<string, DailyJob>>;

export type DailyJobName = keyof typeof DAILY_JOBS;
/** Those that the scheduler tells itself. */
export type NoticeName = {
  [Name in DailyJobName]: (typeof DAILY_JOBS)[Name]['handedOnAs'] extends null ? Name : never;
}[DailyJobName];

/** One job of one day of an account. */
export type DailyKey = { readonly accountId: string; readonly job: DailyJobName; readonly day: Day };

/** After a longer time away the days before are left to people: `manifest refetch`, `index re-upload`. */
export const MOST_DAYS_AWAY = 31;

export type Asked = {
  readonly now: Date;
  readonly timezone: string;
  /** The newest day that was asked for; null: none ever was, and nothing before the newest is caught up. */
  readonly newest: Day | null;
};

/** The days that are due and were not asked for, the oldest first. */
export function dueDays(name: DailyJobName, { now, timezone, newest }: Asked): Day[] {
  const { at, about, catchesUp } = DAILY_JOBS[name];
  const { day, time } = localClock(now, timezone);
  const last = addDays(day, (about === 'yesterday' ? -1 : 0) - (time < at ? 1 : 0));
  if (newest !== null && newest >= last) return [];
  if (newest === null || catchesUp === 'newest day') return [last];
  const missed = Math.min(daysBetween(newest, last), MOST_DAYS_AWAY);
  return Array.from({ length: missed }, (_, index) => addDays(last, index + 1 - missed));
}

/** Whether the account's clock has left that day behind. */
export const isOver = (day: Day, { now, timezone }: Omit<Asked, 'newest'>): boolean =>
  day < localClock(now, timezone).day;

/** What an account's clock shows. */
export function localClock(now: Date, timeZone: string): { readonly day: Day; readonly time: string } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return {
    day: `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}`,
  };
}

/** By zone: to make one takes a tenth of a millisecond, and every account is asked for each job each minute. */
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric' },
    ...{ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  formats.set(timeZone, format);
  return format;
}

/** Days of the calendar, which know no clock and no summer time. */
export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
const daysBetween = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / DAY;
