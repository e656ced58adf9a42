/**
 * Import files of spreadsheets: the recorded ones mutated at their bytes, and the parts of a book mutated before they are packed,
 * which a checksum would keep from being read else. Some take milliseconds: 1,500 in `npm test`, 20,000 by `npm run fuzz`.
 */
import fc from 'fast-check';
import { bookParts, HEADER_ROW, rowOf, zipOf } from '../../../services/order-update/src/import/xlsx/book.fixture.ts';
import { defineFuzz } from './fuzz.ts';
import { type FileInput, holdsAsFile } from './import-holds.ts';
import { mutated, mutatedText } from './mutated.ts';
import { samplesOf } from './samples.ts';

const SAMPLES = [...samplesOf('services/order-update/samples')]
  .filter(([name]) => !/\.(csv|txt)$/.test(name) || name === '57-really-xlsx.csv')
  .map(([, bytes]) => bytes);

const DATE = (value: string) => `<c s="1"><v>${value}</v></c>`;
const ROWS = [
  rowOf('demo-sg', '400100000214601', 'delivered', DATE('46095.63125'), 'FP1', 'x'),
  rowOf(
    'demo-th',
    '<c t="s"><v>0</v></c>',
    '<c t="str"><f>A1</f><v>shipped</v></c>',
    '<c t="d"><v>2026-03-14T15:09</v></c>',
  ),
  '<row r="7" hidden="1"><c r="A7" t="b"><v>1</v></c><c r="D7" t="e"><v>#REF!</v></c></row>',
];
const PARTS = bookParts(HEADER_ROW + ROWS.join(''), {
  'xl/sharedStrings.xml': '<sst count="2"><si><t>4001</t></si><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>',
});
const XML = [
  ...[
    '<row>',
    '</row>',
    '<row r="3">',
    '<c>',
    '</c>',
    '<c r="A1048577">',
    '<c r="ZZZ1" t="s">',
    '<v>',
    '</v>',
    '<f>',
    '<is>',
  ],
  ...[
    '<t>',
    '</t>',
    '<si>',
    '</si>',
    '<rPh>',
    '&lt;',
    '&#0;',
    '&#xD800;',
    '&#x110000;',
    '&a;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
  ],
  ...[
    '<!DOCTYPE a [<!ENTITY a "b">]>',
    '<?xml version="1.1" encoding="utf-16"?>',
    '_x0000_',
    '_xD800_',
    '1e999',
    '-1',
    '2958466',
  ],
  ...[
    'r:id="r1"',
    '__proto__="x"',
    'xmlns:x="y"',
    's="-1"',
    's="1e9"',
    't="zz"',
    'numFmtId="14"',
    'date1904="1"',
    '..',
    '/xl/../',
  ],
];
const NAMES = Object.keys(PARTS);

const packed = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.oneof(
      mutatedText(Object.values(PARTS).map(String), XML),
      fc.array(fc.constantFrom(...XML)).map((all) => all.join('')),
    ),
  )
  .map(([name, content]) => ({ [name]: content }));

/** In place of parts of the book above. */
type BookInput = { readonly parts: Readonly<Record<string, string>> };

const one = (bytes: Uint8Array): FileInput => ({ bytes, chunk: 1_000_000 });
const sheet = (xml: string): BookInput => ({ parts: { 'xl/worksheets/sheet1.xml': xml } });
const END_OF_ZIP = 'PK\x05\x06';

export default defineFuzz<FileInput | BookInput>({
  known: [
    ...SAMPLES.map(one),
    // An empty zip, one that ends in its comment, one of 65,535 entries, one whose list begins behind its end.
    ...['', '\xff\xff'].map((comment) => one(Buffer.from(`${END_OF_ZIP}${'\0'.repeat(18)}${comment}`, 'latin1'))),
    one(
      Buffer.from(`PK\x03\x04${'\0'.repeat(30)}${END_OF_ZIP}\0\0\0\0\xff\xff\xff\xff${'\xff'.repeat(8)}\0\0`, 'latin1'),
    ),
    one(Buffer.from(`PK\x03\x04${'\0'.repeat(30)}${END_OF_ZIP.repeat(5_000)}`, 'latin1')),
    sheet(`<worksheet>${'<a>'.repeat(100_000)}`),
    sheet(`<worksheet><sheetData>${'<row>'.repeat(60)}`),
    sheet(`<worksheet ${'a="b" '.repeat(50_000)}>`),
    sheet(`<worksheet ${Array.from({ length: 20_000 }, (_, n) => `a${n}="b"`).join(' ')}/>`),
    sheet(`<!DOCTYPE a [<!ENTITY a "${'b'.repeat(10_000)}">]><worksheet>${'&a;'.repeat(10_000)}</worksheet>`),
    sheet(`<worksheet><sheetData>${HEADER_ROW}<row>${'<c><v>1</v></c>'.repeat(300)}</row></sheetData></worksheet>`),
    ...['1e999', '-1', '2958465.99999', '2958466', '0', '60', '1e-400', 'NaN', '0x10'].map((value) =>
      sheet(
        `<worksheet><sheetData>${HEADER_ROW}${rowOf('demo-sg', '4001', 'delivered', DATE(value))}</sheetData></worksheet>`,
      ),
    ),
    {
      parts: {
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="r1" Target="../../../etc/passwd"/></Relationships>',
      },
    },
    {
      parts: {
        '__proto__.xml': '<a/>',
        'xl/sharedStrings.xml': `<sst count="999999999">${'<si/>'.repeat(100_000)}</sst>`,
      },
    },
  ],
  inputs: fc.oneof(
    fc.record({ bytes: mutated(SAMPLES, ['PK\x01\x02', 'PK\x03\x04', END_OF_ZIP]), chunk: fc.constant(1_000_000) }),
    fc.record({ parts: packed }),
  ),
  runs: { test: 1_500, fuzz: 20_000 },
  async holds(input) {
    await holdsAsFile('bytes' in input ? input : one(await zipOf({ ...PARTS, ...input.parts })));
  },
});
