import { afterEach, describe, expect, test } from '@jest/globals';
import { ONE_PAGE, pdfOf } from './pdf.fixture.ts';
import { type PdfPages, pdfPages } from './pdf-pages.ts';

const opened: PdfPages[] = [];
afterEach(async () => {
  for (const pages of opened.splice(0)) await pages.close();
});
const open = (options?: { longestMs: number }): PdfPages => {
  const pages = pdfPages(options);
  opened.push(pages);
  return pages;
};

describe('a PDF', () => {
  test.each<[string, Buffer, object]>([
    ['has its page', ONE_PAGE, { ok: true, pages: 1 }],
    ['has its pages', pdfOf('/Kids[3 0 R 3 0 R]/Count 2'), { ok: true, pages: 2 }],
    ['has to have its end', ONE_PAGE.subarray(0, -3), { ok: false, reason: expect.stringMatching(/end is missing/) }],
    ['has to open', Buffer.from('%PDF-1.7 %%EOF'), { ok: false, reason: 'it does not open' }],
  ])('%s', async (_, bytes, expected) => {
    expect(await open().look(bytes)).toEqual(expected);
  });

  test('that takes too long is given up, with its thread', async () => {
    expect(await open({ longestMs: 1 }).look(ONE_PAGE)).toEqual({
      ok: false,
      reason: expect.stringMatching(/not read/),
    });
  });

  test('is told apart from those looked at in the same moment, and left as it is', async () => {
    const pages = open();
    const bytes = Buffer.from(ONE_PAGE);
    const looks = await Promise.all([pages.look(bytes), pages.look(pdfOf('/Kids[]/Count 0')), pages.look(bytes)]);
    expect(looks.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(bytes.equals(ONE_PAGE)).toBe(true);
  });
});
