import { expect, test } from '@jest/globals';
import { recentArrivals, staysOpen } from './batch-window.ts';

const ALONE = { areUnderWay: false, areThinking: false, areStreaming: false, mayBegin: true };
const QUIET = { ...ALONE, isUrgent: true };
const LOW = { ...ALONE, isUrgent: false };

test.each([
  { says: 'on a quiet account it leaves after its first 20 ms', openMs: 20, batch: QUIET, open: false },
  {
    says: 'it waits for callers whose call is under way: the ten that are left of fifty, for the next fifty',
    openMs: 4_999,
    batch: { ...QUIET, areUnderWay: true },
    open: true,
  },
  {
    says: 'and for those who have just had a result',
    openMs: 4_999,
    batch: { ...QUIET, areThinking: true },
    open: true,
  },
  { says: 'and for a stream of them', openMs: 4_999, batch: { ...QUIET, areStreaming: true }, open: true },
  {
    says: 'but no longer than 5 s, whoever is expected',
    openMs: 5_000,
    batch: { ...QUIET, areUnderWay: true, areThinking: true, areStreaming: true },
    open: false,
  },
  { says: 'where nothing waits for any of its results it waits', openMs: 2_999, batch: LOW, open: true },
  { says: 'but no longer than 3 s', openMs: 3_000, batch: LOW, open: false },
  {
    says: 'and not at all where no other job can begin: the next account may wait for one of these hands',
    openMs: 20,
    batch: { ...LOW, mayBegin: false },
    open: false,
  },
  {
    says: 'unless others are under way to it',
    openMs: 2_999,
    batch: { ...LOW, areUnderWay: true, mayBegin: false },
    open: true,
  },
  { says: 'unless more are expected', openMs: 3_000, batch: { ...LOW, areThinking: true }, open: true },
  { says: 'and then no longer than 5 s', openMs: 5_000, batch: { ...LOW, areThinking: true }, open: false },
])('a batch that is not full: $says', ({ openMs, batch, open }) => {
  expect(staysOpen(openMs, batch)).toBe(open);
});

/** Callers that came at these times, looked at at `now`. */
function goesOn(times: readonly number[], now: number, mayBegin = true): boolean {
  let at = 0;
  const arrivals = recentArrivals(() => at);
  for (at of times) arrivals.note();
  at = now;
  return arrivals.goOn({ mayBegin });
}

test.each([
  { says: 'four within a second are no stream', times: [0, 200, 400, 600], now: 600, expected: false },
  { says: 'five are, and more are expected', times: [0, 200, 400, 600, 800], now: 800, expected: true },
  { says: 'also after a gap of thrice the usual', times: [100, 110, 120, 130, 140], now: 740, expected: true },
  { says: 'a longer gap ends it', times: [100, 110, 120, 130, 140], now: 741, expected: false },
  {
    says: 'and so it does after a bunch that came alone',
    times: [100, 100, 100, 100, 100, 100, 100, 100, 100, 100],
    now: 401,
    expected: false,
  },
  {
    says: 'bunches are a stream too, until the next is late',
    times: [100, 100, 100, 100, 100, 700, 700, 700, 700, 700],
    now: 1_699,
    expected: true,
  },
  {
    says: 'unless no hand is free for another bunch',
    times: [100, 100, 100, 100, 100, 700, 700, 700, 700, 700],
    now: 1_301,
    mayBegin: false,
    expected: false,
  },
  {
    says: 'and have broken off when none came for a second',
    times: [100, 100, 100, 100, 100, 700, 700, 700, 700, 700],
    now: 1_700,
    expected: false,
  },
  {
    says: 'what came more than a second ago counts for nothing',
    times: [0, 1, 2, 3, 999],
    now: 1_002,
    expected: false,
  },
])('arrivals: $says', ({ times, now, mayBegin, expected }) => {
  expect(goesOn(times, now, mayBegin)).toBe(expected);
});
