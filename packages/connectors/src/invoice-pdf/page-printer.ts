/** Web pages read and printed: two at a time, each within 20 s. */
import { Failure } from '@lazada-sof/orders';
import type { Page } from 'playwright-core';
import { abortable } from '../calls/abort.ts';
import { type WarmBrowser, warmBrowser } from './browser.ts';
import { browserTrouble, unsupported } from './failures.ts';
import { readPage } from './page-facts.ts';
import { printPage, showPage } from './print.ts';
import { openSlots } from './slots.ts';

export type Printed = { readonly is: 'pdf'; readonly pdf: Buffer } | { readonly is: 'pointer'; readonly to: string };

export type PagePrinter = {
  /** The page as a PDF, or where it points; what shows no invoice is refused. */
  print(markup: string, signal?: AbortSignal): Promise<Printed>;
  close(): Promise<void>;
};

export type PrinterOptions = { readonly browser?: WarmBrowser; readonly longestMs?: number };

const PAGES_AT_ONCE = 2;
const LONGEST_MS = 20_000;

export function pagePrinter({ browser = warmBrowser(), longestMs = LONGEST_MS }: PrinterOptions = {}): PagePrinter {
  const slots = openSlots(PAGES_AT_ONCE);
  return {
    async print(markup, signal) {
      const limits = { longestMs, signal };
      const printing = slots.take(() => browser.page((page) => readOrPrint(page, markup), limits), signal);
      // Who gives up does not wait for the page to be taken away; its slot does.
      return abortable(printing, signal).catch((error: unknown) => {
        throw error instanceof Failure ? error : trouble(error, signal);
      });
    },
    close: () => browser.close(),
  };
}

async function readOrPrint(page: Page, markup: string): Promise<Printed> {
  const reading = readPage(await showPage(page, markup));
  if (reading.is === 'refused') throw unsupported(reading.reason);
  return reading.is === 'pointer' ? reading : { is: 'pdf', pdf: await printPage(page) };
}

function trouble(error: unknown, signal: AbortSignal | undefined): Failure {
  if (signal?.aborted) return new Failure('transient', 'invoice: given up while it was printed', { code: 'aborted' });
  const late = error instanceof Error && error.name === 'TimeoutError';
  return browserTrouble(late ? 'the page was not printed in time' : 'the browser did not print the page', error);
}
