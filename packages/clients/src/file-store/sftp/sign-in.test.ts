import { expect, test } from '@jest/globals';
import { nextMethod } from './sign-in.ts';

type Offered = Parameters<typeof nextMethod>[0];

test.each<[sentence: string, offered: Offered, expected: ReturnType<typeof nextMethod>]>([
  ['asks first what there is', { left: null, isHalfIn: null, tried: [] }, 'none'],
  [
    'gives the password where it may',
    { left: ['publickey', 'password', 'keyboard-interactive'], isHalfIn: false, tried: ['none'] },
    'password',
  ],
  [
    'answers the question for it where that is the only way',
    { left: ['publickey', 'keyboard-interactive'], isHalfIn: false, tried: ['none'] },
    'keyboard-interactive',
  ],
  [
    'tries no second way after a refusal',
    { left: ['password', 'keyboard-interactive'], isHalfIn: false, tried: ['none', 'password'] },
    undefined,
  ],
  [
    'goes on where the password was right and is not enough',
    { left: ['keyboard-interactive'], isHalfIn: true, tried: ['none', 'password'] },
    'keyboard-interactive',
  ],
  ['has nothing for keys alone', { left: ['publickey'], isHalfIn: false, tried: ['none'] }, undefined],
])('%s', (_, offered, expected) => {
  expect(nextMethod(offered)).toBe(expected);
});
