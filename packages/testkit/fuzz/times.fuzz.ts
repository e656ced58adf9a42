/** Times, days and zones, as Lazada, carriers, files and headers write them. */
import fc from 'fast-check';
import { retryAfterMs } from '../../clients/src/http/retry-after.ts';
import { parseLazadaTime } from '../../clients/src/open-platform/lazada-time.ts';
import { carrierTime, latestCarrierTime } from '../../orders/src/carrier/carrier-time.ts';
import { zonesOf } from '../../orders/src/carrier/zones.ts';
import { dayBounds } from '../../orders/src/days/day-bounds.ts';
import { dueDays, localClock } from '../../orders/src/days/days.ts';
import { isDayOrMonthFirst, readTime } from '../../orders/src/imports/occurred-at.ts';
import { momentOf } from '../../orders/src/imports/wall-time.ts';
import { isData } from './canned.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

/** Those that an account may have are checked where they come in; here are the odd among them. */
const ZONES = [
  ...['Asia/Singapore', 'Asia/Bangkok', 'Asia/Ho_Chi_Minh', 'Asia/Manila', 'Asia/Jakarta', 'Asia/Jayapura', 'UTC'],
  ...[
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Kiritimati',
    'America/St_Johns',
    'Africa/Monrovia',
  ],
];
const TIMES = [
  ...[
    '2026-03-14T15:09:26+08:00',
    '2026-03-14 15:09:26 +0800',
    '2026-03-14',
    '2026-03-14 15:09',
    '1773472166',
    '1773472166530',
  ],
  ...[
    '9999-12-31T23:59:59',
    '9999-12-31T23:59:59-12:00',
    '0000-01-01T00:00:00Z',
    '0001-01-01',
    '2026-02-29T00:00:00',
    '+012026-01-01',
  ],
  ...[
    'Wed, 01 May 2024 10:00:30 GMT',
    '120',
    '8640000000000001',
    '9'.repeat(400),
    '46095.63',
    '14/03/2026',
    '๑๔/๐๓/๒๕๖๙',
    '=1',
  ],
  ...[
    '2011-12-30 12:00',
    '2026-03-29 02:30',
    '2026-10-25 02:30',
    '1883-11-18 12:03:58',
    '2026-03-14T24:00',
    '2026-03-14T15:09:60Z',
  ],
];
const PIECES = [
  '-',
  ':',
  '+',
  'Z',
  'T',
  ' ',
  '.',
  ',',
  '00',
  '99',
  '0',
  '9999',
  '0000',
  '2569',
  '-08:00',
  '+14:00',
  '+99:99',
];
const COUNTRIES = ['SG', 'th', 'US', 'XX', '', '__proto__', 'und', 'x-a', '中国', null];

type Input = { readonly text: string; readonly zone: string; readonly country: string | null };

export default defineFuzz<Input>({
  known: [
    ...TIMES,
    `2026-03-14T15:09:26.${'9'.repeat(100_000)}`,
    `${' '.repeat(100_000)}x`,
    `0.${'0'.repeat(100_000)}`,
  ].flatMap((text) =>
    ['Asia/Singapore', 'Pacific/Apia', 'America/St_Johns'].map((zone) => ({ text, zone, country: 'US' })),
  ),
  inputs: fc.record({
    text: fc.oneof(
      mutatedText(TIMES, PIECES),
      fc.array(fc.constantFrom(...PIECES, ...TIMES)).map((all) => all.join('')),
    ),
    zone: fc.constantFrom(...ZONES),
    country: fc.oneof(fc.constantFrom(...COUNTRIES), fc.string({ maxLength: 3 })),
  }),
  holds({ text, zone, country }) {
    const account = { country: 'SG', timezone: zone } as const;
    const where = { countries: [country, 'TH'], account };
    const times = [parseLazadaTime(text), carrierTime(text, where), latestCarrierTime(text, where)];
    isData(times, 'a time');
    for (const at of times) if (at) isLookedAt(at, zone);
    const ms = retryAfterMs(text, new Date('2026-03-14T00:00:00Z'));
    promised(ms === null || ms >= 0, `a wait, not ${ms}`);
    promised(
      zonesOf(country ?? '').every((one) => one.length > 0),
      'zones of a country',
    );

    const told = readTime(text.trim() || 'x');
    isData(told, 'what a file tells');
    isDayOrMonthFirst(text);
    if (told.kind === 'moment') new Date(told.at).toISOString();
    if (told.kind === 'wall') {
      const moment = momentOf(told.wall, zone);
      isData(moment, 'a moment');
      if (moment.kind === 'moment') new Date(moment.at).toISOString();
    }
  },
});

/** What clocks and days make of a moment of ours; far away from now nobody asks for them. */
function isLookedAt(at: Date, timezone: string): void {
  if (at.getUTCFullYear() < 1970 || at.getUTCFullYear() > 9000) return;
  const { day, time } = localClock(at, timezone);
  promised(/^\d{4}-\d\d-\d\d$/.test(day) && /^\d\d:\d\d$/.test(time), `a clock shows ${day} ${time}`);
  const { from, until } = dayBounds(day, timezone);
  promised(from <= at && at < until, `${at.toISOString()} lies within ${day} of ${timezone}`);
  promised(
    dueDays('manifest', { now: at, timezone, newest: '2026-01-01' }).length <= 31,
    'no more than a month of days',
  );
}
