/** What a cell of a sheet is taken for. */
import { describe, expect, test } from '@jest/globals';
import type { Cell } from '@lazada-sof/orders';
import { fileOf, readAll } from '../import.fixture.ts';
import { bookOf, bookParts, HEADER_ROW, rowOf, zipOf } from './book.fixture.ts';
import { numberCell, unescaped, wordedDateCell } from './cell-value.ts';
import { isDateFormat } from './date-formats.ts';

describe('a format shows a date', () => {
  test.each<[code: string, isDate: boolean]>([
    ['[$-809]d/m/yyyy\\ h:mm\\ AM/PM', true],
    ['[$-107041E]d/m/yyyy\\ hh:mm', true],
    ['[$-421]dd/mm/yyyy\\ hh\\.mm', true],
    ['yyyy"年"m"月"d"日"', true],
    ['[h]:mm:ss', true],
    ['[ss]', true],
    ['[$-D07041E]bbbb', true],
    ['ge.m.d', true],
    ['h:mm;@', true],
    ['General', false],
    ['0.00E+00', false],
    ['#,##0.00;[Red]-#,##0.00', false],
    ['"yes";"no"', false],
    ['[Magenta]0', false],
    ['0\\d', false],
    ['_d0', false],
    ['@', false],
    ['', false],
    ['[yyyy', true],
    ['[Red[h]0', false],
    ['[[h]', false],
    [`${'0'.repeat(254)}d`, true],
    ['d'.repeat(256), false],
    ['['.repeat(1_000_000), false],
  ])('%s: %s', (code, isDate) => expect(isDateFormat(164, code)).toBe(isDate));

  test.each<[format: number, isDate: boolean]>([
    [0, false],
    [1, false],
    [11, false],
    [14, true],
    [22, true],
    [30, true],
    [45, true],
    [49, false],
    [57, true],
    [76, true],
    [164, false],
  ])('the built-in format %i: %s', (format, isDate) => expect(isDateFormat(format, undefined)).toBe(isDate));
});

describe('a number in the file', () => {
  test.each<[text: string, digits: string]>([
    ['400100000214601', '400100000214601'],
    ['4.00100000214601E+14', '400100000214601'],
    ['4.0010000021460217E16', '40010000021460217'],
    ['4.0E2', '400'],
    ['1.25E1', '12.5'],
    ['-3.5', '-3.5'],
    ['1E-3', '1E-3'],
    ['1E+999', `1${'0'.repeat(400)}`],
    ['NaN', 'NaN'],
  ])('%s is written out', (text, digits) =>
    expect(numberCell(text, false, false)).toEqual({ kind: 'number', text: digits }),
  );

  test.each<[serial: string, since1904: boolean, text: string]>([
    ['46095.63125', false, '2026-03-14 15:09:00'],
    ['44633.63125', true, '2026-03-14 15:09:00'],
    ['46115.3368055556', false, '2026-04-03 08:05:00'],
    ['46115.33680555555', false, '2026-04-03 08:05:00'],
    ['46095.6319444398', false, '2026-03-14 15:10:00'],
    ['41551.9999999998', false, '2013-10-05'],
    ['46095.99999', false, '2026-03-14 23:59:59'],
    ['0.51249999999999996', false, '12:18:00'],
    ['46095', false, '2026-03-14'],
    ['0.63125', false, '15:09:00'],
    ['1.5', false, '1899-12-31 12:00:00'],
  ])('%s with a date’s format is %s', (serial, since1904, text) =>
    expect(numberCell(serial, true, since1904)).toEqual({ kind: 'date', text, stored: serial }),
  );

  test.each<[serial: string]>([['400100000214601'], ['-1.5']])('%s is no date whatever its format', (serial) =>
    expect(numberCell(serial, true, false)).toEqual({ kind: 'number', text: serial }),
  );

  test('nothing is an empty cell', () => expect(numberCell(' ', true, false)).toBe(''));
});

describe('a date in words', () => {
  test.each<[value: string, text: string, stored: string]>([
    ['2026-03-14T15:09:26', '2026-03-14T15:09:26', '46095.631550925929'],
    ['2026-03-14T15:09:26Z', '2026-03-14T15:09:26Z', '46095.631550925929'],
    ['2026-03-14', '2026-03-14', '46095'],
    ['2026-03-14T00:00:00', '2026-03-14', '46095'],
    ['soon', 'soon', 'soon'],
  ])('%s', (value, text, stored) => {
    const cell = wordedDateCell(value);
    expect(cell).toMatchObject({ kind: 'date', text });
    expect('stored' in cell && cell.stored.slice(0, 12)).toBe(stored.slice(0, 12));
  });
});

test.each<[text: string, plain: string]>([
  ['a_x000D_b', 'a\rb'],
  ['_x005F_x000D_', '_x000D_'],
  ['_xD83D__xDE00_', '😀'],
  ['half _xD83D_', 'half \ufffd'],
  ['no NUL _x0000_', 'no NUL _x0000_'],
  ['_x00_', '_x00_'],
])('%s stands for %j', (text, plain) => expect(unescaped(text)).toBe(plain));

describe('a cell of a sheet', () => {
  const SHARED =
    '<sst><si><t>gate</t></si><si><r><t>Khách </t></r><rPh><t>no part</t></rPh><r><t>nhận</t></r></si>' +
    `<si><t>${'_x0041_'.repeat(32_767)}</t></si><si><t>${' '.repeat(32_767)}</t></si></sst>`;
  const reasonOf = async (cell: string, more = {}) => {
    const row = rowOf('demo-sg', '400100000214601', 'delivered', '2026-03-14 15:09', '<c/>', cell);
    const { accepted, refused } = await readAll(
      fileOf(await bookOf(HEADER_ROW + row, { 'xl/sharedStrings.xml': SHARED, ...more })),
    );
    return accepted[0]?.update.reason ?? refused[0]?.mistakes[0]?.reason;
  };

  test.each<[says: string, cell: string, reason: string | undefined]>([
    ['shared', '<c t="s"><v>0</v></c>', 'gate'],
    ['shared, in runs', '<c t="s"><v> 1 </v></c>', 'Khách nhận'],
    ['shared and as long as Excel lets it be', '<c t="s"><v>2</v></c>', 'it has more than 1000 characters; shorten it'],
    ['shared and blank', '<c t="s"><v>3</v></c>', undefined],
    ['inline, in runs', '<c t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>', 'ab'],
    ['inline, in CDATA', '<c t="inlineStr"><is><t><![CDATA[a & b]]></t></is></c>', 'a & b'],
    ['a text without a formula', '<c t="str"><v>plain</v></c>', 'plain'],
    ['a number without a type', '<c><v>5</v></c>', '5'],
    ['with its escapes', '<c t="str"><v>&lt;&#x1F600;&amp;</v></c>', '<😀&'],
    [
      'a formula',
      '<c t="str"><f>A1</f><v>old</v></c>',
      'it is a formula, whose value may be old; copy the column and paste it as values, then save again',
    ],
    [
      'a formula shared with others',
      '<c><f t="shared" si="0"/><v>1</v></c>',
      'it is a formula, whose value may be old; copy the column and paste it as values, then save again',
    ],
    ['empty', '<c s="1"/>', undefined],
    ['empty but of a type', '<c t="s"><v></v></c>', undefined],
  ])('%s', async (_, cell, reason) => expect(await reasonOf(cell)).toBe(reason));
});

describe('a book is read', () => {
  const ROW = rowOf('demo-sg', '400100000214601', 'delivered', '2026-03-14 15:09');

  test('with prefixes before the names of its elements', async () => {
    const prefixed = `<x:worksheet xmlns:x="m"><x:sheetData>${(HEADER_ROW + ROW).replace(/<(\/?)/g, '<$1x:')}</x:sheetData></x:worksheet>`;
    const { accepted } = await readAll(fileOf(await bookOf('', { 'xl/worksheets/sheet1.xml': prefixed })));
    expect(accepted).toHaveLength(1);
  });

  test('from the first sheet that is shown', async () => {
    const parts = bookParts(HEADER_ROW + ROW);
    const hidden = '<sheet name="Notes" state="veryHidden" sheetId="2" r:id="r9"/>';
    const book = (parts['xl/workbook.xml'] ?? '').toString().replace('<sheets>', `<sheets>${hidden}`);
    expect((await readAll(fileOf(await zipOf({ ...parts, 'xl/workbook.xml': book })))).facts.form).toEqual({
      kind: 'xlsx',
      sheet: 'Table',
    });
  });

  test('with formulas filled down below the table that show nothing', async () => {
    const filled = rowOf('<c t="str"><f>IF(A9="","",A9)</f><v></v></c>');
    const { facts } = await readAll(fileOf(await bookOf(HEADER_ROW + ROW + filled)));
    expect(facts.rows).toBe(1);
  });

  test('with notes beside the table, which the dry run names', async () => {
    const note = `<row r="2">${ROW.slice('<row>'.length, -'</row>'.length)}<c r="J2" t="str"><v>a note</v></c></row>`;
    const { facts, accepted } = await readAll(fileOf(await bookOf(HEADER_ROW + note)));
    expect([accepted.length, facts.foreignColumns]).toEqual([1, [{ column: 10, name: '' }]]);
  });

  test('with a date cell among texts with the year first', async () => {
    const date: Cell = '<c s="1"><v>46095.63125</v></c>';
    const { accepted } = await readAll(
      fileOf(await bookOf(HEADER_ROW + ROW + rowOf('demo-th', '400100000214602', 'delivered', date))),
    );
    expect(accepted.map(({ update }) => update.occurredAt?.toISOString())).toEqual([
      '2026-03-14T07:09:00.000Z',
      '2026-03-14T08:09:00.000Z',
    ]);
  });
});
