import { expect, test } from '@jest/globals';
import { mostInASecond } from './sliding.ts';

test.each([
  ['none', [], 0],
  ['one', [5], 1],
  ['two a second apart', [0, 1_000], 1],
  ['two within a second', [0, 999], 2],
  ['across the edge of a whole second', [900, 950, 1_050, 1_100, 2_500], 4],
])('%s', (_, times, most) => {
  expect(mostInASecond(times)).toBe(most);
});
