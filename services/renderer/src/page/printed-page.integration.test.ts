/** What a browser makes of a web page: read back from the PDF, and shut off from script, network and this machine. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asDrawn, type ReadBack, readBack } from '@lazada-sof/testkit';
import { type Checker, openChecker } from '../check/checker.ts';
import { type PagePrinter, pagePrinter } from './page-printer.ts';

let printer: PagePrinter;
let trap: Trap;
let checker: Checker;

beforeAll(async () => {
  trap = await openTrap();
  checker = openChecker();
  printer = pagePrinter({ checker });
});
afterAll(async () => {
  await Promise.all([printer.close(), checker.close()]);
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

const DOT = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

/** Whatever picture it asks for is a dot. */
async function print(markup: string): Promise<ReadBack> {
  const first = await printer.print(markup);
  const dots = first.is === 'pictures' ? first.missing : [];
  const pictures = new Map(dots.map((address) => [address, { mime: 'image/svg+xml', bytes: DOT }]));
  const printed = first.is === 'pictures' ? await printer.print(markup, pictures) : first;
  if (printed.is === 'pdf') return readBack(printed.pdf);
  throw new Error(`expected a PDF, got ${JSON.stringify(printed)}`);
}

const WORDS = {
  English: 'Tax invoice 17 Total 12.50',
  Thai: 'ใบกำกับภาษี น้ำปลา ที่ปลอดภัย ฿1,250.00 ขอบคุณที่ใช้บริการ ๑๒๓',
  Vietnamese: 'Hóa đơn giá trị gia tăng Tổng cộng 1.250.000 ₫ Cảm ơn quý khách đã mua hàng Nguyễn Thị Ngọc Ánh',
};

test.each(Object.entries(WORDS))(
  'a page in %s is read back from the PDF as it was written, in embedded fonts',
  async (_, words) => {
    const { pages, text, fonts } = await print(`<h1>1</h1><p>${words}</p>`);
    expect({ pages, text }).toEqual({ pages: 1, text: asDrawn(`1 ${words}`) });
    expect(fonts.length).toBeGreaterThan(0);
    expect(fonts.filter(({ embedded }) => !embedded)).toEqual([]);
  },
);

test('a page with fonts of its own, however firmly, borrows ours for the letters that those lack', async () => {
  const style = `<style>p { font-family: "Courier New", monospace !important }</style>`;
  const { text, fonts } = await print(`${style}<p style="font-weight:bold">${WORDS.Thai}</p>`);
  expect(text).toBe(asDrawn(WORDS.Thai));
  expect(fonts.map(({ name }) => name)).toContainEqual(expect.stringMatching(/NotoSansThai-Bold$/));
});

test('a page of many pages becomes a PDF of many pages', async () => {
  const made = await print('<p style="break-after:page">1</p>'.repeat(3));
  expect(made.pages).toBeGreaterThanOrEqual(3);
});

test('a page runs no script, and what it says to readers without script is not printed', async () => {
  const script = `<script>document.body.textContent = 'RAN'</script><img src=x onerror="document.body.textContent='RAN'">`;
  const made = await print(`<p>Invoice 1</p>${script}<noscript>Enable script</noscript>`);
  expect(made.text).toBe('Invoice 1');
});

test('a page whose own rules forbid our style is printed all the same', async () => {
  const forbids = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
  const made = await print(`${forbids}<p>${WORDS.Thai}</p>`);
  expect(made.text).toBe(asDrawn(WORDS.Thai));
});

test('a page has no network, whatever it asks for', async () => {
  const asks = `<link rel="preconnect" href="${trap.url}"><link rel=preconnect href="${trap.url.replace('127.0.0.1', 'localhost')}">
    <link rel=prefetch href="${trap.url}/prefetch"><link rel=preload as=image href="${trap.url}/preload">
    <link rel="stylesheet" href="${trap.url}/sheet"><link rel="icon" href="${trap.url}/icon">
    <style>@import url(${trap.url}/import); p { background: url(${trap.url}/background) }
    @font-face { font-family: x; src: url(${trap.url}/font) } p { font-family: x }</style>
    <img src="${trap.url}/picture"><video src="${trap.url}/film" autoplay></video><audio src="${trap.url}/sound" autoplay></audio>
    <iframe src="${trap.url}/frame" style="display:none"></iframe>
    <svg><image href="${trap.url}/drawing" /><use href="${trap.url}/part#of" /></svg>`;
  const made = await print(`<p>Invoice 1</p>${asks}`);
  expect(made.text).toMatch(/^Invoice 1/);
  expect(trap.connections).toBe(0);
  await fetch(trap.url).catch(() => undefined);
  expect(trap.connections).toBe(1);
});

test('a page cannot show the files of this machine', async () => {
  const asks = '<img src="file:///etc/hostname"><iframe src="file:///etc/passwd" style="display:none"></iframe>';
  expect((await print(`<p>Invoice 1</p>${asks}`)).text).toBe('Invoice 1');
});

test('a picture that was given is drawn as the page wrote its address, also without encryption', async () => {
  const address = 'http://pictures.example:8090/1.svg';
  const markup = `<p>Invoice 1</p><img src="${address}"><div style="background:url(${address});height:50px"></div>`;
  expect(await printer.print(markup)).toEqual({ is: 'pictures', missing: [address] });
  const bytes = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="50"><text y="30">Q</text></svg>',
  );
  const printed = await printer.print(markup, new Map([[address, { mime: 'image/svg+xml', bytes }]]));
  expect(await readBack((printed as { pdf: Buffer }).pdf)).toMatchObject({ text: expect.stringMatching(/Q.*Q/) });
});

test('a page that calls for itself again and again is shown once', async () => {
  expect((await print('<meta http-equiv="refresh" content="0"><p>Invoice 1</p>')).text).toBe('Invoice 1');
});

test('a page that hides stars and shows none is no masked one', async () => {
  const made = await print('<p>Invoice 1</p><p style="display:none">****</p>');
  expect(made.text).toBe('Invoice 1');
});
