import { renderFailed } from './failures.ts';
import { countPages } from './pdf-pages.ts';

/** The same bytes, once it is sure that they are a PDF with at least one page. */
export async function checkedPdf(pdf: Buffer): Promise<Buffer> {
  const pages = await countPages(pdf).catch((error: unknown) => {
    throw renderFailed(`a PDF that cannot be read: ${error instanceof Error ? error.message : error}`, error);
  });
  if (pages < 1) throw renderFailed('a PDF without a page');
  return pdf;
}
