/** A PDF of ours read back: a browser draws a letter that no font has as glyph 0 of some font, a box or nothing at all. */
import { OPS, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** What stands before a gap says which letter it was, on a sheet that is made for it. */
const BEFORE = 100;
const MOST_GAPS = 1_000;

type Glyph = { readonly originalCharCode: number; readonly unicode: string };

/** What is drawn before each letter that no font had. */
export async function gapsOf(opened: PDFDocumentProxy): Promise<string[]> {
  const gaps: string[] = [];
  for (let number = 1; number <= opened.numPages && gaps.length < MOST_GAPS; number += 1) {
    const page = await opened.getPage(number);
    gaps.push(...(await gapsOn(page)));
    page.cleanup();
  }
  return gaps.slice(0, MOST_GAPS);
}

async function gapsOn(page: PDFPageProxy): Promise<string[]> {
  const gaps: string[] = [];
  let drawn = '';
  for (const { originalCharCode, unicode } of await glyphsOf(page)) {
    if (originalCharCode === 0) gaps.push(drawn);
    else drawn = `${drawn}${unicode}`.slice(-BEFORE);
  }
  return gaps;
}

async function glyphsOf(page: PDFPageProxy): Promise<Glyph[]> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const texts = fnArray.flatMap((order, at) => (order === OPS.showText ? [argsArray[at]?.[0]] : []));
  // Between glyphs stand numbers, which move them.
  return texts.flat().filter((one): one is Glyph => typeof one === 'object' && one !== null);
}
