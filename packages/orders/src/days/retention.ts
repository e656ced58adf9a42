/** What is kept for a time and then removed, and when that is looked at. Pure. */
import { addDays, type Day, localClock } from './days.ts';

/** Bytes and texts that hold buyers' data; that something was there, its hash and its size stay. */
export const RETAINED = ['invoices', 'manifests', 'imports', 'eventData'] as const;
export type Retained = (typeof RETAINED)[number];
/** By what is kept, for how many days; left out: for ever. */
export type RetentionDays = Readonly<Partial<Record<Retained, number | undefined>>>;

/** In the countries of Lazada it is night. */
const AT = '03:00';
const ZONE = 'Asia/Singapore';

/** The newest day on which it was time to look what was kept long enough. */
export function retentionDay(now: Date): Day {
  const { day, time } = localClock(now, ZONE);
  return time < AT ? addDays(day, -1) : day;
}
