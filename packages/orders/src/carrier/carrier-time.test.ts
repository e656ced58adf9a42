import { expect, test } from '@jest/globals';
import { carrierTime, latestCarrierTime } from './carrier-time.ts';

const SG = { country: 'SG', timezone: 'Asia/Singapore' } as const;
const EASTERN_ID = { country: 'ID', timezone: 'Asia/Jayapura' } as const;

type Row = {
  says: string;
  written: string | null;
  countries?: (string | null)[];
  account?: typeof SG | typeof EASTERN_ID;
  at: string | null;
};

test.each<Row>([
  { says: 'a time with Z', written: '2026-03-14T07:09:26Z', at: '2026-03-14T07:09:26.000Z' },
  { says: 'an offset', written: '2026-03-14T15:09:26+08:00', at: '2026-03-14T07:09:26.000Z' },
  { says: 'an offset without a colon', written: '2026-03-14T15:09:26+0800', at: '2026-03-14T07:09:26.000Z' },
  {
    says: 'an offset, whatever its place',
    written: '2026-03-14T15:09:26+01:00',
    countries: ['SG'],
    at: '2026-03-14T14:09:26.000Z',
  },
  { says: 'what programs write for "not known"', written: '0001-01-01T00:00:00', countries: ['VN'], at: null },
  { says: 'what programs write for "never"', written: '9999-12-31T23:59:59', countries: ['VN'], at: null },
  { says: 'the same with an offset', written: '9999-12-31T23:59:59-08:00', at: null },
  { says: 'nine digits of a second', written: '2026-03-14T15:27:20.331986369+08:00', at: '2026-03-14T07:27:20.331Z' },
  { says: 'one digit of a second', written: '2026-03-14T08:01:02.5+08:00', at: '2026-03-14T00:01:02.500Z' },
  {
    says: 'a space for the T, and no seconds',
    written: '2026-03-14 15:09',
    countries: ['SG'],
    at: '2026-03-14T07:09:00.000Z',
  },
  {
    says: 'no zone: that of its place',
    written: '2026-03-14T09:50:00',
    countries: ['TH', 'SG'],
    at: '2026-03-14T02:50:00.000Z',
  },
  {
    says: 'no zone and no place: that of the destination',
    written: '2026-03-14T09:50:00',
    countries: [null, 'VN'],
    at: '2026-03-14T02:50:00.000Z',
  },
  {
    says: 'neither: that of the account',
    written: '2026-03-14T09:50:00',
    countries: [null, null],
    at: '2026-03-14T01:50:00.000Z',
  },
  {
    says: 'a country in small letters',
    written: '2026-03-14T09:50:00',
    countries: ['th'],
    at: '2026-03-14T02:50:00.000Z',
  },
  {
    says: 'no country of this world: the next',
    written: '2026-03-14T09:50:00',
    countries: ['XX', 'TH'],
    at: '2026-03-14T02:50:00.000Z',
  },
  {
    says: 'a country of several zones that agree',
    written: '2026-03-14T09:50:00',
    countries: ['MY'],
    at: '2026-03-14T01:50:00.000Z',
  },
  {
    says: "the account's own country of several zones: the account's",
    written: '2026-03-14T09:50:00',
    countries: ['ID'],
    account: EASTERN_ID,
    at: '2026-03-14T00:50:00.000Z',
  },
  {
    says: 'another country of several zones: the next',
    written: '2026-03-14T09:50:00',
    countries: ['US', 'TH'],
    at: '2026-03-14T02:50:00.000Z',
  },
  {
    says: 'only such countries: the account',
    written: '2026-03-14T09:50:00',
    countries: ['US', 'ID'],
    at: '2026-03-14T01:50:00.000Z',
  },
  { says: 'summer time', written: '2026-07-14T09:50:00', countries: ['DE'], at: '2026-07-14T07:50:00.000Z' },
  {
    says: 'the hour after summer time began',
    written: '2026-03-29T03:30:00',
    countries: ['DE'],
    at: '2026-03-29T01:30:00.000Z',
  },
  {
    says: 'an hour that no clock showed that night',
    written: '2026-03-29T02:30:00',
    countries: ['DE'],
    at: '2026-03-29T01:30:00.000Z',
  },
  { says: 'a day alone is no moment', written: '2026-03-14', at: null },
  { says: 'a day that no calendar has', written: '2026-04-31T10:00:00Z', at: null },
  { says: 'an hour that no clock has', written: '2026-04-30T25:00:00Z', at: null },
  { says: 'the same without a zone', written: '2026-02-30T10:00:00', at: null },
  { says: 'words', written: 'yesterday', at: null },
  { says: 'nothing', written: null, at: null },
])('$says', ({ written, countries = [], account = SG, at }) => {
  expect(carrierTime(written, { countries, account })?.toISOString() ?? null).toBe(at);
});

test.each([
  ['2026-03-14', '2026-03-14T15:59:59.000Z'],
  [' 2026-03-14 ', '2026-03-14T15:59:59.000Z'],
  ['2026-03-14T09:50:00', '2026-03-14T01:50:00.000Z'],
])('the latest that "%s" can mean', (written, at) => {
  expect(latestCarrierTime(written, { countries: ['SG'], account: SG })?.toISOString()).toBe(at);
});
