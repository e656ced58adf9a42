import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type DownloadOptions, type Downloads, openDownloads, type Resolve } from './index.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice');

let server: Server;
let port: number;
let asked: string[];
const opened: Downloads[] = [];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/moved') response.writeHead(302, { location: `http://127.0.0.1:${port}/file` }).end();
    else if (request.url === '/gone') response.writeHead(410).end('a page with secrets');
    else if (request.url === '/endless') response.write(PDF);
    else if (request.url === '/bomb') response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB);
    else response.end(PDF);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const one of opened.splice(0)) one.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
const BOMB = gzipSync(Buffer.alloc(1_000_000));

const leadsTo =
  (...addresses: string[]): Resolve =>
  (_host, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const fetchFrom = (link: string, hosts: string[], more: Partial<DownloadOptions> = {}): Promise<Buffer> => {
  const downloads = openDownloads({ hosts, largest: 1_000, wholeMs: 5_000, ...more });
  opened.push(downloads);
  return downloads.fetch(link);
};
const fromHere = (path: string, more?: Partial<DownloadOptions>) =>
  fetchFrom(`http://127.0.0.1:${port}${path}`, [`127.0.0.1:${port}`], more);

describe('a link', () => {
  test('to a host named with its port is fetched, though its address is private', async () => {
    expect(await fromHere('/file')).toEqual(PDF);
  });

  test('to a name is fetched from the address that was looked up', async () => {
    const resolve = leadsTo('127.0.0.1');
    expect(await fetchFrom(`http://files.example:${port}/file`, [`files.example:${port}`], { resolve })).toEqual(PDF);
  });

  test.each([
    ['a private address', ['10.0.0.7']],
    ['this machine', ['127.0.0.1']],
    ['this machine by IPv6', ['::1']],
    ['one address of the internet and one of this machine', ['47.88.0.1', '127.0.0.1']],
    ["a cloud machine's secrets", ['169.254.169.254']],
  ])('to an allowed name that leads to %s is refused', async (_, addresses) => {
    const fetched = fetchFrom('https://docs.lazada.sg/file?sign=SECRET', ['*.lazada.*'], {
      resolve: leadsTo(...addresses),
    });
    await expect(fetched).rejects.toMatchObject({
      name: 'LinkNotAllowedError',
      reason: 'the host docs.lazada.sg, whose address is not a public one',
    });
  });

  test('to a name is looked up once, so that a second answer, which nobody judged, is never used', async () => {
    const answers = ['127.0.0.1', '192.0.2.1'];
    const resolve: Resolve = (host, done) => leadsTo(answers.shift() ?? '')(host, done);
    expect(await fetchFrom(`http://files.example:${port}/file`, [`files.example:${port}`], { resolve })).toEqual(PDF);
    expect(answers).toEqual(['192.0.2.1']);
  });

  test('to a private address in place of a name is refused, though it is named without its port', async () => {
    await expect(fetchFrom('http://10.0.0.7/file', ['10.0.0.7'])).rejects.toMatchObject({
      name: 'LinkNotAllowedError',
    });
  });

  test('to a host that is not allowed is refused before anything is sent', async () => {
    await expect(fetchFrom(`http://127.0.0.1:${port}/file`, ['*.lazada.*'])).rejects.toMatchObject({
      name: 'LinkNotAllowedError',
    });
    expect(asked).toEqual([]);
  });

  test('to a name that does not exist has no connection', async () => {
    const resolve: Resolve = (_host, done) => setImmediate(done, new Error('ENOTFOUND'), []);
    await expect(fetchFrom('https://docs.lazada.sg/file', ['*.lazada.*'], { resolve })).rejects.toMatchObject({
      name: 'NoConnectionError',
    });
  });

  test('is not followed further where it redirects', async () => {
    await expect(fromHere('/moved')).rejects.toMatchObject({ name: 'NoDownloadError', httpStatus: 302 });
    expect(asked).toEqual(['/moved']);
  });

  test('that leads to an error tells its status and nothing of its page', async () => {
    await expect(fromHere('/gone')).rejects.toMatchObject({
      name: 'NoDownloadError',
      httpStatus: 410,
      message: expect.not.stringContaining('secrets'),
    });
  });

  test.each([
    ['to a file that is too large is given up', '/file', { largest: PDF.length - 1 }, 'AnswerTooLargeError'],
    ['to a file that becomes too large once it is unpacked is given up', '/bomb', {}, 'AnswerTooLargeError'],
    ['to a file that never ends is given up', '/endless', { wholeMs: 200 }, 'TimedOutError'],
  ])('%s', async (_, path, options, name) => {
    await expect(fromHere(path, options)).rejects.toMatchObject({ name });
  });
});
