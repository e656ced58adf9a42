/** What an HTML invoice costs at the least: one warm browser, a page, its PDF, and that once read. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type Browser, chromium } from 'playwright-core';

export type BareBrowser = {
  print(markup: string): Promise<void>;
  close(): Promise<void>;
};

type Binary = { readonly executablePath: string; readonly env: Readonly<Record<string, string>> };

export async function openBareBrowser({ executablePath, env }: Binary): Promise<BareBrowser> {
  const args = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'];
  const browser = await chromium.launch({ executablePath, args, env });
  return {
    print: async (markup) => readBack(await pdfOf(browser, markup)),
    close: () => browser.close(),
  };
}

async function pdfOf(browser: Browser, markup: string): Promise<Buffer> {
  const page = await browser.newPage();
  try {
    await page.setContent(markup);
    return await page.pdf({ format: 'A4', printBackground: true });
  } finally {
    await page.close();
  }
}

/** Every letter that was drawn. */
async function readBack(pdf: Buffer): Promise<void> {
  const opening = getDocument({ data: new Uint8Array(pdf), verbosity: 0, fontExtraProperties: true });
  const opened = await opening.promise;
  for (let number = 1; number <= opened.numPages; number++) await (await opened.getPage(number)).getOperatorList();
  await opening.destroy();
}
