/** PDFs as small as can be, written down by hand. */
import { packedZeros } from './packed.ts';

const HEAD = '%PDF-1.5\n';
const CATALOG = '<</Type/Catalog/Pages 2 0 R>>';
const END = '%%EOF';

const object = (number: number, body: string): string => `${number} 0 obj${body}endobj\n`;
const page = (says: string): string => object(3, `<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]${says}>>`);

/** With these pages: object 3 is one. Of letters alone. */
export const pdfOf = (pages: string): Buffer =>
  Buffer.from(
    [
      HEAD,
      object(1, CATALOG),
      object(2, `<</Type/Pages${pages}>>`),
      page('/Resources<<>>'),
      `trailer<</Root 1 0 R/Size 4>>\n${END}`,
    ].join(''),
  );

const PAGES = '/Kids[3 0 R]/Count 1';
export const ONE_PAGE: Buffer = pdfOf(PAGES);

export type Stream = { readonly says: string; readonly bytes: Buffer };

/** A page, and these streams from object 4 on, of which the page shows the first. */
export function pdfWith(
  streams: readonly Stream[],
  { page: says = '/Contents 4 0 R/Resources<<>>', objects = '' } = {},
): Buffer {
  return Buffer.concat([
    Buffer.from([HEAD, object(1, CATALOG), object(2, `<</Type/Pages${PAGES}>>`), page(says), objects].join('')),
    ...streams.map((stream, at) => streamObject(at + 4, stream)),
    Buffer.from(`trailer<</Root 1 0 R/Size 100>>\n${END}`),
  ]);
}

const streamObject = (number: number, { says, bytes }: Stream): Buffer =>
  Buffer.concat([
    Buffer.from(`${number} 0 obj<<${says}/Length ${bytes.length}>>\nstream\n`),
    bytes,
    Buffer.from('\nendstream\nendobj\n'),
  ]);

/**
 * As newer writers have it: the catalog lies within a stream of objects, and the table of them is a stream too, so that
 * nobody opens the file without unpacking both. Each with so many zeros at its end.
 */
export function pdfWithTableInStream({ objectZeros = 0, tableZeros = 0 }): Buffer {
  const packed = (zeros: number, text: Buffer | string) => ({ bytes: packedZeros(zeros, text) });
  const parts = [
    Buffer.from(HEAD),
    Buffer.from(object(2, `<</Type/Pages${PAGES}>>`)),
    Buffer.from(page('/Resources<<>>')),
    streamObject(4, { says: '/Type/ObjStm/N 1/First 4/Filter/FlateDecode', ...packed(objectZeros, `1 0 ${CATALOG}`) }),
  ];
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, { length }) => sum + length, 0));
  const tableAt = starts[3] ? starts[3] + (parts[3]?.length ?? 0) : 0;
  const table = [[0, 0], [2, 4], ...[starts[1], starts[2], starts[3], tableAt].map((start) => [1, start])];
  const rows = Buffer.alloc(table.length * 5);
  for (const [at, [type = 0, start = 0]] of table.entries()) rows.writeUInt32BE(start, rows.writeUInt8(type, at * 5));
  const says = '/Type/XRef/Size 6/W[1 4 0]/Root 1 0 R/Filter/FlateDecode';
  return Buffer.concat([
    ...parts,
    streamObject(5, { says, ...packed(tableZeros, rows) }),
    Buffer.from(`startxref\n${tableAt}\n${END}`),
  ]);
}
