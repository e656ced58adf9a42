import { describe, expect, test } from '@jest/globals';
import { after, T0 } from './order.fixture.ts';
import {
  boundedWait,
  CANCEL_PENDING,
  CONFIRM,
  DAY,
  HOUR,
  MINUTE,
  nextLook,
  readBackAfter,
  retryDelay,
  SCHEDULES,
  SECOND,
} from './schedules.ts';

describe('a ladder of waiting', () => {
  test.each([
    { says: 'tracking: first again after 30 s', schedule: SCHEDULES.tracking, elapsed: 0, next: 30 * SECOND },
    {
      says: 'a look at 31 s is followed by one at 2 min',
      schedule: SCHEDULES.tracking,
      elapsed: 31 * SECOND,
      next: 2 * MINUTE,
    },
    {
      says: 'a look exactly on a rung is followed by the next rung',
      schedule: SCHEDULES.tracking,
      elapsed: 2 * MINUTE,
      next: 5 * MINUTE,
    },
    { says: 'after the last rung hourly', schedule: SCHEDULES.tracking, elapsed: 31 * MINUTE, next: 90 * MINUTE },
    {
      says: 'rungs that were slept through are not made up for',
      schedule: SCHEDULES.tracking,
      elapsed: 10 * HOUR,
      next: 10.5 * HOUR,
    },
    {
      says: 'the last look of an unknown package is at 6 h',
      schedule: SCHEDULES['unknown-package'],
      elapsed: 5.6 * HOUR,
      next: 6 * HOUR,
    },
    {
      says: 'an account that packing waits for: first again after 30 s',
      schedule: SCHEDULES.account,
      elapsed: 0,
      next: 30 * SECOND,
    },
    {
      says: 'an account that packing waits for: hourly, for ever',
      schedule: SCHEDULES.account,
      elapsed: 400 * DAY,
      next: 400 * DAY + 30 * MINUTE,
    },
    { says: 'invoices: 5, 15 min, 1, 3 h', schedule: SCHEDULES.invoice, elapsed: HOUR, next: 3 * HOUR },
    { says: 'invoices: then every 6 h', schedule: SCHEDULES.invoice, elapsed: 3 * HOUR, next: 9 * HOUR },
    { says: 'confirmation: 15 s after the 202', schedule: CONFIRM, elapsed: 0, next: 15 * SECOND },
    { says: 'confirmation: daily after the first day', schedule: CONFIRM, elapsed: 25 * HOUR, next: 2 * DAY },
    { says: 'a pending cancellation: 30 min', schedule: CANCEL_PENDING, elapsed: 0, next: 30 * MINUTE },
    {
      says: 'a pending cancellation: then hourly, for ever',
      schedule: CANCEL_PENDING,
      elapsed: 40 * DAY,
      next: 40 * DAY + 30 * MINUTE,
    },
  ])('$says', ({ schedule, elapsed, next }) => {
    expect(nextLook(schedule, T0, after(elapsed))).toEqual(after(next));
  });

  test.each([
    { says: 'tracking is given up after 14 days', schedule: SCHEDULES.tracking, elapsed: 14 * DAY },
    { says: 'an unknown package is given up after 6 h', schedule: SCHEDULES['unknown-package'], elapsed: 6 * HOUR },
    { says: 'an invoice is given up after 14 days', schedule: SCHEDULES.invoice, elapsed: 14 * DAY },
    { says: 'a confirmation is given up after 14 days', schedule: CONFIRM, elapsed: 14 * DAY },
  ])('$says', ({ schedule, elapsed }) => {
    expect(nextLook(schedule, T0, after(elapsed))).toBeNull();
  });
});

test.each([
  { says: 'is kept', asked: 9_000, kept: 9_000 },
  { says: 'is kept up to an hour', asked: HOUR, kept: HOUR },
  { says: 'until the year 5195 is kept for an hour', asked: 99_999_999_999 * SECOND, kept: HOUR },
  { says: 'without an end is kept for an hour', asked: Number.POSITIVE_INFINITY, kept: HOUR },
  { says: 'of less than nothing is none', asked: -5_000, kept: 0 },
  { says: 'that is no number is none', asked: Number.NaN, kept: 0 },
])('a wait that the outside names $says', ({ asked, kept }) => {
  expect(boundedWait(asked)).toBe(kept);
});

describe('a ladder of failing', () => {
  test('tries 1 to 8 take at most 1 s doubling to 60 s, and about 90 s in all on average', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((tries) => retryDelay(tries, 0.9999) ?? 0);
    expect(longest.map((ms) => Math.round(ms / SECOND))).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(longest.reduce((a, b) => a + b) / 2).toBeCloseTo(91.5 * SECOND, -2);
  });

  test('tries 9 to 15 wait 15 min, 1, 3, 6, 12, 24, 24 h', () => {
    expect([9, 10, 11, 12, 13, 14, 15].map((tries) => retryDelay(tries, 0.5))).toEqual([
      15 * MINUTE,
      HOUR,
      3 * HOUR,
      6 * HOUR,
      12 * HOUR,
      24 * HOUR,
      24 * HOUR,
    ]);
  });

  test('try 16 is the last', () => {
    expect(retryDelay(16, 0.5)).toBeNull();
  });

  test('unknown outcomes in a row are read back 30 s, 2, 15 min, 1, 3, 6, 12, 24 h after their start, never later', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(readBackAfter)).toEqual([
      30 * SECOND,
      2 * MINUTE,
      15 * MINUTE,
      HOUR,
      3 * HOUR,
      6 * HOUR,
      12 * HOUR,
      24 * HOUR,
      24 * HOUR,
    ]);
  });
});
