import { expect, test } from '@jest/globals';
import { NetworkCounts } from './network-counts.ts';

const LIMIT = 10;

function countsOf(names = 50) {
  const clock = { ms: 1_000_500 };
  const counts = new NetworkCounts({ limit: LIMIT, names, now: () => clock.ms });
  const take = (times: number, network: (n: number) => string) =>
    Array.from({ length: times }, (_, n) => counts.take(network(n)).isFree).filter(Boolean).length;
  return { clock, counts, take };
}
const of48 =
  (third: string) =>
  (n: number): string =>
    `2001:db8:${third}:${n.toString(16)}::/64`;

test('a /64 has its limit, an IPv4 address too', () => {
  const { take } = countsOf();
  expect([take(30, () => '2001:db8:1:2::/64'), take(30, () => '203.0.113.7')]).toEqual([LIMIT, LIMIT]);
});

test('all /64 of a /48 together have ten times as much, another /48 has its own', () => {
  const { take } = countsOf();
  expect([take(1_000, of48('1')), take(30, of48('2')), take(5, () => '203.0.113.7')]).toEqual([10 * LIMIT, 30, 5]);
});

test('many /64 of one /48 push no count of others out', () => {
  const { take } = countsOf(150);
  take(LIMIT, () => '203.0.113.7');
  take(5_000, of48('1'));
  expect(take(1, () => '203.0.113.7')).toBe(0);
});

test('what a /64 over its limit sends takes nothing from the rest of its /48', () => {
  const { take } = countsOf();
  take(1_000, () => '2001:db8:1:2::/64');
  expect(take(200, (n) => of48('1')(n + 100))).toBe(9 * LIMIT);
});

test('one that is given back is free again in both', () => {
  const { counts, take } = countsOf();
  for (let n = 0; n < 30 * LIMIT; n += 1) counts.take('2001:db8:1:2::/64').giveBack();
  expect(take(1_000, of48('1'))).toBe(10 * LIMIT);
});
