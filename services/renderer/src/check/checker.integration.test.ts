import { afterEach, describe, expect, test } from '@jest/globals';
import { ONE_PAGE, pdfOf, pdfWithTableInStream } from '@lazada-sof/testkit';
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
