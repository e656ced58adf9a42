/** Every file of `samples/`, as its README has it: in its world each order that a row names exists, but for those unknown. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type ImportRow, type Mistake, whyOrderUnknown } from '@lazada-sof/orders';
import { fileOf, readAll, refusalOf } from './import.fixture.ts';

const SAMPLES = new URL('../../samples/', import.meta.url);
const sample = (name: string) => fileOf(readFileSync(new URL(name, SAMPLES)));

/** By sample: orders that no account has. */
const UNKNOWN: Readonly<Record<string, readonly string[]>> = {
  '09-libreoffice-order-numbers-as-numbers.csv': ['40010000021463200'],
  '32-libreoffice-number-cells.xlsx': ['400100000214606'],
};

async function outcome(name: string) {
  const { accepted, refused, facts } = await readAll(sample(name));
  const isUnknown = ({ orderNumber }: ImportRow) => UNKNOWN[name]?.includes(orderNumber) === true;
  const taken = accepted.filter((row) => !isUnknown(row)).map(({ line }) => line);
  const mistakes = [
    ...refused.flatMap(({ line, mistakes }) => mistakes.map((mistake): [number, Mistake] => [line, mistake])),
    ...accepted.filter(isUnknown).map(({ line, orderNumber }): [number, Mistake] => {
      return [line, { field: 'order_number', value: orderNumber, reason: whyOrderUnknown(orderNumber) }];
    }),
  ];
  return { rows: facts.rows, taken, mistakes: mistakes.sort(([one], [other]) => one - other), facts };
}

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Line, field, and what the words must say. */
type Refused = readonly [line: number, field: Mistake['field'], words: RegExp];
type Row = readonly [name: string, taken: readonly number[], refused: readonly Refused[]];

const FIRST = [2, 3, 4, 6, 7, 8, 9, 10];
const at = (from: number, to: number, words: RegExp): Refused[] =>
  lines(from, to).map((line) => [line, 'occurred_at', words]);

const DAY_FIRST = /3\/4 is 3 April or 4 March.*2026-03-14 15:09/;
const BUDDHIST = /2569 is a year of the Buddhist calendar.*write 2026/;
const NUMBER_OF_A_SHEET = /a number of 1[67] digits and a spreadsheet keeps 15/;

const CSV: readonly Row[] = [
  ['01-libreoffice-utf8.csv', FIRST, []],
  ['02-python-utf8-bom-crlf.csv', FIRST, []],
  ['03-libreoffice-unicode-text.txt', FIRST, []],
  ['04-libreoffice-windows-1252.csv', lines(2, 5), []],
  ['05-libreoffice-windows-874.csv', lines(2, 4), []],
  ['06-libreoffice-windows-874-two-countries.csv', lines(2, 4), []],
  [
    '07-libreoffice-semicolon-german-dates.csv',
    [5],
    [...at(2, 3, DAY_FIRST), [4, 'occurred_at', /form that is read; write it like/]],
  ],
  ['08-libreoffice-semicolon-vietnam-dates.csv', [5], at(2, 4, DAY_FIRST)],
  [
    '09-libreoffice-order-numbers-as-numbers.csv',
    [2, 3, 6, 7],
    [
      [4, 'order_number', /with an exponent and dropped digits; format the column as text/],
      [5, 'order_number', /with an exponent and dropped digits/],
      [8, 'order_number', /no such order, and the zeros at its end look as if a spreadsheet had rounded it/],
      [9, 'order_number', /without spaces, dots, commas/],
      [10, 'order_number', /without spaces, dots, commas/],
    ],
  ],
  [
    '10-libreoffice-dates-of-six-countries.csv',
    [10],
    [
      ...at(2, 4, DAY_FIRST),
      [5, 'occurred_at', BUDDHIST],
      ...at(6, 8, DAY_FIRST),
      [9, 'occurred_at', /form that is read/],
    ],
  ],
  ['11-libreoffice-thai-buddhist-years.csv', [7], [...at(2, 5, BUDDHIST), [6, 'occurred_at', DAY_FIRST]]],
  [
    '12-libreoffice-dates-as-numbers.csv',
    [7],
    [
      ...at(2, 4, /turned the time into a number/),
      [5, 'occurred_at', /a day without a time/],
      [6, 'occurred_at', /a time without a day/],
    ],
  ],
  [
    '13-libreoffice-apostrophes.csv',
    [6],
    [
      [2, 'order_number', /an apostrophe stands before it/],
      [3, 'order_number', /an apostrophe stands before it/],
      [4, 'order_number', /written as a formula, ="…"/],
      [5, 'occurred_at', /an apostrophe or = stands before it/],
    ],
  ],
  ['14-libreoffice-empty-columns-and-rows.csv', [2, 4], [[5, 'status', /it is empty; write a status/]]],
  ['16-python-bom-sep-line.csv', [3, 4], []],
  ['17-libreoffice-loose-headers.csv', [2, 3, 4], [[5, 'account', /exactly as the list of accounts shows it/]]],
  [
    '18-libreoffice-lost-zeros.csv',
    [2, 6, 7],
    [
      [3, 'carrier_tracking_number', /with an exponent/],
      [4, 'carrier_tracking_number', /lost both zeros/],
      [5, 'carrier_tracking_number', /lost both zeros/],
    ],
  ],
  [
    '19-gnumeric-date-cells.csv',
    [...lines(2, 6), 8, 9],
    [
      [7, 'occurred_at', /a day without a time/],
      [10, 'occurred_at', /turned the time into a number/],
      [11, 'occurred_at', /a time without a day/],
    ],
  ],
  [
    '22-libreoffice-same-order-twice.csv',
    [3, 4, 8],
    [
      [2, 'status', /line 5 says not_delivered/],
      [5, 'status', /line 2 says delivered/],
      [6, 'occurred_at', /line 7 says the same with another time;/],
      [7, 'occurred_at', /line 6 says the same with another time;/],
    ],
  ],
  [
    '23-libreoffice-formula-look-alikes.csv',
    [2, 3, 6],
    [
      [4, 'status', /no status; write one of ready_to_ship, shipped, delivered, not_delivered/],
      [5, 'order_number', /without spaces, dots, commas or signs/],
    ],
  ],
  [
    '24-libreoffice-not-as-shown.csv',
    [8, 9, 11, 12],
    [...at(2, 7, DAY_FIRST), [10, 'order_number', /with an exponent/]],
  ],
  ['25-libreoffice-opened-and-saved-again.csv', FIRST.filter((line) => line !== 7), [[7, 'order_number', /exponent/]]],
  ['26-gnumeric-opened-and-saved-again.csv', FIRST, []],
  ['27-libreoffice-dates-half-swapped.csv', [], at(2, 6, DAY_FIRST)],
  ['38-libreoffice-hidden-and-filtered.csv', lines(2, 9), []],
  ['58-really-csv.xlsx', FIRST, []],
];

const AS_52: readonly Refused[] = [
  [5, 'order_number', NUMBER_OF_A_SHEET],
  [6, 'occurred_at', /a day without a time/],
];
const AS_55: readonly Refused[] = [
  [4, 'order_number', NUMBER_OF_A_SHEET],
  [6, 'occurred_at', /it is a formula.*paste it as values/],
  [9, 'reason', /the spreadsheet shows an error/],
];

const SHEETS: readonly Row[] = [
  ['31-libreoffice-text-cells.xlsx', lines(2, 9), []],
  [
    '32-libreoffice-number-cells.xlsx',
    [2, 5, 7],
    [
      [3, 'order_number', NUMBER_OF_A_SHEET],
      [4, 'order_number', NUMBER_OF_A_SHEET],
      [6, 'order_number', /the account has no such order/],
      [8, 'occurred_at', /turned the time into a number/],
      [9, 'status', /it is no status/],
    ],
  ],
  [
    '33-libreoffice-date-cells.xlsx',
    [...lines(2, 6), 8, 9],
    [
      [7, 'occurred_at', /a day without a time/],
      [10, 'occurred_at', /turned the time into a number/],
      [11, 'occurred_at', /a time without a day/],
    ],
  ],
  ['34-libreoffice-dates-since-1904.xlsx', [2, 3], []],
  [
    '35-libreoffice-formulas.xlsx',
    [2],
    (['order_number', 'status', 'occurred_at', 'reason', 'order_number', 'order_number'] as const).map(
      (field, index): Refused => [index + 3, field, /it is a formula, whose value may be old/],
    ),
  ],
  ['37-libreoffice-hidden-and-filtered.xlsx', lines(2, 9), []],
  ['47-gnumeric-text-cells.xlsx', lines(2, 9), []],
  [
    '48-gnumeric-from-csv.xlsx',
    [2, 4, 5, 7, 8, 9],
    [
      [3, 'order_number', NUMBER_OF_A_SHEET],
      [6, 'order_number', NUMBER_OF_A_SHEET],
    ],
  ],
  ['49-libreoffice-macro-book.xlsm', [2, 3, 4], []],
  ['50-libreoffice-dates-half-swapped.xlsx', [], at(2, 6, /turned day and month of some/)],
  ['52-openpyxl-inline-strings.xlsx', [2, 3, 4, 8], [...AS_52, [9, 'status', /a truth value/]]],
  ['53-openpyxl-iso-dates.xlsx', [2, 3, 4, 8], AS_52],
  ['54-xlsxwriter-inline-strings.xlsx', [2, 3, 4, 8], AS_52],
  ['55-exceljs-stream.xlsx', [2, 3, 5, 7, 8], AS_55],
  ['56-exceljs-book.xlsx', [2, 3, 5, 7, 8], AS_55],
  ['57-really-xlsx.csv', lines(2, 9), []],
];

describe('a file that a real program wrote', () => {
  test.each([...CSV, ...SHEETS])('%s', async (name, taken, refused) => {
    const found = await outcome(name);
    expect(found.taken).toEqual(taken);
    expect(found.mistakes.map(([line, { field }]) => [line, field])).toEqual(
      refused.map(([line, field]) => [line, field]),
    );
    for (const [index, [, , words]] of refused.entries()) expect(found.mistakes[index]?.[1].reason).toMatch(words);
    expect(found.rows).toBe(taken.length + new Set(refused.map(([line]) => line)).size);
  });
});

const FAILED: readonly (readonly [name: string, words: RegExp])[] = [
  ['15-libreoffice-title-rows.csv', /the header stands in line 4; take out lines 1 to 3/],
  ['20-libreoffice-header-only.csv', /a header and no rows/],
  ['21-libreoffice-empty.csv', /the file is empty/],
  ['36-libreoffice-two-sheets.xlsx', /of the sheet “Read me” is not the header.*put the table on the first sheet/],
  ['39-libreoffice-merged-header.xlsx', /the header stands in line 3 of the sheet “Sheet1”; take out lines 1 to 2/],
  ['40-libreoffice-old.xls', /an old Excel file \(\.xls\); open it and save it as \.xlsx or as CSV UTF-8/],
  ['41-libreoffice.ods', /an OpenDocument file.*save it as \.xlsx or as CSV UTF-8/],
  [
    '42-libreoffice-html-table.xls',
    /a web page, whatever its name says; open it in the spreadsheet and save it as \.xlsx/,
  ],
  ['43-zip-of-a-csv.zip', /a zip; unpack it/],
  ['44-xlsx-populate-password.xlsx', /protected by a password; take the password off/],
  ['45-libreoffice-printed.pdf', /a PDF.*ask for the table itself/],
];

describe('a file that is no table to be read', () => {
  test.each(FAILED)('%s', async (name, words) => expect(await refusalOf(sample(name))).toMatch(words));
});

test('every sample has its outcome here', () => {
  const told = [...CSV, ...SHEETS, ...FAILED].map(([name]) => name).sort();
  expect(
    readdirSync(SAMPLES)
      .filter((name) => /^\d/.test(name))
      .sort(),
  ).toEqual(told);
});

describe('what a sample says', () => {
  const row = async (name: string, line: number) => {
    const { accepted } = await readAll(sample(name));
    return accepted.find((found) => found.line === line)?.update;
  };

  test.each<[name: string, line: number, update: object]>([
    ['01-libreoffice-utf8.csv', 2, { status: 'delivered', occurredAt: new Date('2026-03-14T07:09:00Z') }],
    [
      '01-libreoffice-utf8.csv',
      3,
      { occurredAt: new Date('2026-03-14T07:09:26Z'), reason: 'Left with the guard, block "B"' },
    ],
    ['01-libreoffice-utf8.csv', 4, { reason: 'Nobody at home.\nTried twice, called once' }],
    ['01-libreoffice-utf8.csv', 8, { occurredAt: new Date('2026-03-14T10:44:05Z'), reason: 'Señora Niña signed 👍🏽' }],
    ['01-libreoffice-utf8.csv', 10, { status: 'shipped', occurredAt: new Date('2026-03-13T01:00:00Z') }],
    ['02-python-utf8-bom-crlf.csv', 4, { reason: 'Nobody at home.\nTried twice, called once' }],
    ['03-libreoffice-unicode-text.txt', 6, { reason: 'ลูกค้าไม่อยู่บ้าน, โทรไม่ติด' }],
    ['04-libreoffice-windows-1252.csv', 2, { reason: 'Paid “cash” – 12 €, café downstairs' }],
    ['04-libreoffice-windows-1252.csv', 5, { reason: 'Không có ng??i nh?n, g?i l?i sau' }],
    ['05-libreoffice-windows-874.csv', 3, { reason: 'ที่อยู่ไม่ชัดเจน, ไม่มีเบอร์โทร' }],
    ['06-libreoffice-windows-874-two-countries.csv', 4, { reason: 'รับแล้ว' }],
    ['17-libreoffice-loose-headers.csv', 3, { status: 'not_delivered', reason: 'gate locked' }],
    ['17-libreoffice-loose-headers.csv', 2, { status: 'delivered', packageId: 'FP0940000214668' }],
    ['18-libreoffice-lost-zeros.csv', 6, { carrier: 'dhl', carrierTrackingNumber: '00340434292135100205' }],
    ['23-libreoffice-formula-look-alikes.csv', 2, { reason: '=1+1 parcels' }],
    ['26-gnumeric-opened-and-saved-again.csv', 8, { occurredAt: new Date('2026-03-14T02:44:05Z') }],
    ['31-libreoffice-text-cells.xlsx', 3, { reason: 'Left with the guard, block "B"' }],
    ['31-libreoffice-text-cells.xlsx', 4, { reason: 'Nobody at home.\nTried twice, called once' }],
    ['33-libreoffice-date-cells.xlsx', 3, { occurredAt: new Date('2026-03-14T08:09:00Z') }],
    ['33-libreoffice-date-cells.xlsx', 5, { occurredAt: new Date('2026-04-03T00:05:00Z') }],
    ['33-libreoffice-date-cells.xlsx', 8, { occurredAt: new Date('2026-03-14T07:10:00Z') }],
    ['34-libreoffice-dates-since-1904.xlsx', 2, { occurredAt: new Date('2026-03-14T07:09:00Z') }],
    ['34-libreoffice-dates-since-1904.xlsx', 3, { occurredAt: new Date('2026-04-03T00:05:00Z') }],
    ['52-openpyxl-inline-strings.xlsx', 2, { occurredAt: new Date('2026-03-14T07:09:26Z') }],
    ['52-openpyxl-inline-strings.xlsx', 3, { reason: 'two spaces before and after' }],
    ['52-openpyxl-inline-strings.xlsx', 4, { occurredAt: new Date('2026-04-03T01:05:00Z') }],
    ['52-openpyxl-inline-strings.xlsx', 8, { reason: 'and <b> & "quotes"\nnext line' }],
    ['53-openpyxl-iso-dates.xlsx', 2, { occurredAt: new Date('2026-03-14T07:09:26Z') }],
    ['54-xlsxwriter-inline-strings.xlsx', 8, { reason: '_x000D_ and <b> & "quotes"\nnext line' }],
    ['55-exceljs-stream.xlsx', 7, { reason: 'link' }],
    ['55-exceljs-stream.xlsx', 8, { reason: 'Khách không nhận' }],
  ])('%s, line %i', async (name, line, update) => expect(await row(name, line)).toMatchObject(update));

  test.each<[name: string, line: number]>([
    ['01-libreoffice-utf8.csv', 2],
    ['01-libreoffice-utf8.csv', 10],
  ])('%s, line %i has no reason', async (name, line) => expect(await row(name, line)).not.toHaveProperty('reason'));
});

describe('what the dry run tells', () => {
  test.each<[name: string, facts: object]>([
    ['01-libreoffice-utf8.csv', { form: { kind: 'csv', encoding: 'utf-8', separator: ',' } }],
    ['03-libreoffice-unicode-text.txt', { form: { encoding: 'utf-16le', separator: '\t' } }],
    ['04-libreoffice-windows-1252.csv', { form: { encoding: 'windows-1252' } }],
    ['05-libreoffice-windows-874.csv', { form: { encoding: 'windows-874' } }],
    ['06-libreoffice-windows-874-two-countries.csv', { form: { encoding: 'windows-874' } }],
    ['07-libreoffice-semicolon-german-dates.csv', { form: { separator: ';' } }],
    ['14-libreoffice-empty-columns-and-rows.csv', { rows: 3, foreignColumns: [] }],
    ['16-python-bom-sep-line.csv', { form: { separator: ';', hasSeparatorLine: true } }],
    [
      '17-libreoffice-loose-headers.csv',
      {
        foreignColumns: [
          { column: 1, name: 'No.' },
          { column: 7, name: 'Remarks' },
        ],
      },
    ],
    ['37-libreoffice-hidden-and-filtered.xlsx', { rows: 8, hiddenRows: 5 }],
    ['57-really-xlsx.csv', { form: { kind: 'xlsx', sheet: 'Sheet1' } }],
  ])('of %s', async (name, facts) => expect((await readAll(sample(name))).facts).toMatchObject(facts));
});
