/** PDFs one behind the other as a single one. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { look } from './look.ts';
import type { Joined } from './questions.ts';

export async function join(pdfs: readonly Buffer[]): Promise<Joined> {
  let pages = 0;
  for (const [index, pdf] of pdfs.entries()) {
    const seen = await look(copyOf(pdf), { readBack: false });
    if (!seen.ok) return { ok: false, reason: `PDF ${index + 1} of ${pdfs.length} cannot be read: ${seen.reason}` };
    pages += seen.pages;
  }
  const joined = await pagesOf(pdfs);
  if (joined === null) return { ok: false, reason: NOT_ALL };
  // What cannot be taken over is left out without a word.
  const seen = await look(copyOf(joined), { readBack: false });
  if (!seen.ok || seen.pages !== pages) return { ok: false, reason: NOT_ALL };
  return { ok: true, pages, pdf: joined.toString('base64') };
}

const NOT_ALL = 'not all of their pages can be put into one PDF';

async function pagesOf([first, ...rest]: readonly Buffer[]): Promise<Buffer | null> {
  if (!first) return null;
  const opening = getDocument({ data: Uint8Array.from(first), verbosity: 0 });
  try {
    const opened = await opening.promise;
    const joined = await opened.extractPages([
      { document: null },
      ...rest.map((pdf) => ({ document: Uint8Array.from(pdf) })),
    ]);
    return joined && Buffer.from(joined.buffer, joined.byteOffset, joined.length);
  } catch {
    return null;
  } finally {
    await opening.destroy();
  }
}

/** Whoever opens one takes its memory away. */
const copyOf = (pdf: Buffer): Buffer<ArrayBuffer> => Buffer.from(Uint8Array.from(pdf).buffer);
