import { describe, expect, test } from '@jest/globals';
import type { Cell } from './cell.ts';
import { IMPORT_COLUMNS } from './columns.ts';
import {
  cellsAsTheyCame,
  IMPORT_TEMPLATE,
  RESULT_HEADER,
  refusedHeader,
  refusedLine,
  resultLines,
} from './result-files.ts';

test('the result has a line for each wrong field', () =>
  expect(
    RESULT_HEADER +
      resultLines(4, [
        { field: 'status', value: 'eaten, cold', reason: 'it is no status; write shipped' },
        { field: 'order_number', value: '=400100000214684', reason: 'not a number' },
      ]),
  ).toBe(
    'line,field,value,reason\r\n4,status,"eaten, cold",it is no status; write shipped\r\n4,order_number,\'=400100000214684,not a number\r\n',
  ));

test.each<[says: string, form: Parameters<typeof refusedHeader>[0], header: string]>([
  ['as it came', { separator: ';', hasSeparatorLine: false, header: ['Account ', 'No.'] }, 'Account ;No.\r\n'],
  ['with its sep line', { separator: ';', hasSeparatorLine: true, header: ['a', 'b'] }, 'sep=;\r\na;b\r\n'],
  ['with tabs', { separator: '\t', hasSeparatorLine: false, header: ['a', 'b;c'] }, 'a\tb;c\r\n'],
])('the header of the refused rows stands %s', (_, form, header) => expect(refusedHeader(form)).toBe(header));

test.each<[says: string, cells: string[], separator: string, line: string]>([
  ['in the file’s separator', ['a;b', 'c,d'], ';', '"a;b";c,d\r\n'],
  ['with an apostrophe before what a spreadsheet would run', ['=1+1', "'=1+1"], ',', "'=1+1,'=1+1\r\n"],
  ['with its line breaks', ['a\nb'], '\t', '"a\nb"\r\n'],
])('a refused row is written %s', (_, cells, separator, line) => expect(refusedLine(cells, { separator })).toBe(line));

describe('a cell of a sheet comes back so that it is refused again until it is mended', () => {
  test.each<[says: string, cell: Cell, datesAreTurned: boolean, text: string]>([
    ['a text as it is', ' 400 ', false, ' 400 '],
    ['a formula as a formula', { kind: 'formula', text: '400', formula: 'A1&"0"' }, false, '=A1&"0"'],
    ['an error', { kind: 'error', text: '#N/A' }, false, '#N/A'],
    ['a number of 15 digits', { kind: 'number', text: '400100000214601' }, false, '400100000214601'],
    ['a number that lost digits', { kind: 'number', text: '4001000002146020' }, false, '4.00100000214602e+15'],
    ['a date', { kind: 'date', text: '2026-03-14 15:09:00', stored: '46095.63125' }, false, '2026-03-14 15:09:00'],
    [
      'a date that may be turned',
      { kind: 'date', text: '2026-03-04 15:10:00', stored: '46085.6319' },
      true,
      '46085.6319',
    ],
  ])('%s', (_, cell, datesAreTurned, text) => expect(cellsAsTheyCame([cell], datesAreTurned)).toEqual([text]));

  test('without the empty cells behind it', () =>
    expect(cellsAsTheyCame(['a', '', 'b', '', ' '], false)).toEqual(['a', '', 'b']));
});

test('the template is the header with one line of example', () =>
  expect(IMPORT_TEMPLATE).toBe(
    `${IMPORT_COLUMNS.join(',')}\r\nmy-shop-sg,400100000214601,delivered,2026-03-14 15:09,,,dhl,JJD000390000021467701,Left with the guard\r\n`,
  ));
