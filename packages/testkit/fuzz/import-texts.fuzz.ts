/**
 * Import files of text, as people's programs write them: the recorded ones mutated at their bytes, and rows of a grammar. Each is
 * read twice, as every file is: 5,000 in `npm test`, 50,000 by `npm run fuzz`.
 */
import fc from 'fast-check';
import { defineFuzz } from './fuzz.ts';
import { type FileInput, holdsAsFile } from './import-holds.ts';
import { mutated } from './mutated.ts';
import { samplesOf } from './samples.ts';

const SAMPLES = [...samplesOf('services/order-update/samples')]
  .filter(([name]) => /\.(csv|txt)$/.test(name) && name !== '57-really-xlsx.csv')
  .map(([, bytes]) => bytes);

const HEADER = 'account,order_number,status,occurred_at,package_id,reason';
const TIMES = [
  ...[
    '2026-03-14 15:09',
    '2026-03-14T15:09:26+08:00',
    '9999-12-31 23:59',
    '0000-01-01 00:00',
    '2024-02-30 10:00',
    '2569-03-14',
  ],
  ...[
    '46095.63',
    '14/03/2026',
    '=1+1',
    '1970-01-01 00:00',
    '2026-03-14 24:00',
    '9999-12-31T23:59:59-14:00',
    '2026-03-29 02:30',
  ],
];
const CELLS = [
  ...[
    'demo-sg',
    'demo-th',
    'nobody',
    '400100000214601',
    '4.00E+14',
    "'400",
    'delivered',
    'shipped',
    'release',
    'Zugestellt',
  ],
  ...[
    '',
    ' ',
    '""',
    '"',
    '"a',
    'a"b',
    '"a""b"',
    '"a\nb"',
    '"=cmd"',
    '__proto__',
    'constructor',
    'ไทย',
    '\ufeff',
    '\ud800',
    '\u00a0',
  ],
];

const cell = fc.oneof(fc.constantFrom(...CELLS, ...TIMES), fc.string());
const row = fc
  .tuple(
    fc.constantFrom('demo-sg', 'demo-th', 'demo-vn'),
    cell,
    cell,
    fc.constantFrom(...TIMES),
    fc.array(cell, { maxLength: 4 }),
  )
  .map(([account, number, status, time, more]) => [account, number, status, time, ...more].join(','));
const written = fc
  .tuple(
    fc.constantFrom(HEADER, HEADER.replaceAll(',', ';'), `sep=,\n${HEADER}`, 'a,b,c', ''),
    fc.array(row, { maxLength: 8 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom<BufferEncoding>('utf8', 'utf16le', 'latin1'),
  )
  .map(([header, rows, end, encoding]) => Buffer.from([header, ...rows, ''].join(end), encoding));

const one = (text: string | Buffer, chunk = 1_000_000): FileInput => ({ bytes: Buffer.from(text), chunk });
const rowsOf = (...rows: string[]) => one([HEADER, ...rows, ''].join('\n'));

export default defineFuzz<FileInput>({
  known: [
    ...SAMPLES.map((sample) => one(sample)),
    ...TIMES.map((time) => rowsOf(`demo-sg,400100000214601,delivered,${time},,`)),
    // A quote without its end makes one cell of all that follows (https://github.com/mholt/PapaParse/issues/713).
    one(`${HEADER}\n"${'demo-sg,4001,delivered,2026-03-14 15:09,,\n'.repeat(4_000)}`),
    one(`${HEADER}\n${'"'.repeat(300_000)}`),
    one(`${HEADER}\n${','.repeat(300_000)}`),
    one(`${HEADER}\n${'\r'.repeat(30_000)}`),
    one(`${','.repeat(20_000)}\n`.repeat(10)),
    one('sep=\n'),
    one('sep=;\r\n'.repeat(1_000)),
    // Its names become fields of an object elsewhere (https://github.com/mafintosh/csv-parser/issues/247).
    one('__proto__,constructor,account,order_number,status\nx,y,demo-sg,4001,delivered\n'),
    rowsOf(`demo-sg,4001,not_delivered,2026-03-14 15:09,,${'😀'.repeat(100_000)}`),
    // A letter of several bytes between two pieces of the file.
    one(`${HEADER}\ndemo-th,4001,not_delivered,2026-03-14 15:09,,ไม่มีคนอยู่😀\n`, 1),
  ],
  inputs: fc.record({
    bytes: fc.oneof(mutated(SAMPLES, [...CELLS, ...TIMES, HEADER, ',', ';', '\t', '\r', 'sep=;\n']), written),
    chunk: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constant(1_000_000)),
  }),
  runs: { test: 5_000, fuzz: 50_000 },
  holds: holdsAsFile,
});
