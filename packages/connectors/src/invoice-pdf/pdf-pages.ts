/** Whether bytes that call themselves a PDF are one: it opens without a password and its first page is there. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** @throws Error that says what is wrong with it */
export async function countPages(pdf: Buffer): Promise<number> {
  // Half a download still opens in readers that rebuild what is missing; its end is not there.
  if (!pdf.subarray(-2048).includes('%%EOF')) throw new Error('its end is missing');
  const opening = getDocument({ data: new Uint8Array(pdf), verbosity: 0, stopAtErrors: true });
  try {
    const opened = await opening.promise;
    await opened.getPage(1);
    return opened.numPages;
  } finally {
    await opening.destroy();
  }
}
