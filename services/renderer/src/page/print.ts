/** A page in the browser: what is to be seen on it, and it as a PDF. */
import type { Page } from 'playwright-core';
import { addFonts, READ_FACTS, READ_LETTERS, readPictures } from './in-page.ts';
import type { PageFacts } from './page-facts.ts';
import { PAGE, type Pictures, type Serving, serve } from './served.ts';

export type Shown = { readonly facts: PageFacts; readonly serving: Serving };

/** Shown as on paper: what a page hides there counts as hidden. */
export async function showPage(page: Page, markup: string, pictures: Pictures): Promise<Shown> {
  await page.emulateMedia({ media: 'print' });
  const serving = await serve(page, markup, pictures);
  await page.goto(PAGE, { waitUntil: 'load' });
  const onPaper = await page.evaluate<string[]>(readPictures([...serving.missing]));
  const facts = await page.evaluate<Omit<PageFacts, 'missing'>>(READ_FACTS);
  const missing = onPaper.filter((address) => !pictures.has(address));
  return { serving, facts: { ...facts, missing, pictures: facts.pictures || missing.length < onPaper.length } };
}

export async function printPage(page: Page): Promise<Buffer> {
  await page.evaluate(addFonts());
  return page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, margin: MARGIN });
}

const MARGIN = { top: '10mm', right: '10mm', bottom: '10mm', left: '10mm' };

export const readLetters = (page: Page): Promise<string[]> => page.evaluate<string[]>(READ_LETTERS);
