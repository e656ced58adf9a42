/** Web pages read and printed: two at a time, each within 20 s. */
import type { Drawn } from '@lazada-sof/clients/renderer-protocol';
import pLimit from 'p-limit';
import type { Page } from 'playwright-core';
import type { Checker, Look } from '../check/checker.ts';
import { type WarmBrowser, warmBrowser } from './browser.ts';
import { inWords, missingLetters, sheetOf } from './letters.ts';
import { readPage } from './page-facts.ts';
import { printPage, readLetters, showPage } from './print.ts';
import type { Pictures } from './served.ts';
import { PageTooHeavy, PageTrouble } from './trouble.ts';

export type PagePrinter = {
  /**
   * The page as a PDF that was read back; or where it points, which pictures it lacks, or why it is no invoice.
   * @throws PageTrouble where another try may go better, or the signal's reason
   */
  print(markup: string, pictures?: Pictures, signal?: AbortSignal): Promise<Drawn>;
  close(): Promise<void>;
};

export type PrinterOptions = {
  readonly checker: Checker;
  readonly browser?: WarmBrowser;
  readonly longestMs?: number;
};

export const PAGES_AT_ONCE = 2;
const LONGEST_MS = 20_000;

export function pagePrinter({ checker, browser = warmBrowser(), longestMs = LONGEST_MS }: PrinterOptions): PagePrinter {
  const atOnce = pLimit(PAGES_AT_ONCE);
  return {
    print: (markup, pictures = new Map(), signal) =>
      atOnce(async () => {
        signal?.throwIfAborted();
        const draw = (page: Page) => drawPage({ page, checker, markup, pictures });
        return browser.page(draw, { longestMs, signal }).catch((error: unknown) => {
          if (error instanceof PageTooHeavy) return failed(error.message);
          throw signal?.aborted ? signal.reason : trouble(error);
        });
      }),
    close: () => browser.close(),
  };
}

type Drawing = { readonly page: Page; readonly checker: Checker; readonly markup: string; readonly pictures: Pictures };

async function drawPage({ page, checker, markup, pictures }: Drawing): Promise<Drawn> {
  const { facts, serving } = await showPage(page, markup, pictures);
  const reading = readPage(facts);
  if (reading.is === 'refused') return { ...reading, code: 'unsupported' };
  if (reading.is === 'pointer') return reading;
  if (facts.missing.length > 0) return { is: 'pictures', missing: [...facts.missing] };
  const before = new Set(serving.missing);
  const pdf = await printPage(page);
  // Only on paper was it wide or narrow enough for these.
  const late = [...serving.missing].filter((address) => !before.has(address));
  if (late.length > 0) return { is: 'pictures', missing: late };
  return readBack(pdf, page, checker);
}

async function readBack(pdf: Buffer, page: Page, checker: Checker): Promise<Drawn> {
  const look = await lookAt(pdf, checker);
  if (!look.ok) return unreadable(look.reason);
  if (look.gaps.length === 0) return { is: 'pdf', pdf };
  const letters = await readLetters(page);
  await page.setContent(sheetOf(letters));
  const sheet = await lookAt(await printPage(page), checker);
  return failed(inWords(missingLetters(letters, sheet.ok ? sheet.gaps : [])));
}

const lookAt = (pdf: Buffer, checker: Checker): Promise<Look> =>
  checker.look([pdf], { bytes: pdf.length, readBack: true });

const unreadable = (reason: string): Drawn => failed(`a PDF that cannot be read: ${reason}`);
const failed = (reason: string): Drawn => ({ is: 'refused', code: 'render_failed', reason });

function trouble(error: unknown): PageTrouble {
  if (error instanceof PageTrouble) return error;
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const words = isLate ? 'the page was not printed in time' : 'the browser did not print the page';
  return new PageTrouble(words, { cause: error });
}
