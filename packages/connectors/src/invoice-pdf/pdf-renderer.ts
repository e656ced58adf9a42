/**
 * Invoices as real PDFs. Bytes that are one are kept as they are, web pages are printed by a browser without script and
 * network, and a page that only points at a PDF is followed. Everything else is refused with its reason.
 */
import { openDownloads } from '@lazada-sof/clients';
import type { PdfRenderer, RenderedInvoice } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';
import { checkedPdf } from './checked-pdf.ts';
import { unsupported } from './failures.ts';
import { followPointer } from './follow-pointer.ts';
import { type PrinterOptions, pagePrinter } from './page-printer.ts';
import { pdfPages } from './pdf-pages.ts';
import { LARGEST_PDF, sniff } from './sniff.ts';

export type PdfSettings = Pick<Config['invoices'], 'linkHosts' | 'renderer'>;

export function pdfRenderer({ linkHosts, renderer }: PdfSettings, options: PrinterOptions = {}): PdfRenderer {
  const downloads = openDownloads({ hosts: linkHosts, largest: LARGEST_PDF });
  const printer = pagePrinter(options);
  const pages = pdfPages();

  async function asItIs(bytes: Buffer): Promise<RenderedInvoice> {
    return { pdf: await checkedPdf(pages, bytes), source: bytes, sourceMime: 'application/pdf' };
  }

  async function printed(markup: string, source: Buffer, signal?: AbortSignal): Promise<RenderedInvoice> {
    if (renderer === 'none') throw unsupported('a web page, which PDF_RENDERER=none leaves; chromium prints it');
    const page = await printer.print(markup, signal);
    if (page.is === 'pointer') return asItIs(await followPointer(downloads, page.to, signal));
    return { pdf: await checkedPdf(pages, page.pdf), source, sourceMime: 'text/html' };
  }

  return {
    async toPdf(source, signal) {
      const sniffed = sniff(source);
      if (sniffed.form === 'pdf') return asItIs(source.bytes);
      if (sniffed.form === 'html') return printed(sniffed.markup, source.bytes, signal);
      throw unsupported(sniffed.reason);
    },
    async close() {
      downloads.close();
      await Promise.all([printer.close(), pages.close()]);
    },
  };
}
