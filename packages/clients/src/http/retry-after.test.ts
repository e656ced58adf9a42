import { expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const NOW = new Date('2024-05-01T10:00:00Z');
test.each([
  ['seconds', '120', 120_000],
  ['a date to come', 'Wed, 01 May 2024 10:00:30 GMT', 30_000],
  ['a date that has passed', 'Wed, 01 May 2024 09:00:00 GMT', 0],
  ['nothing', undefined, null],
  ['something else', 'soon', null],
  ['part of a second', '12.5', 12_500],
  ['more seconds than the world will last', '99999999999', 99_999_999_999_000],
  ['more seconds than there are numbers', '9'.repeat(400), Number.POSITIVE_INFINITY],
  ['a date far away', 'Fri, 31 Dec 9999 23:59:59 GMT', Date.parse('9999-12-31T23:59:59Z') - NOW.getTime()],
  ['a date of the other form', '2024-05-01T18:00:30+08:00', 30_000],
  // Date.parse takes each of these for a date of its own.
  ['less than nothing', '-5', null],
  ['a number with its sign', '+5', null],
  ['a year alone', '5195-', null],
  ['a number with its unit', '99999999999 s', null],
  ['no day of the calendar', 'Wed, 41 May 2024 10:00:30 GMT', null],
  ['nothing written', '', null],
])('Retry-After: %s', (_sentence, header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});
