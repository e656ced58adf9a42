import { expect, test } from '@jest/globals';
import { MinuteCounts } from './minute-counts.ts';

const LIMIT = 10;
const NAMES = 100;

function countsAt(startMs = 1_000_500) {
  const clock = { ms: startMs };
  const counts = new MinuteCounts({ limit: LIMIT, names: NAMES, now: () => clock.ms });
  const take = (times: number, name = 'a') =>
    Array.from({ length: times }, () => counts.take(name).isFree).filter(Boolean).length;
  return { clock, counts, take };
}

test('up to the limit are free, each name for itself', () => {
  const { take } = countsAt();
  expect([take(LIMIT + 5), take(3, 'b'), take(1)]).toEqual([LIMIT, 3, 0]);
});

test('in no minute are more than the limit, wherever it begins', () => {
  const { clock, take } = countsAt();
  const free: number[] = [];
  for (let step = 0; step < 3_000; step += 1) {
    if (take(1) === 1) free.push(clock.ms);
    clock.ms += 371;
  }
  const inMinuteFrom = (start: number) => free.filter((at) => at >= start && at < start + 60_000).length;
  expect(Math.max(...free.map(inMinuteFrom))).toBe(LIMIT);
  // And it is not more careful than it has to be.
  expect(free.length).toBeGreaterThan((3_000 * 371 * LIMIT) / 62_000);
});

test('there is room again after as long as it says, and not before', () => {
  const { clock, counts, take } = countsAt();
  take(LIMIT);
  const { waitSeconds } = counts.take('a');
  expect(waitSeconds).toBeLessThanOrEqual(61);
  clock.ms += (waitSeconds - 1) * 1_000;
  expect(take(1)).toBe(0);
  clock.ms += 1_000;
  expect(take(LIMIT + 1)).toBe(LIMIT);
});

test('those that are refused keep nobody waiting longer', () => {
  const { clock, take } = countsAt();
  take(LIMIT);
  for (let second = 0; second < 60; second += 1) {
    clock.ms += 1_000;
    take(5);
  }
  clock.ms += 1_000;
  expect(take(LIMIT + 1)).toBe(LIMIT);
});

test('after a long silence all is forgotten', () => {
  const { clock, take } = countsAt();
  take(LIMIT);
  clock.ms += 86_400_000;
  expect(take(LIMIT + 1)).toBe(LIMIT);
});

test('one that is given back is free again, a refused one gives nothing back', () => {
  const { counts, take } = countsAt();
  const place = counts.take('a');
  take(LIMIT - 1);
  counts.take('a').giveBack();
  expect(take(1)).toBe(0);
  place.giveBack();
  expect(take(2)).toBe(1);
});

test('one that is given back when its minute is over takes nothing from the next', () => {
  const { clock, counts, take } = countsAt();
  const place = counts.take('a');
  clock.ms += 61_000;
  take(1);
  place.giveBack();
  expect(take(LIMIT)).toBe(LIMIT - 1);
});

test('no more names are remembered than it may, the one that came last at least', () => {
  const { counts, take } = countsAt();
  take(LIMIT, 'attacker');
  for (let n = 0; n < 10 * NAMES; n += 1) {
    take(1, `name-${n}`);
    expect(take(1, 'attacker')).toBe(0);
  }
  expect(counts.size).toBe(NAMES);
});
