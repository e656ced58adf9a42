/** A page in the browser: what is to be seen on it, and it as a PDF. */
import type { Page } from 'playwright-core';
import { addFonts, READ_FACTS } from './in-page.ts';
import type { PageFacts } from './page-facts.ts';

/** Shown as on paper: what a page hides there counts as hidden. */
export async function showPage(page: Page, markup: string): Promise<PageFacts> {
  await page.emulateMedia({ media: 'print' });
  await page.setContent(markup, { waitUntil: 'load' });
  return page.evaluate<PageFacts>(READ_FACTS);
}

export async function printPage(page: Page): Promise<Buffer> {
  await page.evaluate(addFonts());
  return page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, margin: MARGIN });
}

const MARGIN = { top: '10mm', right: '10mm', bottom: '10mm', left: '10mm' };
