/** When an update came that tells no time of its own, by a clock that nobody of ours has set. */
import { DAY } from '../model/schedules.ts';

/** Nobody leaves a queue alone for longer: what says so was added by a clock that is wrong. */
const LONGEST_WAY_MS = 30 * DAY;

/** Never in the future, never before the order was there; now, where the clock that told it is wrong. */
export function arrivalOf(
  toldAt: Date,
  { now, createdAt }: { readonly now: Date; readonly createdAt: Date | null },
): Date {
  const age = now.getTime() - toldAt.getTime();
  // Not so for a time that is none, either.
  if (!(age >= 0 && age <= LONGEST_WAY_MS)) return now;
  return createdAt && createdAt > toldAt && createdAt <= now ? createdAt : toldAt;
}
