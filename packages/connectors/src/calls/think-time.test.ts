import { expect, test } from '@jest/globals';
import { openThinking } from './think-time.ts';

function rig() {
  let now = 0;
  const thinking = openThinking(() => now);
  const pass = (ms: number) => {
    now += ms;
  };
  return { thinking, pass };
}

test('whoever has an answer is expected to come again', () => {
  const { thinking } = rig();
  thinking.answered('1', 2);
  thinking.came('1');
  expect(thinking.expects('1')).toBe(true);
  thinking.came('1');
  expect(thinking.expects('1')).toBe(false);
});

test('for a second, then it went somewhere else', () => {
  const { thinking, pass } = rig();
  thinking.answered('1', 1);
  pass(999);
  expect(thinking.expects('1')).toBe(true);
  pass(1);
  expect(thinking.expects('1')).toBe(false);
});

test('accounts do not wait for one another', () => {
  const { thinking } = rig();
  thinking.answered('1', 1);
  expect(thinking.expects('2')).toBe(false);
});
