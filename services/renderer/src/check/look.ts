/** Whether bytes that call themselves a PDF are one: whole, of a size that can be read, open to all, its first page there. */
import { getDocument, PasswordException } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Look, Question } from './questions.ts';
import { gapsOf } from './read-back.ts';
import { tooHeavy } from './weigh.ts';

export async function look(pdf: Buffer, { readBack }: Pick<Question, 'readBack'>): Promise<Look> {
  // Half a download still opens in readers that rebuild what is missing; its end is not there.
  if (!pdf.subarray(-2048).includes('%%EOF')) return { ok: false, reason: 'its end is missing' };
  const reason = await tooHeavy(pdf);
  if (reason !== null) return { ok: false, reason };
  return open(pdf, readBack);
}

async function open(pdf: Buffer, readBack: boolean): Promise<Look> {
  const opening = getDocument({
    data: new Uint8Array(pdf.buffer, pdf.byteOffset, pdf.length),
    verbosity: 0,
    // Pictures are counted by now, and unpacked by nobody.
    maxImageSize: 1,
    // Else glyphs come without their numbers.
    fontExtraProperties: readBack,
  });
  try {
    const opened = await opening.promise;
    if (opened.numPages < 1) return { ok: false, reason: 'it is without a page' };
    // A file may claim pages that are not there.
    await opened.getPage(1);
    return { ok: true, pages: opened.numPages, gaps: readBack ? await gapsOf(opened) : [] };
  } catch (error) {
    return { ok: false, reason: error instanceof PasswordException ? 'it asks for a password' : 'it does not open' };
  } finally {
    await opening.destroy();
  }
}
