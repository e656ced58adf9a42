/** Whatever bytes come: rows or words, never an error, and every row either taken or refused. */
import { expect, test } from '@jest/globals';
import { FILE_REFUSALS } from '@lazada-sof/orders';
import fc from 'fast-check';
import { fileOf, findAccounts, HEADER, NOW } from './import.fixture.ts';
import { openImport } from './open-import.ts';
import { bookParts, HEADER_ROW, rowOf, zipOf } from './xlsx/book.fixture.ts';

const ROW = 'demo-sg,400100000214601,delivered,2026-03-14 15:09,,"Left, ""here"""';
const A_REFUSAL = /^[^;]+[;:,] .+/;

async function holds(bytes: Uint8Array, chunk: number): Promise<void> {
  const file = await openImport(fileOf(bytes, chunk), { accounts: findAccounts, now: NOW });
  if (!file.ok) return expect(file.reason).toMatch(A_REFUSAL);
  let rows = 0;
  for await (const { accepted, refused } of file.pieces()) {
    rows += accepted.length + refused.length;
    for (const { mistakes } of refused) expect(mistakes.length).toBeGreaterThan(0);
  }
  expect(rows).toBe(file.facts.rows);
}

const chunk = fc.integer({ min: 1, max: 64 });
/** Letters that mean something to one of the readers. */
const piece = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(',', ';', '\t', '"', '""', '\n', '\r', '\r\n', "'", '=', ' ', '\ufeff', 'sep=;\n'),
  },
  { weight: 3, arbitrary: fc.constantFrom(HEADER, ROW, `${ROW}\n`, 'demo-th', '2569-03-14', '4.00E+14', 'delivered') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const encoded = fc.constantFrom<BufferEncoding>('utf8', 'latin1', 'utf16le');

test('texts of any kind', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 40 }),
      encoded,
      chunk,
      fc.boolean(),
      (pieces, encoding, size, hasHeader) =>
        holds(Buffer.from((hasHeader ? `${HEADER}\n` : '') + pieces.join(''), encoding), size),
    ),
    { numRuns: 300 },
  ));

test('bytes of any kind', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), chunk, (bytes, size) => holds(bytes, size)),
    { numRuns: 200 },
  ));

test('bytes that begin like a file that is known', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom('504b0304', '504b0506', 'd0cf11e0a1b11ae1', 'fffe', 'feff', 'efbbbf', '255044462d', '3c'),
      fc.uint8Array({ maxLength: 200 }),
      (magic, bytes) => holds(Buffer.concat([Buffer.from(magic, 'hex'), bytes]), 64),
    ),
    { numRuns: 200 },
  ));

test('a spreadsheet of which some bytes were changed', async () => {
  const row = rowOf('demo-sg', '4001', 'delivered', '<c s="1"><v>46095.63125</v></c>');
  const book = await zipOf(bookParts(HEADER_ROW + row));
  const change = fc.tuple(fc.nat({ max: book.length - 1 }), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(book);
      for (const [at, byte] of changes) bytes[at] = byte;
      return holds(bytes, 1_024);
    }),
    { numRuns: 300 },
  );
});

test('a sheet of any XML', () => {
  const xml = fc.array(
    fc.oneof(
      fc.constantFrom(
        HEADER_ROW,
        '<row>',
        '</row>',
        '<row r="3">',
        '<c r="B3" t="s">',
        '<c>',
        '</c>',
        '<v>',
        '</v>',
        '<f/>',
      ),
      fc.constantFrom(
        '<is>',
        '</is>',
        '<t>',
        '</t>',
        '46095.6',
        '&lt;',
        '&#0;',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        'x',
      ),
    ),
    { maxLength: 30 },
  );
  return fc.assert(
    fc.asyncProperty(xml, async (pieces) => holds(await zipOf(bookParts(pieces.join(''))), 4_096)),
    { numRuns: 200 },
  );
});

test('every way of refusing a file says what to do', () => {
  for (const words of Object.values(FILE_REFUSALS))
    expect(String(Reflect.apply(words, null, [['status'], ['account'], 3]))).toMatch(A_REFUSAL);
});
