import { expect, test } from '@jest/globals';
import { textOf } from './errors.ts';

const PASSWORD = 'p ss/word+of&ours!';

test.each([
  ['as it is', `530 no user with ${PASSWORD}`, '530 no user with [redacted]'],
  ['as an address has it', `530 ${encodeURIComponent(PASSWORD)} is wrong`, '530 [redacted] is wrong'],
  ['in Base64', `530 ${Buffer.from(PASSWORD).toString('base64')} is wrong`, '530 [redacted] is wrong'],
  ['cut off by nothing', `${'x'.repeat(295)} ${PASSWORD}`, `${'x'.repeat(295)} [red`],
])('what a server says of the password is struck out: %s', (_, said, told) => {
  expect(textOf(new Error(said), PASSWORD)).toBe(told);
});

test('also of a short one', () => {
  expect(textOf(new Error('530 abc is wrong'), 'abc')).toBe('530 [redacted] is wrong');
});

test('what steers a terminal is taken out, and its lines are one', () => {
  expect(textOf(new Error('550 \u001b[2Jno\r\n  such\u202e file'), '')).toBe('550 [2Jno such file');
});
