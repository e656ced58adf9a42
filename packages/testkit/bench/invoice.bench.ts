/** What safety costs an invoice that comes as a web page: shut off, looked at and read back, against the bare print. */
import { openChecker } from '../../../services/renderer/src/check/checker.ts';
import { chromiumBinary } from '../../../services/renderer/src/page/chromium-binary.ts';
import { PAGES_AT_ONCE, pagePrinter } from '../../../services/renderer/src/page/page-printer.ts';
import { bench } from './bench.ts';
import { openBareBrowser } from './floors/page-pdf.ts';
import { inTurns, perSecond } from './measure.ts';

const OPTIONS = { usual: { rounds: 7, invoices: 40, articles: 12 }, quick: { rounds: 3, invoices: 12 } };

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { rounds, invoices, articles } = options;
  const checker = closing(openChecker());
  const printer = closing(pagePrinter({ checker }));
  const bare = closing(await openBareBrowser(await chromiumBinary()));

  async function print(markup: string): Promise<void> {
    const made = await printer.print(markup);
    if (made.is !== 'pdf') throw new Error(`no PDF but ${JSON.stringify(made)}`);
  }

  const medians = await inTurns({
    title: `HTML invoices with ${articles} articles, ${PAGES_AT_ONCE} at once, one warm browser each`,
    unit: 'invoices/s',
    rounds,
    ways: { 'bare page.pdf': () => speedOf(bare.print), 'page printer': () => speedOf(print) },
  });
  row('P17', { ours: medians['page printer'], floor: medians['bare page.pdf'] });

  function speedOf(one: (markup: string) => Promise<void>): Promise<number> {
    const pages = Array.from({ length: invoices }, (_, number) => invoiceOf(number, articles));
    const hand = async () => {
      for (let page = pages.pop(); page; page = pages.pop()) await one(page);
    };
    return perSecond(invoices, () => Promise.all(Array.from({ length: PAGES_AT_ONCE }, hand)));
  }
});

/** With a picture that came along, and no letter that not every machine has. */
function invoiceOf(number: number, articles: number): string {
  const rows = Array.from(
    { length: articles },
    (_, at) => `<tr><td>Article ${at}</td><td>SKU-${at}</td><td>12.50</td></tr>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>INV-${number}</title>
<style>body{font-family:sans-serif} td,th{padding:4px 12px;border-bottom:1px solid #ccc} table{width:100%}</style></head>
<body><h1>Tax invoice INV-${number}</h1><p>Order 7${String(number).padStart(14, '0')}, 12 March 2026</p>
<img width="120" height="40" src="data:image/svg+xml,${encodeURIComponent(logo())}">
<table><tr><th>Article</th><th>SKU</th><th>Price</th></tr>${rows.join('')}</table>
<p>Total ${(articles * 12.5).toFixed(2)}</p><p>Thank you for your purchase.</p></body></html>`;
}

function logo(): string {
  return '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="navy"/></svg>';
}
