import { expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const NOW = new Date('2024-05-01T10:00:00Z');
test.each([
  ['seconds', '120', 120_000],
  ['a date to come', 'Wed, 01 May 2024 10:00:30 GMT', 30_000],
  ['a date that has passed', 'Wed, 01 May 2024 09:00:00 GMT', 0],
  ['nothing', undefined, null],
  ['something else', 'soon', null],
])('Retry-After: %s', (_sentence, header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});
