/** Pages that only point at a document: it is fetched where it may be, and it must be a PDF. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PdfRenderer } from '@lazada-sof/orders';
import { ONE_PAGE, openScriptedServer, RENDERER_PROGRAM, type ScriptedServer } from '@lazada-sof/testkit';
import { pdfRenderer, rendererProcess } from './pdf-renderer.ts';

let host: ScriptedServer;
let renderer: PdfRenderer;

beforeAll(async () => {
  host = await openScriptedServer();
  const settings = { linkHosts: ['*.lazada.*', new URL(host.url).host], renderer: 'chromium' } as const;
  renderer = pdfRenderer(settings, rendererProcess({ program: RENDERER_PROGRAM }));
});
afterAll(async () => {
  await renderer.close();
  await host.close();
});
beforeEach(() => host.on('/1.pdf', { body: ONE_PAGE.toString() }));

const toPdf = (markup: string, signal?: AbortSignal) =>
  renderer.toPdf({ bytes: Buffer.from(markup), declaredMime: 'text/html' }, signal);
const link = () => `${host.url}/1.pdf?a=1&amp;b=2`;

describe('the document is fetched behind', () => {
  test.each([
    ['a frame', (to: string) => `<html><body><iframe src="${to}" width="100%" height="100%"></iframe></body></html>`],
    ['a frame of a set', (to: string) => `<frameset cols="100%"><frame src="${to}"></frameset>`],
    ['an embedded document', (to: string) => `<embed type="application/pdf" src="${to}">`],
    ['an object', (to: string) => `<object data="${to}" type="application/pdf"></object>`],
    [
      'an object with words for browsers that lack it',
      (to: string) => `<object data="${to}"><p>Get a browser</p></object>`,
    ],
    ['an object with a frame in its place', (to: string) => `<object data="${to}"><embed src="${to}"></object>`],
    ['a page that leads on', (to: string) => `<head><meta http-equiv="Refresh" content="0; url=${to}"></head>`],
    [
      'a page that leads on and says so without script',
      (to: string) => `<meta http-equiv=refresh content="0;url='${to}'"><body><noscript>Go to 1</noscript>`,
    ],
  ])('%s', async (_, markup) => {
    const before = host.asked.length;
    const fetched = await toPdf(markup(link()));
    expect(fetched).toEqual({ pdf: ONE_PAGE, source: ONE_PAGE, sourceMime: 'application/pdf' });
    expect(host.asked.slice(before)).toMatchObject([{ path: '/1.pdf', query: { a: '1', b: '2' } }]);
  });
});

test('a page that points at two documents is refused', async () => {
  const two = `<iframe src="${host.url}/1.pdf"></iframe><iframe src="${host.url}/2.pdf"></iframe>`;
  await expect(toPdf(two)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/2 documents/),
  });
});

test('what a page points at is checked like what Lazada sends', async () => {
  host.on('/1.pdf', { body: '%PDF-1.7 damaged %%EOF' });
  await expect(toPdf(`<iframe src="${link()}"></iframe>`)).rejects.toMatchObject({ code: 'render_failed' });
});
