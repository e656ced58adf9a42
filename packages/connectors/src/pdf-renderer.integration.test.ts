import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PdfRenderer } from '@lazada-sof/orders';
import { pdfOf } from './invoice-pdf/pdf.fixture.ts';
import { asDrawn, readBack } from './invoice-pdf/read-back.fixture.ts';
import { pdfRenderer } from './pdf-renderer.ts';

const html = (markup: string, declaredMime = 'text/html') => ({ bytes: Buffer.from(markup), declaredMime });
const pdf = (bytes: Buffer) => ({ bytes, declaredMime: 'application/pdf' });

let renderer: PdfRenderer;
let printed: Buffer;
let trap: Trap;

beforeAll(async () => {
  trap = await openTrap();
  renderer = pdfRenderer({ linkHosts: [], renderer: 'chromium' });
  printed = (await renderer.toPdf(html('<p>Invoice 1</p>'))).pdf;
});
afterAll(async () => {
  await renderer.close();
  await new Promise((resolve) => trap.server.close(resolve));
});

/** Counts whoever knocks at its door, and lets nobody in. */
type Trap = { readonly server: Server; readonly url: string; connections: number };
async function openTrap(): Promise<Trap> {
  const server = createServer((socket) => {
    trap.connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: 0 };
}

const WORDS = {
  English: 'Tax invoice 17 Total 12.50',
  Thai: 'ใบกำกับภาษี น้ำปลา ที่ปลอดภัย ฿1,250.00 ขอบคุณที่ใช้บริการ ๑๒๓',
  Vietnamese: 'Hóa đơn giá trị gia tăng Tổng cộng 1.250.000 ₫ Cảm ơn quý khách đã mua hàng Nguyễn Thị Ngọc Ánh',
};

describe('a web page', () => {
  test.each(Object.entries(WORDS))(
    'in %s is read back from the PDF as it was written, in embedded fonts',
    async (_, words) => {
      const { pdf: made, source, sourceMime } = await renderer.toPdf(html(`<h1>1</h1><p>${words}</p>`));
      const { pages, text, fonts } = await readBack(made);
      expect({ pages, text }).toEqual({ pages: 1, text: asDrawn(`1 ${words}`) });
      expect(fonts.length).toBeGreaterThan(0);
      expect(fonts.filter(({ embedded }) => !embedded)).toEqual([]);
      expect({ source: source.toString(), sourceMime }).toEqual({
        source: `<h1>1</h1><p>${words}</p>`,
        sourceMime: 'text/html',
      });
    },
  );

  test('with fonts of its own, however firmly, borrows ours for the letters that those lack', async () => {
    const style = `<style>p { font-family: "Courier New", monospace !important }</style>`;
    const made = await renderer.toPdf(html(`${style}<p style="font-weight:bold">${WORDS.Thai}</p>`));
    const { text, fonts } = await readBack(made.pdf);
    expect(text).toBe(asDrawn(WORDS.Thai));
    expect(fonts.map(({ name }) => name)).toContainEqual(expect.stringMatching(/NotoSansThai-Bold$/));
  });

  test('in a charset of its own is printed in it', async () => {
    const bytes = Buffer.concat([Buffer.from('<p>1 '), Buffer.from([0xe3, 0xba])]);
    const { pdf: made } = await renderer.toPdf({ bytes, declaredMime: 'text/html; charset=windows-874' });
    expect((await readBack(made)).text).toBe('1 ใบ');
  });

  test('of many pages becomes a PDF of many pages', async () => {
    const { pdf: made } = await renderer.toPdf(html('<p style="break-after:page">1</p>'.repeat(3)));
    expect((await readBack(made)).pages).toBeGreaterThanOrEqual(3);
  });

  test('runs no script, and what it says to readers without script is not printed', async () => {
    const script = `<script>document.body.textContent = 'RAN'</script><img src=x onerror="document.body.textContent='RAN'">`;
    const { pdf: made } = await renderer.toPdf(html(`<p>Invoice 1</p>${script}<noscript>Enable script</noscript>`));
    expect((await readBack(made)).text).toBe('Invoice 1');
  });

  test('whose own rules forbid our style is printed all the same', async () => {
    const forbids = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
    const { pdf: made } = await renderer.toPdf(html(`${forbids}<p>${WORDS.Thai}</p>`));
    expect((await readBack(made)).text).toBe(asDrawn(WORDS.Thai));
  });

  test('has no network, whatever it asks for', async () => {
    const asks = `<link rel="preconnect" href="${trap.url}"><link rel=preconnect href="${trap.url.replace('127.0.0.1', 'localhost')}">
      <link rel=prefetch href="${trap.url}/prefetch"><link rel=preload as=image href="${trap.url}/preload">
      <link rel="stylesheet" href="${trap.url}/sheet"><link rel="icon" href="${trap.url}/icon">
      <style>@import url(${trap.url}/import); p { background: url(${trap.url}/background) }
      @font-face { font-family: x; src: url(${trap.url}/font) } p { font-family: x }</style>
      <img src="${trap.url}/picture"><video src="${trap.url}/film" autoplay></video><audio src="${trap.url}/sound" autoplay></audio>
      <iframe src="${trap.url}/frame" style="display:none"></iframe>
      <svg><image href="${trap.url}/drawing" /><use href="${trap.url}/part#of" /></svg>`;
    const { pdf: made } = await renderer.toPdf(html(`<p>Invoice 1</p>${asks}`));
    expect((await readBack(made)).text).toMatch(/^Invoice 1/);
    expect(trap.connections).toBe(0);
  });

  test('cannot show the files of this machine', async () => {
    const asks = '<img src="file:///etc/hostname"><iframe src="file:///etc/passwd" style="display:none"></iframe>';
    expect((await readBack((await renderer.toPdf(html(`<p>Invoice 1</p>${asks}`))).pdf)).text).toBe('Invoice 1');
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
    ['that shows nothing without network', '<img src="https://www.lazada.sg/invoice.png">', /nothing is to be seen/],
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

  test('that hides stars and shows none is no masked one', async () => {
    const { pdf: made } = await renderer.toPdf(html('<p>Invoice 1</p><p style="display:none">****</p>'));
    expect((await readBack(made)).text).toBe('Invoice 1');
  });

  test('is left where no renderer is set, and the setting is named', async () => {
    const none = pdfRenderer({ linkHosts: [], renderer: 'none' });
    await expect(none.toPdf(html('<p>Invoice 1</p>'))).rejects.toMatchObject({
      kind: 'rejected',
      code: 'unsupported',
      message: expect.stringContaining('PDF_RENDERER=none'),
    });
    expect((await none.toPdf(pdf(printed))).pdf).toBe(printed);
    await none.close();
  });
});

describe('a PDF', () => {
  test('is kept byte for byte, whatever it is declared as', async () => {
    const kept = await renderer.toPdf({ bytes: printed, declaredMime: 'text/html' });
    expect(kept).toEqual({ pdf: printed, source: printed, sourceMime: 'application/pdf' });
    expect(kept.pdf.equals(printed)).toBe(true);
  });

  test.each([
    ['that is only called one', () => Buffer.from('%PDF-1.7\nJane\n%%EOF'), /does not open/],
    ['of which half is there', () => printed.subarray(0, printed.length / 2), /end is missing/],
    ['whose inside is damaged', () => Buffer.concat([printed.subarray(0, 200), Buffer.from('%%EOF')]), /does not open/],
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
