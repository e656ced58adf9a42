import { describe, expect, test } from '@jest/globals';
import { isDayOrMonthFirst, readTime, type UnreadableTime } from './occurred-at.ts';

const utc = (text: string) => Date.parse(text);

describe('a time with the year first is read', () => {
  test.each<[text: string, wall: string]>([
    ['2026-03-14 15:09', '2026-03-14T15:09:00Z'],
    ['2026-03-14 15:09:26', '2026-03-14T15:09:26Z'],
    ['2026/03/14 15:09:26', '2026-03-14T15:09:26Z'],
    ['2026-03-14T15:09', '2026-03-14T15:09:00Z'],
    ['2026-03-14  15:09', '2026-03-14T15:09:00Z'],
    ['2026-03-14 15:09:26.5', '2026-03-14T15:09:26.500Z'],
    ['2026-03-14 15:09:26,123456789', '2026-03-14T15:09:26.123Z'],
    ['2026/3/4 5:09', '2026-03-04T05:09:00Z'],
    ['2024-02-29 00:00', '2024-02-29T00:00:00Z'],
  ])('%s by the account’s clock', (text, wall) => expect(readTime(text)).toEqual({ kind: 'wall', wall: utc(wall) }));

  test.each<[text: string, at: string]>([
    ['2026-03-14T15:09:26Z', '2026-03-14T15:09:26Z'],
    ['2026-03-14t15:09:26z', '2026-03-14T15:09:26Z'],
    ['2026-03-14T15:09:26+08:00', '2026-03-14T07:09:26Z'],
    ['2026-03-14 15:09 +0800', '2026-03-14T07:09:00Z'],
    ['2026-03-14 15:09 +07', '2026-03-14T08:09:00Z'],
    ['2026-03-14 15:09-03:30', '2026-03-14T18:39:00Z'],
  ])('%s as a moment', (text, at) => expect(readTime(text)).toEqual({ kind: 'moment', at: utc(at) }));
});

describe('any other form is recognised and not read', () => {
  test.each<[text: string, why: UnreadableTime]>([
    ['2026-03-14', 'day_alone'],
    ['2026/03/14', 'day_alone'],
    ['15:09', 'time_alone'],
    ['15:09:04.320', 'time_alone'],
    ['3:09 PM', 'time_alone'],
    ['15.09', 'number'],
    ['46095.6315509259', 'number'],
    ['46095,63', 'number'],
    ['46095', 'number'],
    ['20260314', 'number'],
    ['4.6E+4', 'number'],
    ["'2026-03-16 10:03", 'apostrophe'],
    ['="2026-03-16 10:03"', 'apostrophe'],
    ['14/03/2026 15:09', 'day_or_month_first'],
    ['03/04/26', 'day_or_month_first'],
    ['14.03.2026 15:09', 'day_or_month_first'],
    ['4/3/2026 3:09 PM', 'day_or_month_first'],
    ['1900-01-00 15:09', 'no_such_time'],
    ['2026-02-30 15:09', 'no_such_time'],
    ['2026-13-01 15:09', 'no_such_time'],
    ['2026-03-14 24:00', 'no_such_time'],
    ['2026-03-14 15:60', 'no_such_time'],
    ['2026-03-14 15:09:60', 'no_such_time'],
    ['2026-03-14 15:09+15:00', 'no_such_time'],
    ['2026-03/14 15:09', 'other'],
    ['2026-03-14 3:09 PM', 'other'],
    ['14 Agustus 2026 15:09', 'other'],
    ['yesterday', 'other'],
    ['2026-03-14 15:09 Singapore', 'other'],
  ])('%s', (text, why) => expect(readTime(text)).toEqual({ kind: 'unreadable', why }));

  test.each<[text: string, why: UnreadableTime, year: number]>([
    ['2569-03-14 15:09:26', 'buddhist', 2569],
    ['2569-03-14', 'buddhist', 2569],
    ['14/3/2569 15:09', 'buddhist', 2569],
    ['14 มี.ค. 2569 15:09', 'buddhist', 2569],
    ['๑๔/๓/๒๕๖๙ ๑๕:๐๙', 'buddhist', 2569],
    ['2400-01-01 00:00', 'buddhist', 2400],
    ['2700-01-01 00:00', 'buddhist', 2700],
    ['1899-12-30 15:09', 'long_ago', 1899],
  ])('%s', (text, why, year) => expect(readTime(text)).toEqual({ kind: 'unreadable', why, year }));
});

test.each<[text: string, could: boolean]>([
  ['14/03/2026 15:09', true],
  ['03-04-26', true],
  [' 3.4.2026 ', true],
  ['๑๔/๓/๒๕๖๙', true],
  ['2026-03-14 15:09', false],
  ['14 March 2026', false],
])('whether a program could have turned day and month of %s', (text, could) =>
  expect(isDayOrMonthFirst(text)).toBe(could),
);
