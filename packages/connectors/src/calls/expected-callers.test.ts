import { expect, test } from '@jest/globals';
import { expectCallers } from './expected-callers.ts';

function rig() {
  let now = 0;
  const expected = expectCallers(() => now);
  const pass = (ms: number) => {
    now += ms;
  };
  return { expected, pass };
}
const NOBODY = { areUnderWay: false, areThinking: false };

test('while a call is under way its callers are, however long it takes', () => {
  const { expected, pass } = rig();
  const first = expected.began('1');
  const second = expected.began('1');
  pass(60_000);
  first(0);
  expect(expected.ofAccount('1')).toEqual({ areUnderWay: true, areThinking: false });
  second(0);
  expect(expected.ofAccount('1')).toEqual(NOBODY);
});

test('whoever has an answer is expected to come again', () => {
  const { expected } = rig();
  expected.began('1')(2);
  expected.came('1');
  expect(expected.ofAccount('1')).toEqual({ areUnderWay: false, areThinking: true });
  expected.came('1');
  expect(expected.ofAccount('1')).toEqual(NOBODY);
});

test('for a second, then it went somewhere else', () => {
  const { expected, pass } = rig();
  expected.began('1')(1);
  pass(999);
  expect(expected.ofAccount('1').areThinking).toBe(true);
  pass(1);
  expect(expected.ofAccount('1').areThinking).toBe(false);
});

test('accounts do not wait for one another', () => {
  const { expected } = rig();
  expected.began('1')(1);
  expected.began('1');
  expect(expected.ofAccount('2')).toEqual(NOBODY);
});
