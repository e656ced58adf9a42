/** Pieces of one document become one file: PDFs are joined by the renderer, web pages are put one after the other. */
import type { Renderer } from '@lazada-sof/clients';
import { Failure, type InvoiceSource, type JoinedFile, manifestForm } from '@lazada-sof/orders';
import { decodeHtml } from './charset.ts';
import { sniff } from './sniff.ts';

/** @throws Failure where a piece is neither, or they are not all alike */
export async function joinPieces(
  join: Renderer['join'],
  pieces: readonly InvoiceSource[],
  signal?: AbortSignal,
): Promise<JoinedFile> {
  if (manifestForm(pieces.map(sniff)) === 'html') return { bytes: pagesOf(pieces), mime: 'text/html' };
  const joined = await join(
    pieces.map(({ bytes }) => bytes),
    { signal },
  );
  if (!joined.ok) throw new Failure('transient', `manifest: ${joined.reason}`, { code: 'manifest_file' });
  const [only, ...more] = pieces;
  // A single one stays as it came.
  return { bytes: only && more.length === 0 ? only.bytes : joined.pdf, mime: 'application/pdf' };
}

/** Before it, browsers believe no charset that a piece names of itself. */
const BYTE_ORDER_MARK = '\ufeff';

function pagesOf(pieces: readonly InvoiceSource[]): Buffer {
  const [only, ...more] = pieces;
  if (only && more.length === 0) return only.bytes;
  const pages = pieces.map(({ bytes, declaredMime }) => decodeHtml(bytes, declaredMime).trim());
  return Buffer.from(`${BYTE_ORDER_MARK}${pages.join('\n')}\n`);
}
