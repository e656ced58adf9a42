/** The renderer's protocol, as somebody meets it who does not keep to it. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ONE_PAGE } from '@lazada-sof/testkit';
import { type Checker, openChecker } from './check/checker.ts';
import type { PagePrinter } from './page/page-printer.ts';
import { NoBrowser, PageTrouble } from './page/trouble.ts';
import { rendererServer } from './server.ts';

let server: Server;
let checker: Checker;
let url: string;
/** Of pages that are slow: when one is begun, and when all of them end. */
let begun: (markup: string) => void = () => undefined;
let slowEnds: Promise<void> = Promise.resolve();
/** Without a browser: what it draws is in the tests beside the printer. */
const printer: PagePrinter = {
  async print(markup) {
    if (markup === 'trouble') throw new PageTrouble('the page was not printed in time');
    if (markup === 'no browser') throw new NoBrowser('Chromium does not start (no memory)');
    begun(markup);
    if (markup.startsWith('slow')) await slowEnds;
    if (markup === 'mistake') throw new Error('Jane');
    return { is: 'refused', code: 'unsupported', reason: markup };
  },
  close: async () => undefined,
};

beforeAll(async () => {
  checker = openChecker();
  server = rendererServer('TOKEN', { printer, checker }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await checker.close();
  server.closeAllConnections();
  server.close();
});

async function post(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const authorization = 'Bearer TOKEN';
  const answer = await fetch(url + path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { authorization, ...headers },
  });
  return { status: answer.status, body: await answer.json() };
}
const page = (markup: string) => JSON.stringify({ markup, pictures: {} });

test('a page is answered with what became of it', async () => {
  expect(await post('/pages', page('masked'))).toEqual({
    status: 200,
    body: { is: 'refused', code: 'unsupported', reason: 'masked' },
  });
});

test('a PDF is answered with what it is', async () => {
  expect(await post('/pdfs', ONE_PAGE)).toEqual({ status: 200, body: { ok: true, pages: 1 } });
  expect(await post('/pdfs', 'no PDF')).toMatchObject({ status: 200, body: { ok: false } });
});

test('PDFs that become one are answered with it, others with why not', async () => {
  const answer = await fetch(`${url}/joined`, {
    method: 'POST',
    body: new Uint8Array(Buffer.concat([ONE_PAGE, ONE_PAGE])),
    headers: { authorization: 'Bearer TOKEN', 'x-sizes': `${ONE_PAGE.length},${ONE_PAGE.length}` },
  });
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  expect(await post('/pdfs', Buffer.from(await answer.arrayBuffer()))).toMatchObject({ body: { ok: true, pages: 2 } });
  expect(await post('/joined', 'no PDF', { 'x-sizes': '6' })).toMatchObject({ status: 200, body: { ok: false } });
  expect(await post('/joined', 'no PDF', { 'x-sizes': '7' })).toMatchObject({ status: 400 });
  expect(await post('/joined', 'no PDF', { 'x-sizes': 'many' })).toMatchObject({ status: 503 });
});

describe('refused is', () => {
  test.each([
    ['another token', '/pages', page(''), { authorization: 'Bearer OTHER' }, 401],
    ['no token', '/pdfs', 'x', { authorization: '' }, 401],
    ['another path', '/secrets', 'x', {}, 404],
    ['nothing at all', '/pdfs', '', {}, 413],
    ['a page in another form', '/pages', '[]', {}, 503],
    ['a page that is no JSON', '/pages', '{', {}, 503],
  ])('%s', async (_, path, body, headers, status) => {
    expect((await post(path, body, headers)).status).toBe(status);
  });
});

test('trouble is told in our own words, a mistake of ours in none', async () => {
  expect(await post('/pages', page('trouble'))).toEqual({
    status: 503,
    body: { trouble: 'the page was not printed in time' },
  });
  expect(await post('/pages', page('no browser'))).toEqual({
    status: 503,
    body: { trouble: 'Chromium does not start (no memory)', isWithoutBrowser: true },
  });
  expect(await post('/pages', page('mistake'))).toEqual({ status: 503, body: { trouble: 'the renderer broke off' } });
});

test('one asker’s slow pages leave a place to others, whoever sends them', async () => {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const firstSlow = Promise.withResolvers<void>();
  const order: string[] = [];
  slowEnds = promise;
  begun = (markup) => {
    order.push(markup);
    firstSlow.resolve();
  };
  const slow = ['slow 1', 'slow 2', 'slow 3'].map((markup) => post('/pages', page(markup), { 'x-asker': '7' }));
  await firstSlow.promise;
  expect((await post('/pages', page('other'), { 'x-asker': '8' })).status).toBe(200);
  expect(order.filter((markup) => markup.startsWith('slow')).length).toBe(1);
  end();
  await Promise.all(slow);
  begun = () => undefined;
});

test('where it has no token, whoever reaches it may ask, and is told that it lives', async () => {
  const open = rendererServer(null, { printer, checker }).listen(0, '127.0.0.1');
  await once(open, 'listening');
  const at = `http://127.0.0.1:${(open.address() as AddressInfo).port}`;
  expect((await fetch(`${at}/livez`)).status).toBe(200);
  const answer = await fetch(`${at}/pdfs`, { method: 'POST', body: new Uint8Array(ONE_PAGE) });
  expect(await answer.json()).toEqual({ ok: true, pages: 1 });
  open.closeAllConnections();
  open.close();
});

test('a PDF that breaks off on the way keeps nobody else waiting', async () => {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('POST /pdfs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 1000\r\n\r\n%PDF-1.7');
  await once(socket, 'connect');
  await new Promise(setImmediate);
  socket.resetAndDestroy();
  expect(await post('/pdfs', ONE_PAGE)).toMatchObject({ body: { ok: true } });
});
