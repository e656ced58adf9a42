/** Every form of invoice that the simulator sends, asked for as the service asks for it, and made a PDF. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PdfRenderer } from '@lazada-sof/orders';
import {
  anAccount,
  asDrawn,
  memoryTokens,
  RENDERER_PROGRAM,
  readBack,
  recordedLimiter,
  startTestSimulator,
  type TestSimulator,
} from '@lazada-sof/testkit';
import { pdfRenderer, rendererProcess } from '../invoice-pdf/pdf-renderer.ts';
import { openLazadaCalls } from './calls.ts';
import { marketplaceLazada } from './marketplace.ts';

type Credentials = Record<'sellerId' | 'appKey' | 'appSecret' | 'accessToken' | 'refreshToken', string>;
type Order = { orderNumber: string; items: { orderItemId: string; name: string }[] };

let simulator: TestSimulator;
let renderer: PdfRenderer;
let seller: Credentials;
let lazada: ReturnType<typeof openLazadaCalls>;
let marketplace: ReturnType<typeof marketplaceLazada>;
const account = anAccount();
const NO_LOGIN = { username: '', password: '' };

beforeAll(async () => {
  simulator = await startTestSimulator();
  const settings = { linkHosts: [new URL(simulator.url).host], renderer: 'chromium' } as const;
  renderer = pdfRenderer(settings, rendererProcess({ program: RENDERER_PROGRAM }));
});
afterAll(async () => {
  await renderer.close();
  await simulator.close();
});

beforeEach(async () => {
  await simulator.control('POST', '/reset', { seed: 5 });
  seller = await simulator.control<Credentials>('POST', '/accounts', { country: 'TH' });
  const { appKey, appSecret, accessToken, refreshToken } = seller;
  const tokens = memoryTokens([], { sof: NO_LOGIN, app: { appKey, appSecret }, pair: { accessToken, refreshToken } });
  const settings = { restUrl: `${simulator.url}/rest`, authUrl: `${simulator.url}/rest` };
  lazada = openLazadaCalls({ tokens, limiter: recordedLimiter(), settings });
  marketplace = marketplaceLazada(lazada);
});
afterEach(async () => {
  lazada.close();
  expect(await counts()).toMatchObject({ refusals: {}, beacons: 0 });
});

const counts = () => simulator.control<{ refusals: object; beacons: number; links: number }>('GET', '/counts');

async function packedOrder(invoice: object): Promise<Order> {
  const made = await simulator.control<{ orders: Order[] }>('POST', '/orders', {
    account: seller.sellerId,
    script: { invoice },
  });
  const order = made.orders[0] as Order;
  await marketplace.pack(account, { orderNumber: order.orderNumber, orderItemIds: idsOf(order) });
  return order;
}
const idsOf = ({ items }: Order) => items.map(({ orderItemId }) => orderItemId);

async function invoiceOf(invoice: object) {
  const order = await packedOrder(invoice);
  const sent = await marketplace.readInvoice(account, idsOf(order));
  return { order, sent, made: renderer.toPdf(sent) };
}

test('a PDF is kept as it is', async () => {
  const { order, sent, made } = await invoiceOf({ kind: 'pdf' });
  const { pdf, source } = await made;
  expect([pdf?.equals(sent.bytes), source.equals(sent.bytes)]).toEqual([true, true]);
  const { text, fonts } = await readBack(pdf);
  expect(text).toContain(order.orderNumber);
  // It leaves the standard fonts to its reader, as a PDF may.
  expect(fonts.map(({ embedded }) => embedded)).toEqual([false]);
});

describe('a web page is printed', () => {
  test.each([
    ['en', 'Tax invoice', 'Thank you for your purchase.'],
    ['th', 'ใบกำกับภาษี', 'ขอบคุณที่ใช้บริการ'],
    ['vi', 'Hóa đơn giá trị gia tăng', 'Cảm ơn quý khách đã mua hàng.'],
  ])('in %s, without its script and its network', async (language, title, thanks) => {
    const { order, made } = await invoiceOf({ kind: 'html', language });
    const { pages, text, fonts } = await readBack((await made).pdf);
    expect(pages).toBe(1);
    for (const words of [title, thanks, order.orderNumber, order.items[0]?.name ?? 'no item']) {
      expect(text).toContain(asDrawn(words));
    }
    expect(text).not.toContain('SCRIPT RAN');
    expect(fonts.every(({ embedded }) => embedded)).toBe(true);
  });
});

test('what a frame points at is fetched, and kept as the source', async () => {
  const { order, made } = await invoiceOf({ kind: 'iframe' });
  const { pdf, source, sourceMime } = await made;
  expect((await readBack(pdf)).text).toContain(order.orderNumber);
  expect({ same: pdf?.equals(source), sourceMime }).toEqual({ same: true, sourceMime: 'application/pdf' });
  expect((await counts()).links).toBe(1);
});

describe('refused is', () => {
  test.each<[string, object, RegExp]>([
    ['a masked invoice', { kind: 'masked', language: 'th' }, /masked/],
    ['a frame that points elsewhere', { kind: 'iframe', link: 'https://evil.example/1.pdf' }, /INVOICE_LINK_HOSTS/],
    ['a frame that points at nothing', { kind: 'iframe', link: '/nothing' }, /without a host/],
    ['a login page', { kind: 'raw', mime: 'text/html', file: base64('<input type="password">') }, /login/],
    ['an error in JSON', { kind: 'raw', mime: 'application/pdf', file: base64('{"code":"30012"}') }, /JSON/],
    ['a picture', { kind: 'raw', mime: 'image/png', file: base64('\u0089PNG\r\n\u001a\n\0') }, /neither/],
  ])('%s', async (_, invoice, message) => {
    const { made } = await invoiceOf(invoice);
    await expect(made).rejects.toMatchObject({
      kind: 'rejected',
      code: 'unsupported',
      message: expect.stringMatching(message),
    });
    expect((await counts()).links).toBe(0);
  });
});

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}
