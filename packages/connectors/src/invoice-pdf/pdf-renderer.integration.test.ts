import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PdfRenderer } from '@lazada-sof/orders';
import { BOMBS, pdfOf, RENDERER_PROGRAM, readBack } from '@lazada-sof/testkit';
import { pdfRenderer, rendererFor, rendererProcess } from './pdf-renderer.ts';

const html = (markup: string, declaredMime = 'text/html') => ({ bytes: Buffer.from(markup), declaredMime });
const pdf = (bytes: Buffer) => ({ bytes, declaredMime: 'application/pdf' });

let renderer: PdfRenderer;
let printed: Buffer;

/** @throws where it became none */
async function pdfOfPage(markup: string, declaredMime?: string): Promise<Buffer> {
  const { pdf: made } = await renderer.toPdf(html(markup, declaredMime));
  if (!made) throw new Error('no PDF');
  return made;
}

beforeAll(async () => {
  renderer = pdfRenderer({ linkHosts: [], renderer: 'chromium' }, rendererProcess({ program: RENDERER_PROGRAM }));
  printed = await pdfOfPage('<p>Invoice 1</p>');
});
afterAll(async () => {
  await renderer.close();
});

describe('a web page', () => {
  test('becomes a PDF, and is kept as the source', async () => {
    const source = Buffer.from('<p>Invoice 1</p>');
    const made = await renderer.toPdf({ bytes: source, declaredMime: 'application/pdf' });
    expect(made).toEqual({ pdf: expect.any(Buffer), source, sourceMime: 'text/html' });
    expect(await readBack(made.pdf)).toMatchObject({ pages: 1, text: 'Invoice 1' });
  });

  test('in a charset of its own is printed in it', async () => {
    const bytes = Buffer.concat([Buffer.from('<p>1 '), Buffer.from([0xe3, 0xba])]);
    const { pdf: made } = await renderer.toPdf({ bytes, declaredMime: 'text/html; charset=windows-874' });
    expect((await readBack(made)).text).toBe('1 ใบ');
  });

  test.each([
    ['masked', '<table><tr><td>Buyer</td><td>****</td></tr></table>', /masked/],
    ['masked by letters written as numbers', '<p>Buyer &#42;&#42;&#42;&#42;</p>', /masked/],
    ['of a login', '<form>Phone 1 <input type="password"></form>', /login/],
    [
      'that shows nothing without script',
      '<div id="root"></div><noscript>Enable script</noscript>',
      /nothing is to be seen/,
    ],
    ['that hides its text', '<p style="display:none">Invoice 1</p>', /nothing is to be seen/],
    [
      'around a frame',
      '<p>Invoice 1</p><iframe src="https://www.lazada.sg/a.pdf"></iframe>',
      /around another document/,
    ],
  ])('%s is refused, without a word of it', async (_, markup, reason) => {
    const refused = renderer.toPdf(html(`${markup}<!-- Jane -->`));
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected',
      code: 'unsupported',
      message: expect.stringMatching(reason),
    });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('Jane') });
  });

  test('keeps the charset that only its header names', async () => {
    const made = await renderer.toPdf(html('<p>Invoice 1</p>', 'text/html;charset=windows-874'));
    expect(made.sourceMime).toBe('text/html; charset=windows-874');
  });

  const withoutPdf = (words: string) => ({
    pdf: null,
    source: Buffer.from('<p>Invoice 1</p>'),
    sourceMime: 'text/html',
    failure: expect.objectContaining({
      kind: 'rejected',
      code: 'render_failed',
      message: expect.stringMatching(words),
    }),
  });

  test('is kept as it came where no renderer is set, and the setting is named', async () => {
    const none = pdfRenderer({ linkHosts: [], renderer: 'none' }, rendererProcess({ program: RENDERER_PROGRAM }));
    expect(await none.toPdf(html('<p>Invoice 1</p>'))).toEqual(withoutPdf('there is no renderer: PDF_RENDERER=none'));
    expect((await none.toPdf(pdf(printed))).pdf).toBe(printed);
    await none.close();
  });

  test('is kept as it came where Chromium does not start; other trouble of a browser passes', async () => {
    let trouble: object = { trouble: 'Chromium does not start (no memory)', isWithoutBrowser: true };
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(503).end(JSON.stringify(trouble)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const none = async () => undefined;
    const child = { address: async () => ({ url }), kill: () => undefined, settled: none, close: none };
    const broken = pdfRenderer({ linkHosts: [], renderer: 'chromium' }, child);
    expect(await broken.toPdf(html('<p>Invoice 1</p>'))).toEqual(withoutPdf('Chromium does not start'));
    trouble = { trouble: 'the page was not printed in time' };
    await expect(broken.toPdf(html('<p>Invoice 1</p>'))).rejects.toMatchObject({ kind: 'transient', code: 'browser' });
    await broken.close();
    server.closeAllConnections();
    server.close();
  });
});

describe('a renderer that a setting names', () => {
  type Asking = { readonly asker: unknown; end(how?: 'breaks off'): void };
  let asked: Asking[];
  let server: Server;
  let shared: PdfRenderer;
  let arrived: () => void;

  beforeEach(async () => {
    asked = [];
    arrived = () => undefined;
    server = createServer((request, response) => {
      const end: Asking['end'] = (how) =>
        how ? request.socket.destroy() : response.end('{"is":"refused","code":"unsupported","reason":"masked"}');
      request.resume().on('end', () => {
        asked.push({ asker: request.headers['x-asker'], end });
        arrived();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const named = rendererFor({ rendererUrl: url }, { program: '/nowhere/renderer.ts' });
    shared = pdfRenderer({ linkHosts: [], renderer: 'chromium' }, named);
  });
  afterEach(async () => {
    await shared.close();
    server.closeAllConnections();
    server.close();
  });

  async function askings(count: number): Promise<void> {
    while (asked.length < count) await new Promise<void>((resolve) => (arrived = resolve));
  }
  const draw = (accountId: string) => {
    const made = shared.toPdf(html('<p>Invoice 1</p>'), undefined, accountId);
    made.catch(() => undefined);
    return made;
  };
  const masked = { kind: 'rejected', message: expect.stringContaining('masked') };

  test('has one place of two for the slow pages of one account', async () => {
    const slow = [draw('slow'), draw('slow')];
    const other = draw('other');
    await askings(2);
    expect(asked.map(({ asker }) => asker)).toEqual(['slow', 'other']);
    asked[1]?.end();
    await expect(other).rejects.toMatchObject(masked);
    expect(asked.length).toBe(2);
    asked[0]?.end();
    await askings(3);
    asked[2]?.end();
    for (const one of slow) await expect(one).rejects.toMatchObject(masked);
  });

  test('that breaks off is asked once more for each that it had, one after the other', async () => {
    const both = [draw('one'), draw('other')];
    await askings(2);
    for (const { end } of asked) end('breaks off');
    await askings(3);
    asked[2]?.end('breaks off');
    await askings(4);
    expect(asked.length).toBe(4);
    asked[3]?.end();
    const ends = await Promise.allSettled(both);
    const reasons = ends.map((one) => one.status === 'rejected' && one.reason.code).toSorted();
    expect(reasons).toEqual(['browser', 'unsupported']);
  });
});

test('a page of eight megabytes of stars is refused once, as it will be no better another time', async () => {
  await expect(renderer.toPdf(html(`<p>${'*'.repeat(8 * 1024 * 1024 - 3)}`))).rejects.toMatchObject({
    kind: 'rejected',
  });
});

describe('a PDF', () => {
  test('is kept byte for byte, whatever it is declared as', async () => {
    const kept = await renderer.toPdf({ bytes: printed, declaredMime: 'text/html' });
    expect(kept).toEqual({ pdf: printed, source: printed, sourceMime: 'application/pdf' });
    expect(kept.pdf?.equals(printed)).toBe(true);
  });

  test.each([
    ['that is only called one', () => Buffer.from('%PDF-1.7\nJane\n%%EOF'), /does not open/],
    ['of which half is there', () => printed.subarray(0, printed.length / 2), /end is missing/],
    ['whose inside is damaged', () => Buffer.concat([printed.subarray(0, 200), Buffer.from('%%EOF')]), /does not open/],
    ['that is gigabytes once it is unpacked', BOMBS['a page that unpacks to gigabytes'], /more than 256 MB/],
    ['without a page', () => pdfOf('/Kids[]/Count 0'), /does not open|without a page/],
    ['that claims a page that is not there', () => pdfOf('/Kids[9 0 R]/Count 1'), /does not open/],
  ])('%s is refused', async (_, bytes, reason) => {
    await expect(renderer.toPdf(pdf(bytes()))).rejects.toMatchObject({
      kind: 'rejected',
      code: 'render_failed',
      message: expect.stringMatching(reason),
    });
  });
});
