import { describe, expect, test } from '@jest/globals';
import { addDays, type DailyJobName, type Day, dueDays, isOver, localClock, MOST_DAYS_AWAY } from './days.ts';

const ZONES = [
  'Asia/Singapore',
  'Asia/Kuala_Lumpur',
  'Asia/Bangkok',
  'Asia/Ho_Chi_Minh',
  'Asia/Manila',
  'Asia/Jakarta',
] as const;

test.each([
  ...[...ZONES.slice(0, 2), 'Asia/Manila'].map((zone) => [zone, '2026-03-02T16:09:59Z', '2026-03-03', '00:09']),
  ...['Asia/Bangkok', 'Asia/Ho_Chi_Minh', 'Asia/Jakarta'].map((zone) => [
    zone,
    '2026-03-02T16:59:59Z',
    '2026-03-02',
    '23:59',
  ]),
  ['Europe/Berlin', '2026-03-29T00:59:00Z', '2026-03-29', '01:59'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29', '03:00'],
  // Midnight does not exist: 23:59 is followed by 01:00.
  ['America/Santiago', '2026-09-06T03:59:00Z', '2026-09-05', '23:59'],
  ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06', '01:00'],
  // 00:10 comes twice.
  ['America/Havana', '2026-11-01T04:10:00Z', '2026-11-01', '00:10'],
  ['America/Havana', '2026-11-01T05:10:00Z', '2026-11-01', '00:10'],
  ['Asia/Kathmandu', '2026-03-02T18:15:00Z', '2026-03-03', '00:00'],
  ['UTC', '2026-12-31T23:59:59.999Z', '2026-12-31', '23:59'],
])('a clock in %s shows at %s the day %s, %s', (timezone, at, day, time) => {
  expect(localClock(new Date(at), timezone)).toEqual({ day, time });
});

type Row = {
  says: string;
  job?: DailyJobName;
  timezone?: string;
  now: string;
  newest: Day | null;
  due: readonly Day[];
};

test.each<Row>([
  { says: 'a minute before its time', now: '2026-03-02T16:09:59Z', newest: '2026-03-01', due: [] },
  { says: 'at its time', now: '2026-03-02T16:10:00Z', newest: '2026-03-01', due: ['2026-03-02'] },
  { says: 'and asked for: not again', now: '2026-03-02T16:11:00Z', newest: '2026-03-02', due: [] },
  { says: 'asked for before: the last day alone', now: '2026-03-05T00:00:00Z', newest: null, due: ['2026-03-04'] },
  {
    says: 'after three days away',
    now: '2026-03-05T00:00:00Z',
    newest: '2026-03-01',
    due: ['2026-03-02', '2026-03-03', '2026-03-04'],
  },
  {
    says: 'over the end of a month in a leap year',
    now: '2028-03-01T00:00:00Z',
    newest: '2028-02-27',
    due: ['2028-02-28', '2028-02-29'],
  },
  {
    says: 'the index, ten minutes later',
    job: 'index',
    now: '2026-03-02T16:19:00Z',
    newest: '2026-03-01',
    due: [],
  },
  {
    says: 'the look at the index at 06:00, after days away: what is true now alone',
    job: 'index_check',
    now: '2026-03-04T22:00:00Z',
    newest: '2026-02-20',
    due: ['2026-03-04'],
  },
  {
    says: 'the warning of tokens at 09:00, of that very day',
    job: 'token_warning',
    now: '2026-03-05T01:00:00Z',
    newest: '2026-03-04',
    due: ['2026-03-05'],
  },
  {
    says: 'where 00:10 does not exist: as soon as the clock has passed it',
    timezone: 'America/Santiago',
    now: '2026-09-06T04:00:00Z',
    newest: '2026-09-04',
    due: ['2026-09-05'],
  },
  {
    says: 'the last minute of a day without 00:10 behind it',
    timezone: 'America/Santiago',
    now: '2026-09-06T03:59:00Z',
    newest: '2026-09-04',
    due: [],
  },
  {
    says: 'where 00:10 comes twice: the second time nothing',
    timezone: 'America/Havana',
    now: '2026-11-01T05:10:00Z',
    newest: '2026-10-31',
    due: [],
  },
  {
    says: 'between the two 00:10, the clock set back to before it: nothing either',
    timezone: 'America/Havana',
    now: '2026-11-01T05:05:00Z',
    newest: '2026-10-31',
    due: [],
  },
  {
    says: 'the day of 25 hours, after it',
    timezone: 'Europe/Berlin',
    now: '2026-10-25T23:10:00Z',
    newest: '2026-10-24',
    due: ['2026-10-25'],
  },
  {
    says: 'an account that was moved to a zone in the west: a day is not asked for again',
    timezone: 'America/Santiago',
    now: '2026-03-02T17:00:00Z',
    newest: '2026-03-02',
    due: [],
  },
])('due: $says', ({ job = 'manifest', timezone = 'Asia/Singapore', now, newest, due }) => {
  expect(dueDays(job, { now: new Date(now), timezone, newest })).toEqual(due);
});

test(`after a longer time away: the last ${MOST_DAYS_AWAY} days, without a gap`, () => {
  const due = dueDays('manifest', { now: new Date('2026-03-02T17:00:00Z'), timezone: ZONES[0], newest: '2024-01-01' });
  expect(due).toHaveLength(MOST_DAYS_AWAY);
  expect(due.at(-1)).toBe('2026-03-02');
  expect(due.every((day, index) => index === 0 || day === addDays(due[index - 1] ?? '', 1))).toBe(true);
});

describe.each([...ZONES, 'Europe/Berlin', 'America/Santiago', 'America/Havana', 'Africa/Cairo'])(
  'a year in %s',
  (timezone) => {
    test.each(['manifest', 'index'] as const)(
      'looked at every 23 minutes asks for each day of the %s once',
      (job) => {
        const asked: Day[] = [];
        const end = Date.parse('2027-01-02T12:00:00Z');
        for (let at = Date.parse('2026-01-02T12:00:00Z'); at <= end; at += 23 * 60_000)
          asked.push(...dueDays(job, { now: new Date(at), timezone, newest: asked.at(-1) ?? null }));
        expect(asked).toEqual(Array.from({ length: asked.length }, (_, index) => addDays('2026-01-01', index)));
        expect(asked.at(-1)).toBe('2027-01-01');
      },
      30_000,
    );
  },
);

test.each([
  ['yesterday', '2026-03-02', true],
  ['today', '2026-03-03', false],
  ['tomorrow', '2026-03-04', false],
])('%s is over: %#', (_, day, over) => {
  expect(isOver(day, { now: new Date('2026-03-02T16:00:00Z'), timezone: 'Asia/Singapore' })).toBe(over);
});
