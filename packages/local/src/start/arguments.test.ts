import { expect, test } from '@jest/globals';
import { readArguments } from './arguments.ts';

test.each([
  ['a plain start', ['.local'], { dir: '.local', once: false, fresh: false, help: false }],
  ['a run to the end', ['.local', '--once'], { dir: '.local', once: true, fresh: false, help: false }],
  ['a fresh start', ['.local', '--fresh'], { dir: '.local', once: false, fresh: true, help: false }],
])('%s', (_sentence, args, expected) => {
  expect(readArguments(args)).toEqual(expected);
});

test.each([
  ['an unknown option is named', ['.local', '--onse'], '--onse'],
  ['a word too many is named', ['.local', 'once'], 'not understood: once'],
])('%s', (_sentence, args, words) => {
  expect(() => readArguments(args)).toThrow(words);
});
