import { expect, test } from '@jest/globals';
import { SlidingSecond } from './sliding-second.ts';

test('a burst over the edge of a full second is seen whole', () => {
  const second = new SlidingSecond();
  const counts = [900, 950, 999, 1001, 1050, 1100].map((at) => second.note('account', at));
  expect(counts).toEqual([1, 2, 3, 4, 5, 6]);
});

test('what is a second old does not count, and keys do not mix', () => {
  const second = new SlidingSecond();
  second.note('a', 0);
  expect(second.note('a', 1000)).toBe(1);
  expect(second.note('b', 1000)).toBe(1);
});
