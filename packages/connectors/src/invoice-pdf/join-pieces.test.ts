import { expect, test } from '@jest/globals';
import { joinPieces } from './join-pieces.ts';

const html = (text: string, charset = 'utf-8', bytes = Buffer.from(text)) => ({
  bytes,
  declaredMime: `text/html; charset=${charset}`,
});
const pdf = (text: string) => ({ bytes: Buffer.from(`%PDF-1.7 ${text}`), declaredMime: '' });
const joined = async (pdfs: readonly Buffer[]) => ({ ok: true as const, pdf: Buffer.concat(pdfs) });

test('web pages are put one after the other, in UTF-8 whatever they were in', async () => {
  const latin = html('', 'iso-8859-1', Buffer.from('<p>caf\xe9', 'latin1'));
  const { bytes, mime } = await joinPieces(joined, [html('<p>ส้ม'), latin]);
  expect({ mime, text: bytes.toString() }).toEqual({ mime: 'text/html', text: '\ufeff<p>ส้ม\n<p>café\n' });
});

test('PDFs are joined in their order', async () => {
  const { bytes, mime } = await joinPieces(joined, [pdf('a'), pdf('b')]);
  expect({ mime, text: bytes.toString() }).toEqual({ mime: 'application/pdf', text: '%PDF-1.7 a%PDF-1.7 b' });
});

test.each([
  ['a PDF', pdf('a')],
  ['a web page', html('<p>é', 'iso-8859-1', Buffer.from('<p>\xe9', 'latin1'))],
])('a single piece, %s, stays as it came', async (_, piece) => {
  const elsewhere = async () => ({ ok: true as const, pdf: Buffer.from('another') });
  expect((await joinPieces(elsewhere, [piece])).bytes).toBe(piece.bytes);
});

test.each([
  ['that cannot be joined', [pdf('a')], /manifest: PDF 1 of 1 cannot be read/],
  ['beside web pages', [pdf('a'), html('<p>b')], /PDFs \(1\) beside web pages \(1\)/],
  ['and nothing', [pdf('a'), html('')], /piece 2 of 2 is an empty document/],
  ['and an answer in JSON', [pdf('a'), html('{"code":"1"}')], /piece 2 of 2 is a JSON answer/],
])('PDFs %s are a failure in words', async (_, pieces, words) => {
  const refused = async () => ({ ok: false as const, reason: 'PDF 1 of 1 cannot be read: its end is missing' });
  await expect(joinPieces(refused, pieces)).rejects.toMatchObject({
    kind: 'transient',
    code: 'manifest_file',
    message: expect.stringMatching(words),
  });
});
