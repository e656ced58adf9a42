/** A PDF as a reader sees it: its text, and the fonts that its letters are drawn with. */
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

export type ReadBack = {
  readonly pages: number;
  /** With single spaces between words, since a PDF knows places only. */
  readonly text: string;
  readonly fonts: readonly Font[];
};
export type Font = { readonly name: string; readonly embedded: boolean };

/** @throws where there is none */
export async function readBack(pdf: Buffer | null): Promise<ReadBack> {
  if (pdf === null) throw new Error('there is no PDF');
  // Most tests look at no PDF, and would load it all the same.
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const opening = getDocument({ data: new Uint8Array(pdf), verbosity: 0, fontExtraProperties: true });
  try {
    const opened = await opening.promise;
    const read = [];
    for (let at = 1; at <= opened.numPages; at += 1) read.push(await readPage(await opened.getPage(at)));
    const text = oneSpaced(read.map((page) => page.text).join(' '));
    return { pages: opened.numPages, text, fonts: read.flatMap(({ fonts }) => fonts) };
  } finally {
    await opening.destroy();
  }
}

/**
 * The same letters as they are drawn: every shaper of Thai draws sara am as its two parts, and sets a tone mark above the
 * ring (https://learn.microsoft.com/typography/script-development/thai).
 */
export const asDrawn = (text: string): string => text.replaceAll(/([\u0e48-\u0e4b]?)\u0e33/g, '\u0e4d$1\u0e32');

const oneSpaced = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

async function readPage(page: PDFPageProxy): Promise<{ text: string; fonts: Font[] }> {
  // The fonts are there once the page was read as drawing orders.
  await page.getOperatorList();
  const { items } = await page.getTextContent({ disableNormalization: true });
  const pieces = items.filter((item) => 'str' in item);
  const text = pieces.map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str)).join('');
  const fonts = [...new Set(pieces.map(({ fontName }) => fontName))].map((id): Font => {
    const font = page.commonObjs.get(id) as { name: string; missingFile?: boolean; isType3Font?: boolean };
    // Letters of type 3 are drawings within the PDF itself.
    return { name: font.name, embedded: font.isType3Font === true || font.missingFile === false };
  });
  return { text, fonts };
}
