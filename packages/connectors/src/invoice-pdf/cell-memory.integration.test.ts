/** What the heaviest paper takes of the machine's memory, with everything that the renderer has started. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PdfRenderer } from '@lazada-sof/orders';
import { BOMBS, describeOnLinux, RENDERER_PROGRAM, watchMemoryOf } from '@lazada-sof/testkit';
import { pdfRenderer, rendererProcess } from './pdf-renderer.ts';

/** Of the gigabyte, what `invoice-fetch` itself takes is kept free. */
const MOST_MEGABYTES = 800;
const LARGEST_PAGE = 8 * 1024 * 1024;

const PAGES = {
  'a table of a million rows': `<table><tr><td>1${'<tr><td>'.repeat(1_000_000)}`,
  'eight megabytes of one letter': `<p>${'A'.repeat(LARGEST_PAGE - 3)}`,
};

describeOnLinux('the renderer, with all that it has started', () => {
  let renderer: PdfRenderer;
  let pid: number;

  beforeAll(async () => {
    const info = (message: string) => {
      pid = Number(/process (\d+)/.exec(message)?.[1] ?? pid);
    };
    const child = rendererProcess({ program: RENDERER_PROGRAM, log: { info, warn: () => undefined } });
    renderer = pdfRenderer({ linkHosts: [], renderer: 'chromium' }, child);
    await renderer.toPdf({ bytes: Buffer.from('<p>Invoice 1</p>'), declaredMime: 'text/html' });
  }, 60_000);
  afterAll(() => renderer?.close(), 30_000);

  test('stays below what is left of a gigabyte for the heaviest paper of three accounts at once', async () => {
    const started = pid;
    const watch = watchMemoryOf(pid, { addUp: true });
    const pages = Object.values(PAGES).map((markup) => ({ bytes: Buffer.from(markup), declaredMime: 'text/html' }));
    const bomb = { bytes: BOMBS['a page that unpacks to gigabytes'](), declaredMime: 'application/pdf' };
    const all = [...pages, bomb].map((paper, account) => renderer.toPdf(paper, undefined, `${account}`));
    const ends = await Promise.allSettled(all);
    const { together } = await watch.stop();
    expect(together).toBeGreaterThan(0);
    expect(together).toBeLessThan(MOST_MEGABYTES);
    // Each has an end of its own, and none has ended the renderer.
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ name: 'Failure' });
    expect(pid).toBe(started);
  }, 180_000);
});
