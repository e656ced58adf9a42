import { expect, test } from '@jest/globals';
import { trackThinkTime } from './think-time.ts';

function rig() {
  let now = 0;
  const thinkTime = trackThinkTime(() => now);
  const pass = (ms: number) => {
    now += ms;
  };
  return { thinkTime, pass };
}

test('whoever has an answer is expected to come again', () => {
  const { thinkTime } = rig();
  thinkTime.began('1', 2);
  thinkTime.ended('1');
  expect(thinkTime.isRunning('1')).toBe(true);
  thinkTime.ended('1');
  expect(thinkTime.isRunning('1')).toBe(false);
});

test('for a second, then it went somewhere else', () => {
  const { thinkTime, pass } = rig();
  thinkTime.began('1', 1);
  pass(999);
  expect(thinkTime.isRunning('1')).toBe(true);
  pass(1);
  expect(thinkTime.isRunning('1')).toBe(false);
});

test('accounts do not wait for one another', () => {
  const { thinkTime } = rig();
  thinkTime.began('1', 1);
  expect(thinkTime.isRunning('2')).toBe(false);
});
