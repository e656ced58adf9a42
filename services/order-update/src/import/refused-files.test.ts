/** Every way in which a whole file is refused, each with its words: the compiler sees that none is missing. */
import { describe, expect, test } from '@jest/globals';
import { FILE_REFUSALS } from '@lazada-sof/orders';
import { csvOf, fileOf, HEADER, readAll, refusalOf } from './import.fixture.ts';
import type { ImportSource } from './import-source.ts';
import { bookOf, HEADER_ROW, rowOf, zipOf } from './xlsx/book.fixture.ts';

const ROW = 'demo-sg,400100000214601,delivered,2026-03-14 15:09,,';
const MiB = 1024 * 1024;

/** A file that is longer than it has bytes here. */
const ofSize = (size: number, source: ImportSource): ImportSource => ({ ...source, size });
/** A text that is never whole in memory, with `line` at one place. */
const million = (line: string): ImportSource => ({
  size: 60 * 1_000_000,
  async *open() {
    yield Buffer.from(`${HEADER}\n${ROW}\n${line}\n`);
    for (let piece = 0; piece < 1_000; piece += 1) yield Buffer.from(`${ROW}\n`.repeat(1_000));
  },
});
/** So many empty ones. */
const lines = (count: number): ImportSource => ({
  size: count,
  async *open() {
    for (let left = count; left > 0; left -= 1_000_000) yield Buffer.alloc(Math.min(left, 1_000_000), '\n');
  },
});
const ole = (name: string) => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from(name, 'utf16le')]);
const book = async (rows: string, more?: Parameters<typeof bookOf>[1]) => fileOf(await bookOf(rows, more));
const zip = async (parts: Parameters<typeof zipOf>[0]) => fileOf(await zipOf(parts));
const utf16 = (text: string) => fileOf(Buffer.from(text, 'utf16le'));
const sheetRow = rowOf('demo-sg', '400100000214601', 'delivered', '2026-03-14 15:09');

type Case = { readonly file: ImportSource | Promise<ImportSource>; readonly words: string };
const CASES = {
  empty: { file: fileOf(''), words: FILE_REFUSALS.empty() },
  noRows: { file: csvOf(), words: FILE_REFUSALS.noRows() },
  headerLater: {
    file: fileOf(`Deliveries\n\n${HEADER}\n${ROW}\n`),
    words: 'the header stands in line 3; take out lines 1 to 2, so that the header comes first',
  },
  headerMissing: {
    file: fileOf('account,order_number,state\ndemo-sg,1,delivered\n'),
    words:
      'the first line is not the header, or lacks the columns status, occurred_at; put them there as the template has them',
  },
  headerOneColumn: { file: fileOf('order_number\n400100000214601\n'), words: FILE_REFUSALS.headerOneColumn() },
  columnTwice: {
    file: fileOf(`${HEADER},Status\n${ROW},delivered\n`),
    words: 'status stands in the header more than once; take out or rename the columns that are too many',
  },
  tooManyColumns: {
    file: fileOf(`${HEADER}${',more'.repeat(1_000)}\n${ROW}\n`),
    words: 'it has more than 250 columns; take out those that are not needed, the template shows which are',
  },
  quoteNotClosed: {
    file: csvOf(ROW, `${ROW}"Left`),
    words:
      'a double quote that opens a cell in line 3 is not closed; close it there, and double every double quote within a cell',
  },
  rowTooLong: {
    file: million(`${ROW}"Left`),
    words:
      'the row that begins in line 3 has more than 100,000 characters; close the double quote that is open there, or shorten the cell',
  },
  textWithNul: { file: csvOf(`${ROW}a\0b`), words: FILE_REFUSALS.textWithNul() },
  textUtf16WithoutMark: { file: utf16(`${HEADER}\n${ROW}\n`), words: FILE_REFUSALS.textUtf16WithoutMark() },
  csvTooManyRows: {
    file: lines(5_000_001),
    words:
      'it has more than 5,000,000 rows, empty ones counted; take those out, or split it into several files, each with the header',
  },
  csvTooLarge: { file: ofSize(1024 ** 3 + 1, csvOf(ROW)), words: FILE_REFUSALS.csvTooLarge() },

  sheetTooLarge: {
    file: book(HEADER_ROW).then((file) => ofSize(20_000_001, file)),
    words: FILE_REFUSALS.sheetTooLarge(),
  },
  sheetTooManyRows: {
    file: book(HEADER_ROW + '<row><c><v>1</v></c></row>'.repeat(200_001)),
    words:
      'as a spreadsheet it may have 200,000 rows; save it as CSV UTF-8 (in the spreadsheet: File, Save As, CSV UTF-8) and import that, which may have 5,000,000',
  },
  sheetUnpacksToTooMuch: {
    file: book(HEADER_ROW, { 'xl/sharedStrings.xml': Buffer.alloc(65 * MiB, ' ') }),
    words: FILE_REFUSALS.sheetUnpacksToTooMuch(),
  },
  sheetTextTooLong: {
    file: book(HEADER_ROW, { 'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(32_768)}</t></si></sst>` }),
    words:
      'a text in the spreadsheet has more than 32,767 characters, which is more than a cell of Excel holds; shorten it, save and import it again',
  },
  sheetDamaged: { file: fileOf('PK\x03\x04 and nothing more'), words: FILE_REFUSALS.sheetDamaged() },
  sheetNoneShown: {
    file: book(HEADER_ROW, {
      'xl/workbook.xml': '<workbook><sheets><sheet name="Table" state="hidden" id="r1"/></sheets></workbook>',
    }),
    words: FILE_REFUSALS.sheetNoneShown(),
  },
  sheetPassword: { file: fileOf(ole('…EncryptedPackage…')), words: FILE_REFUSALS.sheetPassword() },

  oldExcel: { file: fileOf(ole('Workbook')), words: FILE_REFUSALS.oldExcel() },
  excelBinary: { file: zip({ '_rels/.rels': '', 'xl/workbook.bin': '' }), words: FILE_REFUSALS.excelBinary() },
  openDocument: { file: zip({ mimetype: 'application/vnd.oasis…' }), words: FILE_REFUSALS.openDocument() },
  numbersDocument: { file: zip({ 'Index/Document.iwa': '' }), words: FILE_REFUSALS.numbersDocument() },
  otherDocument: {
    file: book('', { 'xl/workbook.xml': '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml"/>' }),
    words: FILE_REFUSALS.otherDocument(),
  },
  webPage: { file: fileOf('\n<TABLE><tr><td>account</td></tr></TABLE>'), words: FILE_REFUSALS.webPage() },
  xmlFile: { file: fileOf('<?xml version="1.0"?><Workbook/>'), words: FILE_REFUSALS.xmlFile() },
  jsonFile: { file: fileOf('[{"account":"demo-sg"}]'), words: FILE_REFUSALS.jsonFile() },
  zip: { file: zip({ 'deliveries.csv': `${HEADER}\n${ROW}\n` }), words: FILE_REFUSALS.zip() },
  packed: { file: fileOf(Buffer.from('1f8b0800', 'hex')), words: FILE_REFUSALS.packed() },
  pdf: { file: fileOf('%PDF-1.7'), words: FILE_REFUSALS.pdf() },
  picture: { file: fileOf(Buffer.from('ffd8ffe0', 'hex')), words: FILE_REFUSALS.picture() },
} satisfies Record<keyof typeof FILE_REFUSALS, Case>;

describe('a file is refused in words', () => {
  test.each(Object.entries<Case>(CASES))('%s', async (_, { file, words }) =>
    expect(await refusalOf(await file)).toBe(words),
  );
});

describe('a file is refused too', () => {
  test.each<[says: string, file: ImportSource | Promise<ImportSource>, words: RegExp]>([
    ['a cell of 1 MB', csvOf(`${ROW}${'x'.repeat(1_000_000)}`), /line 2 has more than 100,000 characters/],
    ['a cell of 1 MB in quotes', csvOf(`${ROW}"${'x\n'.repeat(500_000)}"`), /line 2 has more than 100,000/],
    ['a row of a million separators', csvOf(ROW, ','.repeat(3_000_000)), /begins in line 3 has more than/],
    [
      'quoted line breaks among a million separators',
      csvOf(ROW, `${'"\n",'.repeat(10)}${','.repeat(100_000)}`.repeat(30)),
      /begins in line 3 has more than/,
    ],
    ['a quote closed within a cell', csvOf(ROW, `${ROW}"Left "at" home"`, ROW), /opens a cell in line 3 is not closed/],
    ['spaces and line ends alone', fileOf(' \n\n  \n,,,\n'), /the file is empty/],
    ['columns separated by |', fileOf('account|order_number|status|occurred_at\na|1|delivered|x\n'), /one column only/],
    ['a header behind sep=', fileOf(`sep=;\nDeliveries\n${HEADER.replaceAll(',', ';')}\n`), /line 3; take out line 2,/],
    ['a header as binary junk', fileOf(Buffer.from([1, 2, 3, 0xff, 10, 0xfe])), /lacks the columns|one column/],
    ['an empty zip', fileOf(Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex')), /it is a zip/],
    ['a zip of four bytes', fileOf('PK\x03\x04'), /the spreadsheet is damaged/],
    [
      'a zip of more than 20 MB',
      zip({ 'a.csv': HEADER }).then((file) => ofSize(20_000_001, file)),
      /it is a zip; unpack it/,
    ],
    ['an XHTML page', fileOf('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'), /a web page/],
    [
      'a sheet cut short',
      bookOf(HEADER_ROW).then((bytes) => fileOf(bytes.subarray(0, -40))),
      /the spreadsheet is damaged/,
    ],
    ['a sheet of 300 columns', book(rowOf(...Array.from({ length: 300 }, () => 'x'))), /more than 250 columns/],
  ])('%s', async (_, file, words) => expect(await refusalOf(await file)).toMatch(words));
});

describe('a spreadsheet that somebody made to do harm is refused', () => {
  const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>';
  test.each<[says: string, file: () => Promise<ImportSource>, words: RegExp]>([
    [
      'a sheet that says that it unpacks to gigabytes',
      async () => fileOf(saying(await bookOf(HEADER_ROW + sheetRow), { uncompressedSize: 3_000_000_000 })),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'a sheet that unpacks to more than it says',
      async () => fileOf(saying(await bookOf(HEADER_ROW + sheetRow.repeat(1_000)), { uncompressedSize: 1_000 })),
      /the spreadsheet is damaged/,
    ],
    [
      'a sheet of spaces between two elements',
      () => book(`${HEADER_ROW}${' '.repeat(5 * MiB)}`),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'a text in a million runs',
      () =>
        book(HEADER_ROW, {
          'xl/sharedStrings.xml': `<sst><si>${`<r><t>${'x'.repeat(100)}</t></r>`.repeat(20_000)}</si></sst>`,
        }),
      /more than 32,767 characters/,
    ],
    ['a text of its own in a cell', () => book(rowOf('x'.repeat(32_768))), /more than 32,767 characters/],
    [
      'a long text to which more cells refer than a sheet could hold it',
      () =>
        book(HEADER_ROW + `<row>${'<c t="s"><v>0</v></c>'.repeat(249)}</row>`.repeat(66), {
          'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(32_767)}</t></si></sst>`,
        }),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'more relations than any book has',
      () => book(HEADER_ROW, { 'xl/_rels/workbook.xml.rels': `<x>${'<Relationship/>'.repeat(1_001)}</x>` }),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'more sheets than any book has',
      () =>
        book(HEADER_ROW, {
          'xl/workbook.xml': `<workbook><sheets>${'<sheet id="r1"/>'.repeat(1_001)}</sheets></workbook>`,
        }),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'a part whose path goes up and down for ever',
      () =>
        book(HEADER_ROW, {
          'xl/_rels/workbook.xml.rels': `<x><Relationship Id="r1" Target="${'a'.repeat(500_000)}${'/x/..'.repeat(100_000)}"/></x>`,
        }),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'millions of shared texts',
      () => book(HEADER_ROW, { 'xl/sharedStrings.xml': `<sst>${'<si/>'.repeat(2_000_001)}</sst>` }),
      /what is packed in the spreadsheet is too much/,
    ],
    [
      'more entries than any book has',
      async () => fileOf(saying(await bookOf(HEADER_ROW), { entries: 20_000 })),
      /what is packed in the spreadsheet is too much/,
    ],
    ['elements a thousand deep', () => book('<x>'.repeat(1_000) + '</x>'.repeat(1_000)), /the spreadsheet is damaged/],
    ['a document type', () => book('', { 'xl/worksheets/sheet1.xml': `${laughs}<worksheet/>` }), /is damaged/],
    ['an entity of its own', () => book(rowOf('&a;')), /the spreadsheet is damaged/],
    ['rows out of order', () => book('<row r="2"/><row r="1"/>'), /the spreadsheet is damaged/],
    ['cells out of order', () => book('<row><c r="B1"/><c r="A1"/></row>'), /the spreadsheet is damaged/],
    ['a shared text that there is not', () => book('<row><c t="s"><v>7</v></c></row>'), /the spreadsheet is damaged/],
    ['XML that is not closed', () => book('<row>'), /the spreadsheet is damaged/],
    [
      'a part under a password',
      async () => fileOf(saying(await bookOf(HEADER_ROW + sheetRow), { flags: 1 })),
      /protected by a password/,
    ],
    [
      'another checksum than it says',
      async () => fileOf(saying(await bookOf(HEADER_ROW + sheetRow), { crc32: 1 })),
      /the spreadsheet is damaged/,
    ],
  ])('%s', async (_, file, words) => expect(await refusalOf(await file())).toMatch(words));
});

/** A zip whose list of contents says something else of the sheet, or of itself. */
function saying(
  bytes: Buffer,
  says: {
    readonly uncompressedSize?: number;
    readonly crc32?: number;
    readonly entries?: number;
    readonly flags?: number;
  },
): Buffer {
  const changed = Buffer.from(bytes);
  const sheet = changed.lastIndexOf('xl/worksheets/sheet1.xml') - 46;
  const end = changed.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (says.uncompressedSize !== undefined) changed.writeUInt32LE(says.uncompressedSize, sheet + 24);
  if (says.crc32 !== undefined) changed.writeUInt32LE(says.crc32, sheet + 16);
  if (says.flags !== undefined) changed.writeUInt16LE(says.flags, sheet + 8);
  if (says.entries !== undefined) changed.writeUInt16LE(says.entries, end + 10);
  return changed;
}

test('an unclosed quote early in a million rows is found before they are read', async () => {
  let pieces = 0;
  const source: ImportSource = {
    size: 60 * 1_000_000,
    async *open() {
      yield Buffer.from(`${HEADER}\n${ROW}\n${ROW}"Left\n`);
      for (; ; pieces += 1) yield Buffer.from(`${ROW}\n`.repeat(1_000));
    },
  };
  expect(await refusalOf(source)).toMatch(/line 3/);
  expect(pieces).toBeLessThan(20);
});

test('an error of whoever gives the bytes is no refusal', async () => {
  const source: ImportSource = {
    size: 10,
    open() {
      throw new Error('the store is away');
    },
  };
  await expect(readAll(source)).rejects.toThrow('the store is away');
});
