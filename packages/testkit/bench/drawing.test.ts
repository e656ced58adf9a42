import { expect, test } from '@jest/globals';
import { lineChart, roundUp, spread } from './drawing.ts';

test.each([
  [1, 1],
  [1.3, 1.6],
  [350, 400],
  [7_400, 8_000],
  [9_000, 10_000],
])('%d is drawn below %d', (value, top) => {
  expect(roundUp(value)).toBe(top);
});

test('names of lines that meet are moved apart', () => {
  expect(spread([100, 98, 200])).toEqual([114, 98, 200]);
});

test('a chart has its lines, their names and the points of its axis', () => {
  const drawn = lineChart({
    title: 'CPU & more',
    x: 'orders',
    series: [
      {
        name: 'all',
        points: [
          [1_000, 40],
          [3_000, 80],
        ],
      },
      {
        name: 'Redis',
        points: [
          [1_000, 10],
          [3_000, 20],
        ],
      },
    ],
  });
  expect(drawn).toContain('CPU &amp; more');
  expect(drawn.match(/<polyline/g)).toHaveLength(2);
  expect(drawn).toMatch(/>1,000<.*>3,000</s);
  expect(drawn).toContain('prefers-color-scheme: dark');
});
