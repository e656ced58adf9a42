import { expect, test } from '@jest/globals';
import { createHands, mayWait } from './hands.ts';

test.each<{ says: string; hands: number; mine: number; all: number; may: boolean }>([
  { says: 'the first of all', hands: 100, mine: 0, all: 0, may: true },
  { says: 'the 25th of one account alone', hands: 100, mine: 24, all: 24, may: true },
  { says: 'no 26th', hands: 100, mine: 25, all: 25, may: false },
  {
    says: 'the 25 hands that another one holds leave it half of what is left',
    hands: 100,
    mine: 12,
    all: 37,
    may: true,
  },
  { says: 'and no more', hands: 100, mine: 13, all: 38, may: false },
  { says: 'the first of a third account always finds one', hands: 100, mine: 0, all: 49, may: true },
  { says: 'until half of all hands wait', hands: 100, mine: 0, all: 50, may: false },
  { says: 'a quarter of ten is two, no third', hands: 10, mine: 2, all: 2, may: false },
  { says: 'of four hands one', hands: 4, mine: 0, all: 0, may: true },
  { says: 'of four hands no second one for the same account', hands: 4, mine: 1, all: 1, may: false },
  { says: 'of four hands one of another account', hands: 4, mine: 0, all: 1, may: true },
  { says: 'of four hands never a third', hands: 4, mine: 0, all: 2, may: false },
  { says: 'a single hand may wait', hands: 1, mine: 0, all: 0, may: true },
  { says: 'where hands are not counted everybody', hands: Number.POSITIVE_INFINITY, mine: 900, all: 900, may: true },
])('may wait: $says', ({ hands, mine, all, may }) => {
  expect(mayWait({ hands, mine, all })).toBe(may);
});

test('a hand that was let go is free for the next', () => {
  const hands = createHands(4);
  const letGo = hands.hold('a');
  expect(hands.hold('a')).toBeNull();
  letGo?.();
  expect(hands.hold('a')).not.toBeNull();
});

test('hands are free until each of them has a job', () => {
  const hands = createHands(2);
  const letGo = hands.begin();
  expect(hands.areFree()).toBe(true);
  hands.begin();
  expect(hands.areFree()).toBe(false);
  letGo();
  expect(hands.areFree()).toBe(true);
});

test('nineteen accounts that wait leave half of the hands free', () => {
  const hands = createHands(100);
  const held = Array.from({ length: 1_000 }, (_, index) => hands.hold(`account ${index % 19}`));
  expect(held.filter((one) => one !== null).length).toBeLessThanOrEqual(50);
});
