import { expect, test } from '@jest/globals';
import { createTurns } from './turns.ts';

test.each([
  { says: 'one of each account', hands: 100, taken: ['7'], next: '7', may: false },
  { says: 'another account beside it', hands: 100, taken: ['7'], next: '8', may: true },
  { says: 'a quarter of the hands for all', hands: 8, taken: ['7', '8'], next: '9', may: false },
  { says: 'one where there are few hands', hands: 1, taken: [], next: '7', may: true },
])('turns of backfills: $says', ({ hands, taken, next, may }) => {
  const turns = createTurns(hands);
  for (const accountId of taken) turns.take(accountId);
  expect(turns.take(next) !== null).toBe(may);
});

test('a turn that is over is another one’s', () => {
  const turns = createTurns(1);
  turns.take('7')?.();
  expect(turns.take('7')).not.toBeNull();
});
