/** Web pages read and printed, two at a time, each within 20 s. */
import { Failure } from '@lazada-sof/orders';
import type { Page } from 'playwright-core';
import { abortable } from '../abort.ts';
import { type WarmBrowser, warmBrowser } from './browser.ts';
import { browserTrouble, unsupported } from './failures.ts';
import { readPage } from './page-facts.ts';
import { pageFacts, printPage, showPage } from './print.ts';
import { openSlots } from './slots.ts';

export type Printed = { readonly is: 'pdf'; readonly pdf: Buffer } | { readonly is: 'pointer'; readonly to: string };

export type PagePrinter = {
  /** The page as a PDF, or where it points; what shows no invoice is refused. */
  print(markup: string, signal?: AbortSignal): Promise<Printed>;
  close(): Promise<void>;
};

const PAGES_AT_ONCE = 2;
const LONGEST_MS = 20_000;

export function pagePrinter({
  browser = warmBrowser(),
  longestMs = LONGEST_MS,
}: {
  browser?: WarmBrowser;
  longestMs?: number;
} = {}): PagePrinter {
  const slots = openSlots(PAGES_AT_ONCE);
  return {
    print: (markup, signal) =>
      slots.take(() => withinTime(browser, longestMs, (page) => printOrPoint(page, markup), signal), signal),
    close: () => browser.kill(),
  };
}

async function printOrPoint(page: Page, markup: string): Promise<Printed> {
  await showPage(page, markup);
  const reading = readPage(await pageFacts(page));
  if (reading.is === 'refused') throw unsupported(reading.reason);
  return reading.is === 'pointer' ? reading : { is: 'pdf', pdf: await printPage(page) };
}

async function withinTime<T>(
  browser: WarmBrowser,
  longestMs: number,
  work: (page: Page) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const timeUp = AbortSignal.timeout(longestMs);
  const until = signal ? AbortSignal.any([signal, timeUp]) : timeUp;
  try {
    return await browser.withPage((page) => abortable(work(page), until));
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (timeUp.aborted) throw browserTrouble(`the page was not printed within ${longestMs / 1000} s`, error);
    throw browserTrouble('the browser did not print the page', error);
  }
}
