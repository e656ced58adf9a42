import { expect, test } from '@jest/globals';
import { openUnknownUsers } from './unknown-users.ts';

const NOW = new Date('2026-03-02T04:00:00Z');
const LOCK_MS = 900_000;
const open = (names?: number) => openUnknownUsers({ mostWrong: 10, lockMs: LOCK_MS, ...(names ? { names } : {}) });
const later = (ms: number) => new Date(NOW.getTime() + ms);

test('the try after the tenth locks the name, and tries meanwhile do not prolong it', () => {
  const users = open();
  const answers = Array.from({ length: 12 }, (_, at) => users.countTry('ghost', later(at)));
  expect(answers).toEqual([...Array(10).fill(null), later(10 + LOCK_MS), later(10 + LOCK_MS)]);
});

test('when the lock is over counting begins anew', () => {
  const users = open();
  for (let tries = 0; tries < 11; tries += 1) users.countTry('ghost', NOW);
  const answers = Array.from({ length: 10 }, () => users.countTry('ghost', later(LOCK_MS)));
  expect(answers).toEqual(Array(10).fill(null));
  expect(users.countTry('ghost', later(LOCK_MS))).not.toBeNull();
});

test('one name locks no other', () => {
  const users = open();
  for (let tries = 0; tries < 11; tries += 1) users.countTry('ghost', NOW);
  expect(users.countTry('another', NOW)).toBeNull();
});

test('only so many names are kept, those tried last', () => {
  const users = open(2);
  for (const name of ['a', 'b', 'a', 'c']) for (let tries = 0; tries < 10; tries += 1) users.countTry(name, NOW);
  expect(['a', 'b'].map((name) => users.countTry(name, NOW) !== null)).toEqual([true, false]);
});
