import { expect, test } from '@jest/globals';
import { DAY, HOUR } from '../model/schedules.ts';
import { arrivalOf } from './arrival.ts';

const NOW = new Date('2026-03-14T12:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);

test.each<{ says: string; toldAt: Date; createdAt?: Date; is: Date }>([
  { says: 'hours ago, while no worker ran, is then', toldAt: ago(5 * HOUR), is: ago(5 * HOUR) },
  { says: 'now is now', toldAt: NOW, is: NOW },
  { says: 'by a clock that is ahead is now', toldAt: ago(-HOUR), is: NOW },
  { says: 'in seconds where milliseconds are meant is now', toldAt: new Date(1_773_489_600), is: NOW },
  { says: 'longer ago than anybody leaves a queue alone is now', toldAt: ago(31 * DAY), is: NOW },
  { says: 'at no time is now', toldAt: new Date(Number.NaN), is: NOW },
  { says: 'before its order was there is when that came', toldAt: ago(HOUR), createdAt: ago(60_000), is: ago(60_000) },
  { says: 'after its order came is then', toldAt: ago(HOUR), createdAt: ago(2 * HOUR), is: ago(HOUR) },
  { says: 'of an order from the future is then', toldAt: ago(HOUR), createdAt: ago(-HOUR), is: ago(HOUR) },
])('an update that came $says', ({ toldAt, createdAt = null, is }) => {
  expect(arrivalOf(toldAt, { now: NOW, createdAt })).toEqual(is);
});
