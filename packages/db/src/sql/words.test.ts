import { expect, test } from '@jest/globals';
import { eventToKeep, wordsToKeep } from './words.ts';

test('what others said is kept without secrets, buyers and what no text of PostgreSQL may hold', () => {
  expect(wordsToKeep('refused: {"sofPassword":"S3cr3t","code":"35"}\u0000\u001b[31m')).toBe(
    'refused: {"sofPassword":"[redacted]","code":"35"}[31m',
  );
  expect(wordsToKeep(null)).toBeNull();
});

test('of an event only what somebody says in it: ids by which it is found stay', () => {
  const data = { requestId: 'token=abcdef', code: '35', at: new Date(0), reason: 'token=abcdef', detail: 'phone: 1' };
  expect(eventToKeep(data)).toEqual({ ...data, reason: 'token=[redacted]', detail: 'phone: [redacted]' });
  expect(eventToKeep({ requestId: 'token=abcdef' })).toEqual({ requestId: 'token=abcdef' });
});
