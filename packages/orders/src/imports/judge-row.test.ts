import { describe, expect, test } from '@jest/globals';
import type { Cell, RawRow } from './cell.ts';
import { IMPORT_COLUMNS, type ImportColumn, readHeader } from './columns.ts';
import { type ImportAccount, type JudgedBy, judgeRow, type Mistake } from './judge-row.ts';
import { whyOrderUnknown } from './read-id.ts';
import { ROW_REFUSALS } from './refusals.ts';

const NOW = new Date('2026-03-14T08:00:00Z');
const BY: JudgedBy = {
  header: readHeader(1, IMPORT_COLUMNS),
  accounts: new Map<string, ImportAccount>([
    ['demo-sg', { country: 'SG', timezone: 'Asia/Singapore' }],
    ['demo-de', { country: null, timezone: 'Europe/Berlin' }],
    ['demo-zoneless', { country: 'TH', timezone: null }],
  ]),
  now: NOW,
  datesAreTurned: false,
  isText: true,
};

type Cells = Partial<Record<ImportColumn, Cell>>;
const GOOD: Cells = {
  account: 'demo-sg',
  order_number: '400100000214601',
  status: 'delivered',
  occurred_at: '2026-03-14 15:09',
};
const rawOf = (cells: Cells, more: readonly Cell[] = []): RawRow => ({
  line: 7,
  cells: [...IMPORT_COLUMNS.map((column) => ({ ...GOOD, ...cells })[column] ?? ''), ...more],
});

function taken(cells: Cells, by: Partial<JudgedBy> = {}) {
  const judged = judgeRow(rawOf(cells), { ...BY, ...by });
  if (!judged.ok)
    throw new Error(`refused: ${judged.mistakes.map(({ field, reason }) => `${field}: ${reason}`).join()}`);
  return judged.row;
}
function mistakesIn(raw: RawRow, by: Partial<JudgedBy> = {}): readonly Mistake[] {
  const judged = judgeRow(raw, { ...BY, ...by });
  return judged.ok ? [] : judged.mistakes;
}

describe('a row is taken', () => {
  test('as what it says of an order', () =>
    expect(taken({})).toEqual({
      line: 7,
      account: 'demo-sg',
      orderNumber: '400100000214601',
      update: { status: 'delivered', occurredAt: new Date('2026-03-14T07:09:00Z') },
    }));

  test.each<[says: string, cells: Cells, update: object]>([
    ['a status in any case, with spaces around it', { status: ' Not-Delivered ' }, { status: 'not_delivered' }],
    ['ready to ship', { status: 'READY TO SHIP' }, { status: 'ready_to_ship' }],
    ['what was said taken back', { status: 'withdraw' }, { status: 'withdraw' }],
    ['a package', { package_id: 'FP2 ' }, { packageId: 'FP2' }],
    ['a tracking number', { tracking_number: 'LXST-12_3' }, { trackingNumber: 'LXST-12_3' }],
    ['a carrier in any case', { carrier: 'DHL', carrier_tracking_number: 'JD1' }, { carrier: 'dhl' }],
    [
      'a carrier’s number without its spaces',
      { carrier: 'dhl', carrier_tracking_number: '0034 0434\u00a02921 3510 0201' },
      { carrierTrackingNumber: '00340434292135100201' },
    ],
    [
      '18 digits of another carrier',
      { carrier: 'own', carrier_tracking_number: '340434292135100201' },
      { carrier: 'own' },
    ],
    ['a reason without our apostrophe', { reason: "'=1+1" }, { reason: '=1+1' }],
    ['a reason with an apostrophe of its own', { reason: "'tis fine" }, { reason: "'tis fine" }],
    ['five minutes ahead', { occurred_at: '2026-03-14T08:05:00Z' }, { occurredAt: new Date('2026-03-14T08:05:00Z') }],
    [
      'a date cell',
      { occurred_at: { kind: 'date', text: '2026-03-14 15:09:00', stored: '46095.63125' } },
      { occurredAt: new Date('2026-03-14T07:09:00Z') },
    ],
    ['a number as a reason', { reason: { kind: 'number', text: '5' } }, { reason: '5' }],
  ])('%s', (_, cells, update) => expect(taken(cells).update).toMatchObject(update));

  test('an order number that was a number of 15 digits', () =>
    expect(taken({ order_number: { kind: 'number', text: '400100000214601' } }).orderNumber).toBe('400100000214601'));

  test('a time with the year first, where others of the sheet were turned', () =>
    expect(taken({ occurred_at: '2026-03-14T15:09+08:00' }, { datesAreTurned: true }).update.occurredAt).toEqual(
      new Date('2026-03-14T07:09:00Z'),
    ));

  test('a carrier’s number alone, without status and time', () =>
    expect(taken({ status: '', occurred_at: '', carrier: 'dhl', carrier_tracking_number: 'JD1' }).update).toEqual({
      carrier: 'dhl',
      carrierTrackingNumber: 'JD1',
    }));

  test('a carrier and no number is left to the rule of the doors', () =>
    expect(taken({ carrier: 'dhl' }).update.carrier).toBe('dhl'));

  test.each<[says: string, more: Cell[], by: Partial<JudgedBy>]>([
    ['separators behind the last column', ['', ' '], {}],
    ['notes beside a sheet’s table', ['a note'], { isText: false }],
  ])('with %s', (_, more, by) => expect(mistakesIn(rawOf({}, more), by)).toEqual([]));
});

type Case = {
  readonly raw: RawRow;
  readonly by?: Partial<JudgedBy>;
  readonly mistake: Omit<Mistake, 'value'> & { value?: string };
};
const at = (occurred_at: Cell) => rawOf({ occurred_at });
const number = (text: string): Cell => ({ kind: 'number', text });
const time = (reason: string) => ({ field: 'occurred_at', reason }) as const;

/** What rows say of one another is in `claims.test.ts`, and which orders there are nobody knows from the file. */
type JudgedAlone = Exclude<
  keyof typeof ROW_REFUSALS,
  'otherEnd' | 'otherTime' | 'otherNumber' | 'orderNotWritten' | `orderUnknown${string}`
>;
const CASES = {
  accountEmpty: {
    raw: rawOf({ account: ' ' }),
    mistake: { field: 'account', value: '', reason: ROW_REFUSALS.accountEmpty() },
  },
  accountUnknown: {
    raw: rawOf({ account: 'Demo-SG' }),
    mistake: { field: 'account', value: 'Demo-SG', reason: ROW_REFUSALS.accountUnknown() },
  },
  orderNumberEmpty: {
    raw: rawOf({ order_number: '' }),
    mistake: { field: 'order_number', value: '', reason: ROW_REFUSALS.orderNumberEmpty() },
  },
  idByExponent: {
    raw: rawOf({ package_id: '2,6E+14' }),
    mistake: { field: 'package_id', value: '2,6E+14', reason: ROW_REFUSALS.idByExponent() },
  },
  idTooManyDigits: {
    raw: rawOf({ order_number: number('4001000002146020') }),
    mistake: { field: 'order_number', reason: ROW_REFUSALS.idTooManyDigits(16) },
  },
  idApostrophe: {
    raw: rawOf({ tracking_number: '’123' }),
    mistake: { field: 'tracking_number', value: '’123', reason: ROW_REFUSALS.idApostrophe() },
  },
  idFormula: {
    raw: rawOf({ order_number: '="400100000214601"' }),
    mistake: { field: 'order_number', reason: ROW_REFUSALS.idFormula() },
  },
  idForm: {
    raw: rawOf({ order_number: '400,100,000,214,633' }),
    mistake: { field: 'order_number', value: '400,100,000,214,633', reason: ROW_REFUSALS.idForm() },
  },
  dhlLostZeros: {
    raw: rawOf({ carrier: 'Dhl', carrier_tracking_number: '340434 292135 100201' }),
    mistake: { field: 'carrier_tracking_number', value: '340434 292135 100201', reason: ROW_REFUSALS.dhlLostZeros() },
  },
  statusEmpty: {
    raw: rawOf({ status: '' }),
    mistake: { field: 'status', value: '', reason: ROW_REFUSALS.statusEmpty() },
  },
  statusUnknown: {
    raw: rawOf({ status: 'eaten' }),
    mistake: {
      field: 'status',
      value: 'eaten',
      reason: 'it is no status; write one of ready_to_ship, shipped, delivered, not_delivered, withdraw',
    },
  },
  statusRelease: {
    raw: rawOf({ status: 'Release' }),
    mistake: { field: 'status', reason: ROW_REFUSALS.statusRelease() },
  },
  timeEmpty: { raw: at(' '), mistake: { ...time(ROW_REFUSALS.timeEmpty()), value: '' } },
  timeBuddhist: {
    raw: at('2569-03-14 15:09'),
    mistake: time(
      '2569 is a year of the Buddhist calendar, 2026 of the common one; write 2026: write it like 2026-03-14 15:09, or with its offset, like 2026-03-14T15:09:26+08:00',
    ),
  },
  timeNumber: { raw: at(number('46095.63125')), mistake: { ...time(ROW_REFUSALS.timeNumber()), value: '46095.63125' } },
  timeApostrophe: { raw: at("'2026-03-14 15:09"), mistake: time(ROW_REFUSALS.timeApostrophe()) },
  timeDayAlone: {
    raw: at({ kind: 'date', text: '2026-03-14', stored: '46095' }),
    mistake: { ...time(ROW_REFUSALS.timeDayAlone()), value: '2026-03-14' },
  },
  timeWithoutDay: { raw: at('15:09'), mistake: time(ROW_REFUSALS.timeWithoutDay()) },
  timeDayOrMonthFirst: { raw: at('3/4/2026 15:09'), mistake: time(ROW_REFUSALS.timeDayOrMonthFirst()) },
  timeNoSuch: { raw: at('2026-02-30 15:09'), mistake: time(ROW_REFUSALS.timeNoSuch()) },
  timeLongAgo: { raw: at('1899-12-30 15:09'), mistake: time(ROW_REFUSALS.timeLongAgo(1899)) },
  timeOther: { raw: at('14 Agustus 2026'), mistake: { ...time(ROW_REFUSALS.timeOther()), value: '14 Agustus 2026' } },
  timeSkipped: {
    raw: rawOf({ account: 'demo-de', occurred_at: '2025-03-30 02:30' }),
    mistake: time(ROW_REFUSALS.timeSkipped('Europe/Berlin')),
  },
  timeRepeated: {
    raw: rawOf({ account: 'demo-de', occurred_at: '2025-10-26 02:30' }),
    mistake: time(ROW_REFUSALS.timeRepeated('Europe/Berlin')),
  },
  timeWithoutZone: { raw: rawOf({ account: 'demo-zoneless' }), mistake: time(ROW_REFUSALS.timeWithoutZone()) },
  timeInFuture: {
    raw: at('2026-03-14 16:05:01'),
    mistake: time(ROW_REFUSALS.timeInFuture('2026-03-14 16:00', 'Asia/Singapore')),
  },
  timesTurned: {
    raw: at({ kind: 'date', text: '2026-03-04 15:10:00', stored: '46085.6319' }),
    by: { datesAreTurned: true },
    mistake: time(ROW_REFUSALS.timesTurned()),
  },
  cellFormula: {
    raw: rawOf({ reason: { kind: 'formula', text: 'guard 6', formula: '"guard "&ROW()' } }),
    mistake: { field: 'reason', value: '="guard "&ROW()', reason: ROW_REFUSALS.cellFormula() },
  },
  cellError: {
    raw: rawOf({ reason: { kind: 'error', text: '#N/A' } }),
    mistake: { field: 'reason', value: '#N/A', reason: ROW_REFUSALS.cellError() },
  },
  cellBoolean: {
    raw: rawOf({ status: { kind: 'boolean', text: 'TRUE' } }),
    mistake: { field: 'status', value: 'TRUE', reason: ROW_REFUSALS.cellBoolean() },
  },
  cellTooLong: {
    raw: rawOf({ reason: 'x'.repeat(1_001) }),
    mistake: { field: 'reason', value: `${'x'.repeat(200)}…`, reason: ROW_REFUSALS.cellTooLong(1_000) },
  },
  rowTooManyCells: {
    raw: rawOf({}, ['', 'twice']),
    mistake: {
      field: 'row',
      value: 'twice',
      reason: 'the row has 11 cells and the header 9; put a text that holds the separator in double quotes',
    },
  },
  rowStrayQuote: {
    raw: { line: 7, cells: [], isBroken: true },
    mistake: { field: 'row', value: '', reason: ROW_REFUSALS.rowStrayQuote() },
  },
} satisfies Record<JudgedAlone, Case>;

describe('a row is refused with its field, its value and the way out', () => {
  test.each(Object.entries<Case>(CASES))('%s', (_, { raw, by, mistake }) => {
    const mistakes = mistakesIn(raw, by);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatchObject(mistake);
  });

  test('every mistake of a row at once, in the order of its columns', () =>
    expect(
      mistakesIn(rawOf({ account: 'who', order_number: '4E+14', status: 'eaten', occurred_at: '15:09' })).map(
        ({ field }) => field,
      ),
    ).toEqual(['account', 'order_number', 'status', 'occurred_at']));

  test.each<[says: string, cells: Cells, field: ImportColumn]>([
    ['ids of more than 100 characters', { order_number: '4'.repeat(101) }, 'order_number'],
    ['a name of more than 500', { account: 'x'.repeat(501) }, 'account'],
    ['a carrier of more than 50', { carrier: 'x'.repeat(51), carrier_tracking_number: '1' }, 'carrier'],
    [
      'a time that cannot be read where no status is given',
      { status: '', carrier_tracking_number: 'J1', occurred_at: 'x' },
      'occurred_at',
    ],
    ['Thai digits in an id', { order_number: '๔๐๐๑' }, 'order_number'],
  ])('%s', (_, cells, field) => expect(mistakesIn(rawOf(cells)).map((mistake) => mistake.field)).toEqual([field]));

  test('a value that would steer a terminal is shown without what steers it', () =>
    expect(mistakesIn(rawOf({ status: '\u001b[2Jeaten' }))[0]?.value).toBe('[2Jeaten'));
});

test.each<[orderNumber: string, reason: string]>([
  ['40010000021463200', ROW_REFUSALS.orderUnknownRounded()],
  ['40010000021463217', ROW_REFUSALS.orderUnknown()],
  ['400100000214600', ROW_REFUSALS.orderUnknown()],
])('why order %s is unknown', (orderNumber, reason) => expect(whyOrderUnknown(orderNumber)).toBe(reason));

test('every refusal states the fact and, behind it, the way out', () => {
  const anything = [1, 2, 3, 'x'] as const;
  for (const [key, words] of Object.entries(ROW_REFUSALS)) {
    const sentence =
      key === 'statusUnknown' ? ROW_REFUSALS.statusUnknown(['shipped']) : String(Reflect.apply(words, null, anything));
    expect([key, sentence]).toEqual([key, expect.stringMatching(/^[^;:]+[;:] .+[^.]$/)]);
  }
});
