import { expect, test } from '@jest/globals';
import { retentionDay } from './retention.ts';

test.each([
  { says: 'a minute before three it is still the day before', now: '2026-03-01T18:59:59Z', day: '2026-03-01' },
  { says: 'at three its day begins', now: '2026-03-01T19:00:00Z', day: '2026-03-02' },
  { says: 'at noon there it has begun', now: '2026-03-02T04:00:00Z', day: '2026-03-02' },
  { says: 'over the end of a year', now: '2026-12-31T20:00:00Z', day: '2027-01-01' },
])('$says', ({ now, day }) => {
  expect(retentionDay(new Date(now))).toBe(day);
});
