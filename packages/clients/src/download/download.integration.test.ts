import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Downloads, openDownloads } from './index.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice');

describe('a link', () => {
  let server: Server;
  let port: number;
  let asked: string[];
  const opened: Downloads[] = [];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/moved') response.writeHead(302, { location: `http://127.0.0.1:${port}/file` }).end();
      else if (request.url === '/gone') response.writeHead(410).end('secret page');
      else if (request.url === '/endless') response.write(PDF);
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

  const leadsTo =
    (...addresses: string[]): LookupFunction =>
    (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  const fetchFrom = (
    url: string,
    hosts: string[],
    more: { lookup?: LookupFunction; largestBytes?: number; wholeMs?: number } = {},
  ) => {
    const downloads = openDownloads({ hosts, largestBytes: 1_000, wholeMs: 5_000, ...more });
    opened.push(downloads);
    return downloads.download(new URL(url));
  };

  test('to a host named with its port is fetched, though its address is private', async () => {
    expect(await fetchFrom(`http://127.0.0.1:${port}/file`, [`127.0.0.1:${port}`])).toEqual(PDF);
  });

  test('to a name is fetched from the address that was looked up', async () => {
    const fetched = fetchFrom(`http://files.example:${port}/file`, [`files.example:${port}`], {
      lookup: leadsTo('127.0.0.1'),
    });
    expect(await fetched).toEqual(PDF);
  });

  test.each([
    ['to a host that is not allowed', () => `http://127.0.0.1:${port}/file`, ['*.lazada.*']],
    ["to the address of a cloud machine's secrets", () => 'http://169.254.169.254:80/latest', ['169.254.169.254:80']],
    ['to this machine in another spelling', () => `http://0x7f.1:${port}/file`, ['*.lazada.*']],
    ['to this machine by IPv6', () => `http://[::1]:${port}/file`, ['*.lazada.*']],
    ['with a login in it', () => `http://me:pw@127.0.0.1:${port}/file`, ['127.0.0.1']],
  ])('%s is refused before anything is sent', async (_, url, hosts) => {
    await expect(fetchFrom(url(), hosts)).rejects.toMatchObject({ name: 'LinkRefusedError', delivery: 'never-left' });
    expect(asked).toEqual([]);
  });

  test.each([
    ['a private address', ['10.0.0.7']],
    ['this machine', ['127.0.0.1']],
    ['one address of the internet and one of this machine', ['47.88.0.1', '127.0.0.1']],
    ["a cloud machine's secrets", ['169.254.169.254']],
  ])('to an allowed name that leads to %s is refused', async (_, addresses) => {
    const fetched = fetchFrom('https://docs.lazada.sg/file?sign=secret', ['*.lazada.*'], {
      lookup: leadsTo(...addresses),
    });
    await expect(fetched).rejects.toMatchObject({
      name: 'LinkRefusedError',
      message: expect.not.stringContaining('secret'),
    });
  });

  test('is not followed further where it redirects', async () => {
    const fetched = fetchFrom(`http://127.0.0.1:${port}/moved`, [`127.0.0.1:${port}`]);
    await expect(fetched).rejects.toMatchObject({ name: 'LinkAnswerError', httpStatus: 302 });
    expect(asked).toEqual(['/moved']);
  });

  test('that leads to an error tells its status', async () => {
    const fetched = fetchFrom(`http://127.0.0.1:${port}/gone`, [`127.0.0.1:${port}`]);
    await expect(fetched).rejects.toMatchObject({ name: 'LinkAnswerError', httpStatus: 410 });
  });

  test('to a file that is too large is given up', async () => {
    const fetched = fetchFrom(`http://127.0.0.1:${port}/file`, [`127.0.0.1:${port}`], { largestBytes: PDF.length - 1 });
    await expect(fetched).rejects.toMatchObject({ name: 'AnswerTooLargeError' });
  });

  test('to a file that never ends is given up', async () => {
    const fetched = fetchFrom(`http://127.0.0.1:${port}/endless`, [`127.0.0.1:${port}`], { wholeMs: 200 });
    await expect(fetched).rejects.toMatchObject({ name: 'TimedOutError' });
  });
});
