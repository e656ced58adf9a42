import { renderFailed } from './failures.ts';
import type { PdfPages } from './pdf-pages.ts';

/** The same bytes, once it is sure that they are a PDF with at least one page. */
export async function checkedPdf(pages: PdfPages, pdf: Buffer): Promise<Buffer> {
  const look = await pages.look(pdf);
  if (!look.ok) throw renderFailed(`a PDF that cannot be read: ${look.reason}`);
  if (look.pages < 1) throw renderFailed('a PDF without a page');
  return pdf;
}
