/** Pictures that an invoice names by their addresses: without them it is no whole one, whoever prints it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PdfRenderer } from '@lazada-sof/orders';
import { type Answer, openScriptedServer, RENDERER_PROGRAM, readBack, type ScriptedServer } from '@lazada-sof/testkit';
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

/** What it shows can be read from the PDF. */
const picture = (words: string): Answer => ({
  body: `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><text y="30">${words}</text></svg>`,
});
let before: number;
beforeEach(() => {
  host.on('/qr.svg', picture('QR-17'));
  before = host.asked.length;
});
const asked = () => host.asked.slice(before).map(({ path }) => path);

const toPdf = (markup: string) =>
  renderer.toPdf({ bytes: Buffer.from(`<p>Invoice 1</p>${markup}`), declaredMime: 'text/html' });
const textOf = async (markup: string) => (await readBack((await toPdf(markup)).pdf)).text;

describe('a picture is fetched and printed', () => {
  test.each([
    ['of an element', (to: string) => `<img src="${to}">`],
    [
      'of an element that loads it late',
      (to: string) => `<p style="height:9000px"></p><img loading="lazy" src="${to}">`,
    ],
    ['of an element that offers several', (to: string) => `<img srcset="${to} 1x, https://evil.example/2.png 2x">`],
    [
      'of a choice',
      (to: string) => `<picture><source srcset="${to}" type="image/svg+xml"><img src="other.png"></picture>`,
    ],
    [
      'of a drawing',
      (to: string) => `<svg width="200" height="50"><image href="${to}" width="200" height="50"/></svg>`,
    ],
    [
      'of an old drawing',
      (to: string) => `<svg width="200" height="50"><image xlink:href="${to}" width="200" height="50"/></svg>`,
    ],
    ['of a button', (to: string) => `<input type="image" src="${to}">`],
    ['behind an element', (to: string) => `<div style="background:url(${to}); width:200px; height:50px"></div>`],
    [
      'behind a table, as it was written once',
      (to: string) => `<table background="${to}" width="200" height="50"><td>2</table>`,
    ],
    ['before an element', (to: string) => `<style>h1::before { content: url("${to}") }</style><h1>2</h1>`],
    [
      'of a style that stands on paper alone',
      (to: string) =>
        `<style>@media print { h1 { background: url('${to}') no-repeat; height: 50px } }</style><h1></h1>`,
    ],
    ['twice', (to: string) => `<img src="${to}"><img src="${to}">`],
  ])('%s', async (_, markup) => {
    expect(await textOf(markup(`${host.url}/qr.svg?a=1`))).toContain('QR-17');
    expect(host.asked.slice(before)).toMatchObject([{ path: '/qr.svg', query: { a: '1' } }]);
  });

  test('by an address that leaves its scheme to the page', async () => {
    const markup = `<img src="//www.lazada.sg/qr.png">`;
    await expect(toPdf(markup)).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('https://www.lazada.sg/qr.png'),
    });
  });

  test('on a page that is nothing else', async () => {
    const made = await renderer.toPdf({
      bytes: Buffer.from(`<img src="${host.url}/qr.svg">`),
      declaredMime: 'text/html',
    });
    expect((await readBack(made.pdf)).text).toContain('QR-17');
  });

  test('as many as a page has', async () => {
    for (let at = 0; at < 30; at += 1) host.on(`/${at}.svg`, picture(`N${at}`));
    const text = await textOf(Array.from({ length: 30 }, (_, at) => `<img src="${host.url}/${at}.svg">`).join(''));
    expect(text.match(/N\d+/g)?.length).toBe(30);
  });
});

describe('a picture that nobody would see is left out, and nobody asked for it', () => {
  test.each([
    ['that counts readers, by its attributes', (to: string) => `<img src="${to}" width="1" height="1">`],
    ['that counts readers, by its style', (to: string) => `<img src="${to}" style="width:2px;height:2px">`],
    ['that counts readers, by a class', (to: string) => `<style>.c{width:1px}</style><img class="c" src="${to}">`],
    [
      'that counts readers, behind an element',
      (to: string) => `<div style="background:url(${to});width:1px;height:1px"></div>`,
    ],
    ['that is hidden', (to: string) => `<img src="${to}" style="display:none">`],
    ['that is hidden with what is around it', (to: string) => `<div style="display:none"><img src="${to}"></div>`],
    ['that cannot be seen', (to: string) => `<img src="${to}" style="visibility:hidden">`],
    [
      'that is only on the screen',
      (to: string) => `<style>@media print { img { display: none } }</style><img src="${to}">`,
    ],
    ['of a style that no element has', (to: string) => `<style>.none { background: url(${to}) }</style>`],
    ['that is only to be kept ready', (to: string) => `<link rel="preload" as="image" href="${to}">`],
    ['that stands in for a script', (to: string) => `<noscript><img src="${to}"></noscript>`],
    ['of the window', (to: string) => `<link rel="icon" href="${to}">`],
  ])('%s', async (_, markup) => {
    expect(await textOf(markup(`${host.url}/qr.svg`))).toBe('Invoice 1');
    expect(asked()).toEqual([]);
  });

  test.each([
    ['no address', '<img>'],
    ['an empty address', '<img src="">'],
    ['the address of the page', '<img src="#">'],
    ['itself', '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'],
  ])('a picture with %s is none that could be fetched', async (_, markup) => {
    expect(await textOf(markup)).toBe('Invoice 1');
  });

  test('a line as thin as a hair is a picture that is seen', async () => {
    await toPdf(`<img src="${host.url}/qr.svg" width="400" height="1">`);
    expect(asked()).toEqual(['/qr.svg']);
  });
});

describe('an invoice is refused for good, with the address and without what opens it, where its picture', () => {
  test.each<[string, string, RegExp]>([
    [
      'stands on a host that is not allowed',
      'https://evil.example/qr.png?token=SECRET',
      /https:\/\/evil\.example\/qr\.png: the host.*INVOICE_LINK_HOSTS/,
    ],
    ['stands in our own network', 'http://10.0.0.1/qr.png', /http:\/\/10\.0\.0\.1\/qr\.png/],
    ['stands on an allowed host without encryption', 'http://www.lazada.sg/qr.png', /without encryption/],
    ['stands beside the page', 'images/qr.png', /images\/qr\.png: an address without a host/],
    ['is a file of this machine', 'file:///etc/hostname', /file:\/\/\/etc\/hostname/],
    ['came by mail', 'cid:qr', /cid:qr/],
  ])('%s', async (_, address, words) => {
    const refused = toPdf(`<img src="${address}" width="100" height="100">`);
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected',
      code: 'render_failed',
      message: expect.stringMatching(words),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('SECRET') });
    expect(asked()).toEqual([]);
  });

  test.each<[string, Answer, RegExp]>([
    ['is gone', { status: 404 }, /404/],
    ['is gone for good', { status: 410 }, /410/],
    ['is forbidden', { status: 403 }, /403/],
    ['leads on', { status: 302, headers: { location: 'https://www.lazada.sg/qr.svg' } }, /redirect/],
    ['is no picture', { body: '<p>Log in</p>' }, /no picture/],
    ['is nothing', { body: '' }, /no picture/],
    ['is too large', { body: 'GIF8'.padEnd(9 * 1024 * 1024, '1') }, /too large/],
  ])('%s', async (_, answer, words) => {
    host.on('/qr.svg', answer);
    const refused = toPdf(`<img src="${host.url}/qr.svg?token=SECRET">`);
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected',
      code: 'render_failed',
      message: expect.stringMatching(words),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(`${host.url}/qr.svg`) });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringMatching(/SECRET|Log in/) });
  });
});

describe('an invoice is tried again where the host of its picture', () => {
  test.each<[string, Answer, string]>([
    ['is out of order', { status: 503 }, 'http_503'],
    ['has too much to do', { status: 429 }, 'http_429'],
    ['breaks off', 'reset', 'reset'],
    ['breaks off within it', 'half', 'reset'],
  ])('%s', async (_, answer, code) => {
    host.on('/qr.svg', answer, picture('QR-17'));
    await expect(toPdf(`<img src="${host.url}/qr.svg">`)).rejects.toMatchObject({ kind: 'transient', code });
    expect(await textOf(`<img src="${host.url}/qr.svg">`)).toContain('QR-17');
  });

  test('is not there', async () => {
    const gone = await openScriptedServer();
    const settings = { linkHosts: [new URL(gone.url).host], renderer: 'chromium' } as const;
    const other = pdfRenderer(settings, rendererProcess({ program: RENDERER_PROGRAM }));
    await gone.close();
    const bytes = Buffer.from(`<p>Invoice 1</p><img src="${gone.url}/qr.svg">`);
    await expect(other.toPdf({ bytes, declaredMime: 'text/html' })).rejects.toMatchObject({
      kind: 'transient',
      code: 'no_connection',
    });
    await other.close();
  });
});
