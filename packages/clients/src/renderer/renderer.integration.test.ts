import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openRenderer, type Renderer } from './index.ts';

type Answer = { status?: number; type?: string; body?: string };
let server: Server;
let renderer: Renderer;
let answer: Answer | null;
type Asked = { path: string | undefined; authorization: string | undefined; body: string; sizes?: unknown };
let asked: Asked[];

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({
      path: request.url,
      authorization: request.headers.authorization,
      ...(request.headers['x-sizes'] && { sizes: request.headers['x-sizes'] }),
      body: Buffer.concat(chunks).toString(),
    });
    if (answer === null) return;
    const { status = 200, type = 'application/json', body = '' } = answer;
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  renderer = openRenderer({ address: async () => ({ url, token: 'TOKEN' }), wholeMs: 1_000 });
});
afterEach(async () => {
  renderer.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const PAGE = { markup: '<p>1', pictures: {} };

test('a page is sent with the token, and comes back as the PDF that it became', async () => {
  answer = { type: 'application/pdf', body: '%PDF-1.7' };
  expect(await renderer.draw(PAGE)).toEqual({ is: 'pdf', pdf: Buffer.from('%PDF-1.7') });
  expect(asked).toEqual([{ path: '/pages', authorization: 'Bearer TOKEN', body: JSON.stringify(PAGE) }]);
});

test.each([
  { is: 'pointer', to: 'https://docs.lazada.sg/1.pdf' },
  { is: 'pictures', missing: ['https://docs.lazada.sg/1.png'] },
  { is: 'refused', code: 'unsupported', reason: 'masked' },
])('a page may be no PDF: $is', async (drawn) => {
  answer = { body: JSON.stringify(drawn) };
  expect(await renderer.draw(PAGE)).toEqual(drawn);
});

test.each([
  { ok: true, pages: 2 },
  { ok: false, reason: 'it does not open' },
])('a PDF is sent as it is, and looked at: $ok', async (checked) => {
  answer = { body: JSON.stringify(checked) };
  expect(await renderer.check(Buffer.from('%PDF'))).toEqual(checked);
  expect(asked).toMatchObject([{ path: '/pdfs', body: '%PDF' }]);
});

test('PDFs are sent one behind the other with their lengths, and come back as one', async () => {
  answer = { type: 'application/pdf', body: '%PDF-1.7' };
  expect(await renderer.join([Buffer.from('%PDF1'), Buffer.from('%PDF')])).toEqual({
    ok: true,
    pdf: Buffer.from('%PDF-1.7'),
  });
  expect(asked).toMatchObject([{ path: '/joined', body: '%PDF1%PDF', sizes: '5,4' }]);
  answer = { body: JSON.stringify({ ok: false, reason: 'not all of them' }) };
  expect(await renderer.join([Buffer.from('%PDF')])).toEqual({ ok: false, reason: 'not all of them' });
});

describe('trouble', () => {
  test.each<[string, Answer, object]>([
    [
      'is told in its words',
      { status: 503, body: '{"trouble":"not in time"}' },
      { trouble: 'not in time', isWithoutBrowser: false, httpStatus: 503 },
    ],
    [
      'is a browser that does not start',
      { status: 503, body: '{"trouble":"Chromium does not start","isWithoutBrowser":true}' },
      { isWithoutBrowser: true },
    ],
    ['is told by its status', { status: 401, body: '{}' }, { trouble: 'the renderer answered 401' }],
  ])('%s', async (_, given, expected) => {
    answer = given;
    await expect(renderer.check(Buffer.from('%PDF'))).rejects.toMatchObject({
      name: 'RendererTroubleError',
      ...expected,
    });
  });

  test('is an answer that never comes', async () => {
    answer = null;
    await expect(renderer.check(Buffer.from('%PDF'))).rejects.toMatchObject({ name: 'TimedOutError' });
  });

  test('is nobody there', async () => {
    const nobody = openRenderer({ address: async () => ({ url: 'http://127.0.0.1:1', token: '' }) });
    await expect(nobody.draw(PAGE)).rejects.toMatchObject({ name: 'NoConnectionError' });
  });
});
