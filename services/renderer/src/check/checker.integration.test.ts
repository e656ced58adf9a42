import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  BOMBS,
  describeOnLinux,
  ONE_PAGE,
  pdfOf,
  pdfWith,
  pdfWithTableInStream,
  readBack,
  watchMemoryOf,
} from '@lazada-sof/testkit';
import { type Checker, type Look, openChecker } from './checker.ts';

const opened: Checker[] = [];
afterEach(async () => {
  for (const checker of opened.splice(0)) await checker.close();
});
const open = (options?: { longestMs: number }): Checker => {
  const checker = openChecker(options);
  opened.push(checker);
  return checker;
};
const lookAt = (pdf: Buffer, checker = open()): Promise<Look> =>
  checker.look([pdf], { bytes: pdf.length, readBack: false });

describe('a PDF', () => {
  test.each<[string, Buffer, object]>([
    ['has its page', ONE_PAGE, { ok: true, pages: 1 }],
    ['has its pages', pdfOf('/Kids[3 0 R 3 0 R]/Count 2'), { ok: true, pages: 2 }],
    ['may have its objects in a stream', pdfWithTableInStream({}), { ok: true, pages: 1 }],
    ['has to have its end', ONE_PAGE.subarray(0, -3), { ok: false, reason: expect.stringMatching(/end is missing/) }],
    [
      'has to have a page',
      pdfOf('/Kids[]/Count 0'),
      { ok: false, reason: expect.stringMatching(/not open|without a page/) },
    ],
    ['has to open', Buffer.from('%PDF-1.7 %%EOF'), { ok: false, reason: 'it does not open' }],
  ])('%s', async (_, bytes, expected) => {
    expect(await lookAt(bytes)).toMatchObject(expected);
  });

  test('that takes too long is given up, with its process, and the next one is read', async () => {
    const checker = open({ longestMs: 1 });
    expect(await lookAt(ONE_PAGE, checker)).toEqual({ ok: false, reason: expect.stringMatching(/not read/) });
    expect(await lookAt(ONE_PAGE, checker)).toEqual({ ok: false, reason: expect.stringMatching(/not read/) });
  });

  test('is told apart from those looked at in the same moment, and left as it is', async () => {
    const checker = open();
    const bytes = Buffer.from(ONE_PAGE);
    const looks = await Promise.all([bytes, pdfOf('/Kids[]/Count 0'), bytes].map((pdf) => lookAt(pdf, checker)));
    expect(looks.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(bytes.equals(ONE_PAGE)).toBe(true);
  });

  test('that does not arrive whole is no fault of its own, and the next one is read', async () => {
    const checker = open();
    async function* half() {
      yield ONE_PAGE.subarray(0, 100);
      throw new Error('whoever asked is gone');
    }
    await expect(checker.look(half(), { bytes: ONE_PAGE.length, readBack: false })).rejects.toThrow('is gone');
    expect(await lookAt(ONE_PAGE, checker)).toMatchObject({ ok: true });
  });
});

describe('PDFs become one', () => {
  const joined = (...pdfs: Buffer[]) =>
    open().join(
      pdfs,
      pdfs.map(({ length }) => length),
    );
  const withText = (text: string) =>
    pdfWith([{ says: '', bytes: Buffer.from(`BT /F1 12 Tf (${text}) Tj ET`) }], {
      page: '/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>',
    });

  test('with all their pages, in their order', async () => {
    const made = await joined(withText('first'), withText('middle'), withText('last'));
    if (!made.ok) throw new Error(made.reason);
    expect(made.pages).toBe(3);
    expect(await readBack(Buffer.from(made.pdf, 'base64'))).toMatchObject({ pages: 3, text: 'first middle last' });
  });

  test.each([
    ['does not open', Buffer.from('%PDF-1.7 %%EOF'), /PDF 2 of 2 cannot be read: it does not open/],
    ['names a page twice, which is taken over once', pdfOf('/Kids[3 0 R 3 0 R]/Count 2'), /not all of their pages/],
    ['is cut off', ONE_PAGE.subarray(0, -3), /PDF 2 of 2 cannot be read: its end is missing/],
  ])('not where one %s: none is left out', async (_, broken, reason) => {
    expect(await joined(ONE_PAGE, broken)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});

const KERNELS_MEGABYTES = 1_024;

describeOnLinux('a PDF that would be gigabytes is refused in little memory, and the next one is read:', () => {
  /** Below what counts as too much when it is only counted, and too much for whoever parses it. */
  const HEAVY_TO_READ = {
    'objects in a stream that is large': () => pdfWithTableInStream({ objectZeros: 200_000_000 }),
    'a list of millions of parts': () =>
      pdfWith([], { objects: `2 0 obj<</Type/Pages/Count 1/Kids[3 0 R ${'[] '.repeat(10_000_000)}]>>endobj\n` }),
    'a list within a list, millions of times': () =>
      pdfWith([], { objects: `9 0 obj${'['.repeat(20_000_000)}endobj\n`, page: '/Resources 9 0 R' }),
  };

  let checker: Checker;
  beforeAll(() => {
    // What they are refused for is not how slow this machine is.
    checker = openChecker({ longestMs: 120_000 });
  });
  afterAll(() => checker.close());

  test.each([...Object.entries(BOMBS), ...Object.entries(HEAVY_TO_READ)])('%s', async (_, bomb) => {
    const watch = watchMemoryOf(process.pid);
    const looks = [await lookAt(bomb(), checker), await lookAt(ONE_PAGE, checker)];
    const { largestChild } = await watch.stop();
    expect(looks).toMatchObject([{ ok: false, reason: expect.stringMatching(/ more than \d+ MB/) }, { ok: true }]);
    expect(largestChild).toBeGreaterThan(0);
    // The watch ends it at its limit, and on a busy machine looks late; beyond this the kernel would have.
    expect(largestChild).toBeLessThan(KERNELS_MEGABYTES);
  });
});
