import { describe, expect, test } from '@jest/globals';
import { readArguments } from './arguments.ts';

const OPTIONS = { usual: { rounds: 9, orders: 3_000 }, quick: { rounds: 3 } };

test.each([
  ['nothing: as usual', [], { rounds: 9, orders: 3_000 }],
  ['a number', ['--rounds', '5'], { rounds: 5, orders: 3_000 }],
  ['quick: fewer of some', ['--quick'], { rounds: 3, orders: 3_000 }],
  ['a number beside quick', ['--quick', '--rounds', '5'], { rounds: 5, orders: 3_000 }],
  ['nought', ['--rounds=0'], { rounds: 0, orders: 3_000 }],
])('%s', (_, args, options) => {
  expect(readArguments(args, OPTIONS)).toEqual({ options, strict: false, json: false });
});

test('switches', () => {
  expect(readArguments(['--strict', '--json'], OPTIONS)).toMatchObject({ strict: true, json: true });
});

describe('refused is', () => {
  test.each([
    ['a word', ['--rounds', 'many'], '--rounds many: a number is wanted'],
    ['nothing', ['--rounds='], '--rounds : a number is wanted'],
    ['less than nothing', ['--rounds=-1'], '--rounds -1: a number is wanted'],
    ['another option', ['--round', '1'], "Unknown option '--round'"],
  ])('%s', (_, args, words) => {
    expect(() => readArguments(args, OPTIONS)).toThrow(words);
  });
});
