/** When keys end, as it is written on the command line. */
import { millisecondsOf } from '@lazada-sof/runtime';
import { UsageError } from '../../terminal/errors.ts';
import { isDay } from '../day.ts';

const DAY_MS = 24 * 60 * 60_000;
const LONGEST_MS = 365 * DAY_MS;

/** The first moment after the last day, in UTC, on which a key opens. @throws UsageError where that day is past, or none */
export function readExpires(day: string, now: Date): Date {
  if (!isDay(day)) throw new UsageError(`--expires: ${day} is no day; write the last day of the key, like 2027-06-30`);
  const end = new Date(Date.parse(day) + DAY_MS);
  if (end <= now) throw new UsageError(`--expires: ${day} is past; write the last day on which the key is to open`);
  return end;
}

/** How long a key goes on beside the one that replaces it, in milliseconds. @throws UsageError */
export function readOverlap(written: string): number {
  const ms = millisecondsOf(written);
  if (ms <= LONGEST_MS) return ms;
  throw new UsageError(
    `--overlap: ${written} is no time; write a number with its unit (30s, 15m, 24h, 7d), 0h for at once, at most 365d`,
  );
}
