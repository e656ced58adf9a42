/**
 * The ladders of waiting and failing, in one place. A ladder of *waiting* is a list of offsets from the moment at which
 * the waiting began; the next look is the first rung later than now. A ladder of *failing* is a list of intervals,
 * chosen by the number of failed tries.
 */
import type { WaitSchedule } from './failure.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The outside may name any wait; so long one is kept to. */
const LONGEST_NAMED_WAIT = HOUR;

/** A wait that the outside named, as it is kept: an hour at most, and none where what it named is no time. */
export const boundedWait = (ms: number): number =>
  Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_NAMED_WAIT);

export type Schedule = {
  /** Offsets from the beginning, ascending. */
  readonly delays: readonly number[];
  /** After the last rung: one look each so long. */
  readonly every: number;
  /** So long after the beginning the waiting is given up. */
  readonly until: number;
};

const RISING = [30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE];

export const SCHEDULES = {
  tracking: { delays: RISING, every: HOUR, until: 14 * DAY },
  invoice: { delays: [5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR], every: 6 * HOUR, until: 14 * DAY },
  'unknown-package': { delays: RISING, every: HOUR, until: 6 * HOUR },
  target: { delays: RISING, every: HOUR, until: 14 * DAY },
  /** For what a person has to say of the account: it goes on at once then, and is given up never. */
  account: { delays: RISING, every: HOUR, until: Number.POSITIVE_INFINITY },
} as const satisfies Record<WaitSchedule, Schedule>;

/** After a 202: how long until a read must show the status; then daily, given up after 14 days. */
export const CONFIRM: Schedule = {
  delays: [15 * SECOND, 2 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, 24 * HOUR],
  every: DAY,
  until: 14 * DAY,
};
/** How a parcel stands: ten looks a day for a week, as DHL wants it, then daily for as long as the parcel is open. */
export const CARRIER: Schedule = {
  delays: Array.from({ length: 70 }, (_, index) => (index + 1) * 2.4 * HOUR),
  every: DAY,
  until: Number.POSITIVE_INFINITY,
};
/** While a cancellation is undecided. */
export const CANCEL_PENDING: Schedule = { delays: [30 * MINUTE], every: HOUR, until: Number.POSITIVE_INFINITY };

/** The first rung later than `after`; null once the ladder is given up. */
export function nextLook(schedule: Schedule, since: Date, after: Date): Date | null {
  const elapsed = after.getTime() - since.getTime();
  if (elapsed >= schedule.until) return null;
  const last = schedule.delays.at(-1) ?? 0;
  const offset =
    schedule.delays.find((delay) => delay > elapsed) ??
    last + (Math.floor((elapsed - last) / schedule.every) + 1) * schedule.every;
  return new Date(since.getTime() + Math.min(offset, schedule.until));
}

/**
 * The tries of a step, in one table: everything that counts tries is derived from it. `sameJob` of them repeat one job,
 * about 90 s in all; each of `later` is one job with one try; the one after the last blocks.
 */
export const RETRIES = {
  sameJob: 8,
  longestDelay: (tries: number): number => Math.min(60 * SECOND, SECOND * 2 ** (tries - 1)),
  later: [15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR],
} as const;

/** So often the queue runs one job at most: the last time fails it for good, and the step waits in its row. */
export const JOB_ATTEMPTS = RETRIES.sameJob + 1;
export const isSameJob = (tries: number): boolean => tries <= RETRIES.sameJob;

/** How long after the `tries`-th failed try the next one comes, with full jitter (`random` in [0, 1)); null: blocked. */
export function retryDelay(tries: number, random: number): number | null {
  if (isSameJob(tries)) return Math.round(random * RETRIES.longestDelay(tries));
  return RETRIES.later[tries - JOB_ATTEMPTS] ?? null;
}

/** How long after its start the n-th attempt of unknown outcome in a row is read back; from the last on, as late. */
const READ_BACK = [30 * SECOND, 2 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];
export const readBackAfter = (nth: number): number => READ_BACK[nth - 1] ?? DAY;
/** So many unknown in a row, read back and not found: a person's turn. */
export const MOST_UNKNOWN = READ_BACK.length;
/** An attempt closed `void` at least so long after its start was an unknown one, read back and not found. */
export const UNKNOWN_AFTER = 30 * SECOND;
