import { describe, expect, test } from '@jest/globals';
import type { RawRow } from '@lazada-sof/orders';
import { csvForm } from './csv-form.ts';
import { type CsvText, csvRows, NotUtf8 } from './csv-rows.ts';
import { allOf, fileOf, HEADER } from './import.fixture.ts';

const read = async (content: string | Uint8Array, more: Partial<CsvText> = {}, chunk?: number): Promise<RawRow[]> => {
  const csv: CsvText = {
    source: fileOf(content, chunk),
    encoding: 'utf-8',
    separator: ',',
    hasSeparatorLine: false,
    ...more,
  };
  return (await allOf(csvRows(csv))).flat();
};
const row = (line: number, ...cells: string[]): RawRow => ({ line, cells });

describe('a row stands in the line at which it begins', () => {
  test.each<[says: string, text: string, rows: RawRow[]]>([
    ['with LF', 'a,b\nc,d\n', [row(1, 'a', 'b'), row(2, 'c', 'd')]],
    ['with CRLF', 'a,b\r\nc,d\r\n', [row(1, 'a', 'b'), row(2, 'c', 'd')]],
    ['with CR', 'a,b\rc,d\r', [row(1, 'a', 'b'), row(2, 'c', 'd')]],
    ['with both kinds', 'a\r\nb\nc\r\n', [row(1, 'a'), row(2, 'b'), row(3, 'c')]],
    ['without an end of the last line', 'a\nb', [row(1, 'a'), row(2, 'b')]],
    ['behind empty lines', 'a\n\n\nb\n', [row(1, 'a'), row(2, ''), row(3, ''), row(4, 'b')]],
    ['behind a cell of two lines', 'a\n"b\nc",d\ne\n', [row(1, 'a'), row(2, 'b\nc', 'd'), row(4, 'e')]],
    ['behind a cell with CRLF', '"b\r\n\r\nc"\r\ne\r\n', [row(1, 'b\n\nc'), row(4, 'e')]],
    ['behind one that ends so', '"b\n"\ne\n', [row(1, 'b\n'), row(3, 'e')]],
    ['with quotes', '"say ""hi""",""\n', [row(1, 'say "hi"', '')]],
  ])('%s', async (_, text, rows) => expect(await read(text)).toEqual(rows));

  test('wherever the bytes are cut', async () => {
    const text = 'account,reason\r\n"ลูก\r\nค้า",👍🏽\r\nnaïve,"""x"""\r\n';
    const whole = await read(text);
    for (let chunk = 1; chunk < 20; chunk += 1) expect(await read(text, {}, chunk)).toEqual(whole);
    expect(whole).toEqual([row(1, 'account', 'reason'), row(2, 'ลูก\nค้า', '👍🏽'), row(4, 'naïve', '"x"')]);
  });

  test('without the line that names the separator', async () =>
    expect(await read('sep=;\na;b\n', { separator: ';', hasSeparatorLine: true })).toEqual([row(2, 'a', 'b')]));
});

describe('a row with a stray quote alone is broken', () => {
  const broken = (line: number): RawRow => ({ line, cells: [], isBroken: true });

  test.each<[says: string, text: string, rows: RawRow[]]>([
    ['and those around it are read', 'a,b\nc,5" pipe\ne,f\n', [row(1, 'a', 'b'), broken(2), row(3, 'e', 'f')]],
    ['once, however many there are', 'c,5" x 6"\ne,f\n', [broken(1), row(2, 'e', 'f')]],
    ['one behind another', 'c,5"\nd,6"\ne,f\n', [broken(1), broken(2), row(3, 'e', 'f')]],
    ['behind a cell of two lines', '"a\nb",x\nc,5"\ne\n', [row(1, 'a\nb', 'x'), broken(3), row(4, 'e')]],
    ['where a space stands before the quote', 'a, "b"\nc\n', [broken(1), row(2, 'c')]],
  ])('%s', async (_, text, rows) => expect(await read(text)).toEqual(rows));
});

describe('a text in another encoding', () => {
  /** Byte by byte, as the encoding's table has them. Some versions of Node took them for Latin-1. */
  test.each<[encoding: 'windows-1252' | 'windows-874', bytes: number[], text: string]>([
    ['windows-1252', [0x80, 0x93, 0x94, 0x96, 0x99, 0xe9, 0xf0], '€“”–™éð'],
    ['windows-874', [0x80, 0x85, 0x93, 0x94, 0xa1, 0xc5, 0xdf, 0xfb], '€…“”กล฿๛'],
  ])('%s', async (encoding, bytes, text) =>
    expect(await read(Uint8Array.from(bytes), { encoding })).toEqual([row(1, text)]),
  );

  test('UTF-16 with the big end first', async () =>
    expect(await read(Buffer.from('\ufeffa,é\n', 'utf16le').swap16(), { encoding: 'utf-16be' })).toEqual([
      row(1, 'a', 'é'),
    ]));

  test.each<[says: string, bytes: number[]]>([
    ['a byte that begins nothing', [0x61, 0xff, 0x0a]],
    ['a letter cut off at the end', [0x61, 0xe0, 0xb8]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ])('is no UTF-8: %s', async (_, bytes) => expect(read(Uint8Array.from(bytes))).rejects.toThrow(NotUtf8));
});

describe('the separator', () => {
  const other = (separator: string) => HEADER.replaceAll(',', separator);

  test.each<[says: string, head: string, separator: string, hasSeparatorLine?: boolean]>([
    ['comma', `${HEADER}\n`, ','],
    ['semicolon', `${other(';')}\n`, ';'],
    ['tab', `${other('\t')}\r\n`, '\t'],
    ['of the header, whatever titles hold', `a,b,c,d,e,f,g\n\n${other(';')}\n`, ';'],
    ['of the header, whatever a title and rows hold', `${other(';')}\na,b,c,d,e,f,g,h;1\n`, ';'],
    ['between names in quotes', '"account";"status"\n', ';'],
    ['that stands most often, where no column is ours', 'x;y;z,1\n', ';'],
    ['said in a line of its own', 'sep=;\na;b\n', ';', true],
    ['said in capitals and quotes', '"SEP=|"\r\na|b\n', '|', true],
    ['not by a column of that name', 'sep=a,b\n', ','],
    ['nowhere', 'a\n', ','],
  ])('%s', (_, head, separator, hasSeparatorLine = false) =>
    expect(csvForm(head)).toEqual({ separator, hasSeparatorLine }),
  );
});
