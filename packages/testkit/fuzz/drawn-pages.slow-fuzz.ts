/**
 * Foreign pages, drawn by a real Chromium. A page takes up to a second, and one that the browser never ends with takes the
 * printer's own 20 s: 200 by `npm run fuzz`, none in `npm test`.
 */
import fc from 'fast-check';
import { openChecker } from '../../../services/renderer/src/check/checker.ts';
import { pagePrinter } from '../../../services/renderer/src/page/page-printer.ts';
import { PageTrouble } from '../../../services/renderer/src/page/trouble.ts';
import { isPdf } from '../../connectors/src/invoice-pdf/sniff.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';
import { PAGE_TOKENS, PAGES } from './page-samples.ts';

const checker = openChecker();
const printer = pagePrinter({ checker });
const PAPER = PAGES.filter((page) => page.startsWith('<'));

export default defineFuzz<string>({
  known: [
    ...PAPER,
    `<html>${'<div>'.repeat(20_000)}1`,
    `<html><table>${'<tr><td>1'.repeat(5_000)}`,
    '<html><body style="width:1e9px;height:1e9px">1',
    '<html><style>@page{size:0 0}</style>1',
    '<html><script>for(;;);</script>1',
  ],
  inputs: fc.oneof(
    mutatedText(PAPER, PAGE_TOKENS),
    fc
      .array(fc.constantFrom(...PAGE_TOKENS, 'Order 4001', '฿ 1,290.00'), { maxLength: 30 })
      .map((all) => `<html>${all.join('')}`),
  ),
  runs: { test: 0, fuzz: 200 },
  async holds(markup) {
    const drawn = await printer.print(markup).catch((error: unknown) => {
      if (error instanceof PageTrouble) return null;
      throw error;
    });
    if (drawn === null) return;
    if (drawn.is === 'pdf') promised(isPdf(drawn.pdf), 'a PDF');
    else if (drawn.is === 'refused') promised(drawn.reason.length > 0 && drawn.reason.length < 1_000, 'a reason');
    else promised(['pictures', 'pointer'].includes(drawn.is), `an answer, not ${drawn.is}`);
  },
  close: async () => {
    await Promise.all([printer.close(), checker.close()]);
  },
});
