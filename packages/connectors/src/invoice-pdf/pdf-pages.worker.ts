/** A thread of its own for strangers' PDFs: one that takes for ever, or all memory, ends with it. */
import { parentPort } from 'node:worker_threads';
import { getDocument, PasswordException } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Look } from './pdf-pages.ts';

parentPort?.on('message', async (data: Uint8Array) => parentPort?.postMessage(await look(data)));

async function look(data: Uint8Array): Promise<Look> {
  const opening = getDocument({ data, verbosity: 0 });
  try {
    const opened = await opening.promise;
    // A file may claim pages that are not there.
    await opened.getPage(1);
    return { ok: true, pages: opened.numPages };
  } catch (error) {
    return { ok: false, reason: error instanceof PasswordException ? 'it asks for a password' : 'it does not open' };
  } finally {
    await opening.destroy();
  }
}
