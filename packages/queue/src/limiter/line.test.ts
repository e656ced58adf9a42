import { expect, test } from '@jest/globals';
import { createLine } from './line.ts';

function rig() {
  let now = 0;
  const line = createLine(() => now);
  const stand = (afterMs: number, name = 'a') => line.stand(name, { afterMs, intervalMs: 200 });
  const pass = (ms: number) => {
    now += ms;
  };
  return { stand, pass };
}

test('the first comes when the next turn does, each other one a turn later', () => {
  const { stand } = rig();
  expect([stand(5_000), stand(5_000), stand(5_000)]).toEqual([5_000, 5_200, 5_400]);
});

test('another account has a line of its own', () => {
  const { stand } = rig();
  stand(5_000);
  expect(stand(0, 'b')).toBe(0);
});

test('a pause moves the end of the line behind it', () => {
  const { stand } = rig();
  stand(5_000);
  expect([stand(60_000), stand(60_000)]).toEqual([60_000, 60_200]);
});

test('the line moves on while time passes', () => {
  const { stand, pass } = rig();
  stand(5_000);
  pass(5_000);
  expect(stand(1_000)).toBe(1_000);
});

test('nobody is sent away for longer than an hour', () => {
  const { stand } = rig();
  expect(stand(9_999_999_999)).toBe(3_600_000);
  expect(stand(0)).toBe(3_600_000);
});
