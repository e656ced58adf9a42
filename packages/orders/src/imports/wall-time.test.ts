import { describe, expect, test } from '@jest/globals';
import { momentOf } from './wall-time.ts';

const read = (wall: string, timezone: string) => {
  const moment = momentOf(Date.parse(`${wall}Z`), timezone);
  return moment.kind === 'moment' ? new Date(moment.at).toISOString() : moment.kind;
};

describe('what an account’s clock shows is a moment', () => {
  test.each<[wall: string, timezone: string, moment: string]>([
    ['2026-03-14T15:09:26', 'Asia/Singapore', '2026-03-14T07:09:26.000Z'],
    ['2026-03-14T15:09:26', 'Asia/Bangkok', '2026-03-14T08:09:26.000Z'],
    ['2026-03-14T00:00:00', 'Asia/Manila', '2026-03-13T16:00:00.000Z'],
    ['2026-03-14T15:09:00', 'Asia/Kolkata', '2026-03-14T09:39:00.000Z'],
    ['2026-03-14T15:09:00', 'Pacific/Kiritimati', '2026-03-14T01:09:00.000Z'],
    ['2026-03-14T15:09:00', 'Pacific/Pago_Pago', '2026-03-15T02:09:00.000Z'],
    ['2026-03-14T15:09:00.250', 'UTC', '2026-03-14T15:09:00.250Z'],
    ['2026-03-29T01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29T03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25T01:59:59', 'Europe/Berlin', '2026-10-24T23:59:59.000Z'],
    ['2026-10-25T03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    ['9999-12-27T23:59:59', 'Asia/Singapore', '9999-12-27T15:59:59.000Z'],
    ['9999-12-31T23:59:59', 'Asia/Singapore', '9999-12-31T23:59:59.000Z'],
  ])('%s in %s', (wall, timezone, moment) => expect(read(wall, timezone)).toBe(moment));
});

describe('an hour that a clock leaves out or shows twice is nobody’s guess', () => {
  test.each<[wall: string, timezone: string, kind: string]>([
    ['2026-03-29T02:00:00', 'Europe/Berlin', 'skipped'],
    ['2026-03-29T02:59:59', 'Europe/Berlin', 'skipped'],
    ['2026-10-25T02:00:00', 'Europe/Berlin', 'repeated'],
    ['2026-10-25T02:59:59', 'Europe/Berlin', 'repeated'],
    ['2026-10-04T02:15:00', 'Australia/Lord_Howe', 'skipped'],
    ['2026-04-05T01:45:00', 'Australia/Lord_Howe', 'repeated'],
    // Samoa left a whole day out.
    ['2011-12-30T12:00:00', 'Pacific/Apia', 'skipped'],
  ])('%s in %s is %s', (wall, timezone, kind) => expect(read(wall, timezone)).toBe(kind));
});
