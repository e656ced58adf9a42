/**
 * PDFs, read by the renderer's check, which is a process of its own: what does not answer in its time or memory ends with it, and
 * the next is read all the same. Each takes milliseconds: 1,000 in `npm test`, 10,000 by `npm run fuzz`.
 */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { openChecker } from '../../../services/renderer/src/check/checker.ts';
import { ONE_PAGE, pdfOf, pdfWith, pdfWithTableInStream } from '../src/paper/pdfs.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutated } from './mutated.ts';
import { samplesOf } from './samples.ts';

type Input = { readonly pdf: Uint8Array; readonly ask: 'look' | 'read back' | 'join' };

const LETTERS = Buffer.from('BT /F 12 Tf 10 10 Td (Order 4001) Tj ET');
const SAMPLES = [
  ONE_PAGE,
  pdfWith([{ says: '/Filter/FlateDecode', bytes: deflateSync(LETTERS) }], {
    page: '/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>',
    objects: '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n',
  }),
  pdfWithTableInStream({}),
  ...[...samplesOf('services/order-update/samples', '.pdf').values()],
];
const TOKENS = [
  ...[
    'obj',
    'endobj',
    'stream\n',
    'endstream',
    'xref\n0 1\n',
    'trailer<<',
    'startxref\n0\n%%EOF',
    '%%EOF',
    '<<',
    '>>',
    '[',
    ']',
  ],
  ...[
    '/Kids[2 0 R]',
    '/Parent 3 0 R',
    '/Prev 9',
    '/Length -1',
    '/Length 99999999999',
    '/W[1 2 166666666666666666666]',
    '/Count -5',
  ],
  ...[
    '/Filter/CCITTFaxDecode',
    '/Filter/JBIG2Decode',
    '/Filter/Crypt',
    '/Encrypt 1 0 R',
    '/Filter[/ASCIIHexDecode/LZWDecode]',
  ],
  ...[
    '1 0 R',
    '2 0 R',
    '4 0 R',
    '/N 999999999',
    '/First 1e9',
    '/Index[0 99999999]',
    '/Predictor 15/Columns 99999999',
    '\\',
  ],
];
const ENDED = '\n%%EOF';

/** Of what pdf.js's own fuzzers found (https://github.com/mozilla/pdf.js/issues/14303, /14305). */
const CIRCLES = [
  pdfOf('/Kids[2 0 R]/Count 1'),
  pdfOf('/Kids[3 0 R]/Count 99999999'),
  pdfOf('/Kids[3 0 R]/Count -1'),
  pdfOf('/Kids 2 0 R/Count 1'),
  Buffer.from(`%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9/Root 1 0 R>>\nstartxref\n9${ENDED}`),
  Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/XRef/W[1 2 166666666666666666666]/Size 9>>stream\nx\nendstream\nstartxref\n9${ENDED}`,
  ),
  Buffer.from(`%PDF-1.4\n1 0 obj${'['.repeat(100_000)}${ENDED}`),
  Buffer.from(`%PDF-1.4\n1 0 obj${'<<'.repeat(100_000)}${ENDED}`),
  Buffer.from(`%PDF-1.4\n1 0 obj(${'('.repeat(100_000)}${ENDED}`),
  pdfWith([{ says: '/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 99999999>>', bytes: Buffer.alloc(100, 0) }]),
  pdfWith([{ says: '/Filter[/FlateDecode/FlateDecode/FlateDecode]', bytes: Buffer.from('x') }]),
  pdfWith([{ says: '/Filter 4 0 R', bytes: Buffer.from('x') }]),
  pdfWith([{ says: '/Length 4 0 R', bytes: Buffer.from('x') }]),
];

const checker = openChecker();

export default defineFuzz<Input>({
  known: [...SAMPLES, ...CIRCLES].flatMap((pdf) => (['look', 'join'] as const).map((ask) => ({ pdf, ask }))),
  inputs: fc.record({
    pdf: mutated(SAMPLES, TOKENS).map((pdf) => Buffer.concat([pdf, Buffer.from(ENDED)])),
    ask: fc.constantFrom('look', 'look', 'read back', 'join'),
  }),
  runs: { test: 1_000, fuzz: 10_000 },
  async holds({ pdf, ask }) {
    const bytes = Buffer.from(pdf);
    const found =
      ask === 'join'
        ? await checker.join([bytes, bytes], [bytes.length, bytes.length])
        : await checker.look([bytes], { bytes: bytes.length, readBack: ask === 'read back' });
    if (found.ok) promised(Number.isInteger(found.pages) && found.pages > 0, `pages, not ${found.pages}`);
    else promised(found.reason.length > 0 && found.reason.length < 300, `a reason of some words, not ${found.reason}`);
  },
  close: () => checker.close(),
});
