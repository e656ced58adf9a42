import { describe, expect, test } from '@jest/globals';
import { readExpires, readOverlap } from './ends.ts';

const NOW = new Date('2027-06-30T23:59:59.999Z');

describe('the last day of a key', () => {
  test.each([
    ['2027-07-01', '2027-07-02T00:00:00.000Z'],
    ['2027-06-30', '2027-07-01T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
  ])('%s is that whole day, by UTC', (day, end) => {
    expect(readExpires(day, NOW).toISOString()).toBe(end);
  });

  test.each([
    ['the day before', '2027-06-29', /is past/],
    ['today, once it is over', '2027-06-30', /is past/, new Date('2027-07-01T00:00:00.000Z')],
    ['no day of the calendar', '2027-02-30', /is no day/],
    ['a time', '2027-07-01T12:00:00Z', /is no day/],
    ['the day first', '30-06-2027', /is no day/],
    ['nothing', '', /is no day/],
  ] as [string, string, RegExp, Date?][])('is not %s', (_, day, words, now = NOW) => {
    expect(() => readExpires(day, now)).toThrow(words);
  });
});

describe('an overlap', () => {
  test.each([
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['15m', 900_000],
    ['0h', 0],
    ['365d', 31_536_000_000],
  ])('%s', (written, ms) => expect(readOverlap(written)).toBe(ms));

  test.each(['', '24', 'h', '-1h', '1w', '1.5h', '366d', '24 h', '1h30m'])('"%s" is none', (written) => {
    expect(() => readOverlap(written)).toThrow(/^--overlap: /);
  });
});
