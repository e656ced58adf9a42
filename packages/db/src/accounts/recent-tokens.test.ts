import { expect, test } from '@jest/globals';
import { createRecentTokens } from './recent-tokens.ts';

let now = 0;
const recent = () => {
  now = 10_000;
  return createRecentTokens(() => now);
};

test('a token is remembered for two seconds from the time at which it was read', () => {
  const tokens = recent();
  tokens.keep('1', 'a', 9_500);
  now = 11_499;
  expect([tokens.of('1'), tokens.of('2')]).toEqual(['a', undefined]);
  now = 11_500;
  expect(tokens.of('1')).toBeUndefined();
});

test('the next one takes its place', () => {
  const tokens = recent();
  tokens.keep('1', 'a', now);
  tokens.keep('1', 'b', now);
  expect(tokens.of('1')).toBe('b');
});

test('one that was refused is forgotten, and a read that was under way does not bring it back', () => {
  const tokens = recent();
  tokens.keep('1', 'a', now);
  tokens.refuse('1', 'a');
  expect(tokens.of('1')).toBeUndefined();
  tokens.keep('1', 'b', now);
  tokens.keep('1', 'a', now);
  expect(tokens.of('1')).toBe('b');
});

test('that an old one is refused says nothing of the one that is remembered', () => {
  const tokens = recent();
  tokens.keep('1', 'b', now);
  tokens.refuse('1', 'a');
  expect(tokens.of('1')).toBe('b');
});
