import { expect, test } from '@jest/globals';
import { dayBounds } from './day-bounds.ts';

test.each([
  ['eight hours ahead', 'Asia/Singapore', '2026-11-27', '2026-11-26T16:00:00Z', '2026-11-27T16:00:00Z'],
  ['seven hours ahead', 'Asia/Bangkok', '2026-11-27', '2026-11-26T17:00:00Z', '2026-11-27T17:00:00Z'],
  ['at UTC', 'UTC', '2026-02-28', '2026-02-28T00:00:00Z', '2026-03-01T00:00:00Z'],
  ['half an hour beside the others', 'Asia/Kolkata', '2026-12-31', '2026-12-30T18:30:00Z', '2026-12-31T18:30:00Z'],
  ['as far ahead as can be', 'Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00Z', '2026-01-01T10:00:00Z'],
  ['as far behind as can be', 'Pacific/Pago_Pago', '2026-01-01', '2026-01-01T11:00:00Z', '2026-01-02T11:00:00Z'],
  ['23 hours long', 'Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['25 hours long', 'Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['without its midnight', 'America/Santiago', '2026-09-06', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z'],
])('a day %s', (_, timezone, day, from, until) => {
  expect(dayBounds(day, timezone)).toEqual({ from: new Date(from), until: new Date(until) });
});
