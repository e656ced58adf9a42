import { expect, test } from '@jest/globals';
import { createBackoff } from './backoff.ts';

function rig() {
  let now = 0;
  const backoff = createBackoff({ firstMs: 2_000, longestMs: 10_000 }, () => now);
  const at = (ms: number) => {
    now = ms;
    return backoff.next('a');
  };
  return { at, backoff };
}

test('each in a row is twice as long, up to the longest', () => {
  const { at } = rig();
  expect([at(0), at(2_000), at(6_000), at(14_000), at(24_000)]).toEqual([2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('what comes while a wait runs waits for its end and lets nothing grow', () => {
  const { at } = rig();
  expect([at(0), at(500), at(1_500), at(2_000)]).toEqual([2_000, 1_500, 500, 4_000]);
});

test('after a call that went through it begins anew', () => {
  const { at, backoff } = rig();
  at(0);
  backoff.clear('a');
  expect(at(5_000)).toBe(2_000);
});

test('one does not wait longer for the trouble of another', () => {
  const { at, backoff } = rig();
  at(0);
  at(2_000);
  expect(backoff.next('b')).toBe(2_000);
});
