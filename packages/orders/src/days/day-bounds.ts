/** A day of an account's clock as two moments, whatever its zone does that night. */
import { MINUTE } from '../model/schedules.ts';
import { type Day, localClock } from './days.ts';

export type DayBounds = {
  /** Its first moment. */
  readonly from: Date;
  /** The first moment of the next day. */
  readonly until: Date;
};

export const dayBounds = (day: Day, timezone: string): DayBounds => ({
  from: firstMoment((shown) => shown >= day, day, timezone),
  until: firstMoment((shown) => shown > day, day, timezone),
});

/** No zone is further from UTC than 14 h, so both ends of a day lie well within. */
const FARTHEST_MINUTES = 2 * 24 * 60;

/** Halving, since a zone may leave midnight out, or have it twice. */
function firstMoment(hasCome: (shown: Day) => boolean, day: Day, timezone: string): Date {
  const at = (minutes: number) => new Date(Date.parse(day) + minutes * MINUTE);
  let before = -FARTHEST_MINUTES;
  let after = FARTHEST_MINUTES;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (hasCome(localClock(at(middle), timezone).day)) after = middle;
    else before = middle;
  }
  return at(after);
}
