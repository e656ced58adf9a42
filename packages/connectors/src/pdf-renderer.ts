/**
 * Invoices as real PDFs. Bytes that are one are kept as they are, web pages are printed by a browser without script and
 * network, and a page that only points at a PDF is followed. Everything else is refused with its reason.
 */
import { openDownloads } from '@lazada-sof/clients';
import type { InvoiceSource, PdfRenderer, RenderedInvoice } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';
import { checkedPdf } from './invoice-pdf/checked-pdf.ts';
import { unsupported } from './invoice-pdf/failures.ts';
import { followPointer } from './invoice-pdf/follow-pointer.ts';
import { pagePrinter } from './invoice-pdf/page-printer.ts';
import { sniff } from './invoice-pdf/sniff.ts';

export type PdfSettings = Pick<Config['invoices'], 'linkHosts' | 'renderer'>;

export function pdfRenderer({ linkHosts, renderer }: PdfSettings): PdfRenderer {
  const downloads = openDownloads({ hosts: linkHosts });
  const printer = pagePrinter();

  async function ofPage(markup: string, source: Buffer, signal?: AbortSignal): Promise<RenderedInvoice> {
    if (renderer === 'none') throw unsupported('a web page, and PDF_RENDERER=none prints none; set it to chromium');
    const printed = await printer.print(markup, signal);
    if (printed.is === 'pointer') return kept(await followPointer(downloads, printed.to, signal));
    return { pdf: await checkedPdf(printed.pdf), source, sourceMime: 'text/html' };
  }

  return {
    async toPdf(source: InvoiceSource, signal) {
      const sniffed = sniff(source);
      if (sniffed.form === 'pdf') return kept(source.bytes);
      if (sniffed.form === 'html') return ofPage(sniffed.markup, source.bytes, signal);
      throw unsupported(sniffed.reason);
    },
    async close() {
      downloads.close();
      await printer.close();
    },
  };
}

const kept = async (bytes: Buffer): Promise<RenderedInvoice> => ({
  pdf: await checkedPdf(bytes),
  source: bytes,
  sourceMime: 'application/pdf',
});
