import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCertificate } from '@lazada-sof/testkit';
import { type Connections, openConnections } from './connections.ts';
import { ClientError } from './errors.ts';
import type { HttpRequest } from './request.ts';

let connections: Connections;
let server: Server;
let url: URL;
let requests = 0;
let sockets: Set<Socket>;

async function serve(listener: RequestListener, create: () => Server = () => createServer()) {
  requests = 0;
  sockets = new Set();
  server = create();
  server.on('request', (request, response) => {
    requests += 1;
    sockets.add(request.socket);
    listener(request, response);
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path?sign=SECRET`);
}

beforeEach(() => {
  connections = openConnections({ connectMs: 500, headersMs: 300, idleMs: 1_000 });
});
afterEach(async () => {
  connections.close();
  if (!server?.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  wholeMs: 1_000,
  largestAnswer: 1_000,
  ...more,
});
const failing = async (sent: Promise<unknown>): Promise<ClientError> => {
  const error = await sent.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  if (error instanceof ClientError) return error;
  throw new Error(`expected a ClientError, got ${error}`);
};

describe('an answer', () => {
  test('of any status comes back as it is, a redirect is not followed', async () => {
    await serve((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end('moved'));
    const answer = await connections.send(post());
    expect({ status: answer.status, body: answer.body.toString(), requests }).toEqual({
      status: 302,
      body: 'moved',
      requests: 1,
    });
  });

  test('that is compressed comes back unpacked', async () => {
    await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')));
    expect((await connections.send(post())).body.toString()).toBe('hello');
  });

  test('may be empty', async () => {
    await serve((_request, response) => response.writeHead(202).end());
    expect((await connections.send(post())).body).toHaveLength(0);
  });
});

describe('connections', () => {
  test('are kept for the next request', async () => {
    await serve((_request, response) => response.end('ok'));
    await connections.send(post());
    await connections.send(post());
    expect({ requests, sockets: sockets.size }).toEqual({ requests: 2, sockets: 1 });
  });

  test('idle for too long are given up, but not while an answer is awaited', async () => {
    connections = openConnections({ connectMs: 500, headersMs: 900, idleMs: 50 });
    await serve((_request, response) => setTimeout(() => response.end('slow'), 200));
    expect((await connections.send(post())).body.toString()).toBe('slow');
    const [socket] = sockets;
    if (!socket?.destroyed) await new Promise((resolve) => socket?.once('close', resolve));
    await connections.send(post());
    expect(sockets.size).toBe(2);
  });

  test('are ended by close', async () => {
    await serve((_request, response) => response.end('ok'));
    await connections.send(post());
    const gone = new Promise((resolve) => [...sockets][0]?.once('close', resolve));
    connections.close();
    await gone;
  });
});

type Row = [sentence: string, listener: RequestListener, name: string, delivery: string, httpStatus: number | null];
const BODY = Buffer.alloc(2_000, 'x');
const ROWS: Row[] = [
  ['no headers in time: nobody knows', () => undefined, 'TimedOutError', 'unknown', null],
  [
    'a body that drips in: nobody knows, and it ends in time',
    (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 50);
      response.once('close', () => clearInterval(drip));
    },
    'TimedOutError',
    'unknown',
    200,
  ],
  [
    'a connection reset before the answer',
    (request) => request.socket.resetAndDestroy(),
    'ConnectionLostError',
    'unknown',
    null,
  ],
  [
    'a connection that ends within the body',
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    },
    'ConnectionLostError',
    'unknown',
    200,
  ],
  [
    'a chunked body that breaks off',
    (request, response) => {
      response.writeHead(200);
      response.write('half', () => request.socket.destroy());
    },
    'ConnectionLostError',
    'unknown',
    200,
  ],
  [
    'a compressed body that ends too early',
    (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello hello hello').subarray(0, 20)),
    'ConnectionLostError',
    'unknown',
    200,
  ],
  [
    'a body that is not compressed although it says so',
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'),
    'ConnectionLostError',
    'unknown',
    200,
  ],
  [
    'something that is not HTTP',
    (request) => request.socket.end('what?\r\n\r\n'),
    'ConnectionLostError',
    'unknown',
    null,
  ],
  [
    'a body over the limit',
    (_request, response) => response.writeHead(200).end(BODY),
    'AnswerTooLargeError',
    'unknown',
    200,
  ],
  [
    'a small compressed body that unpacks over the limit',
    (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BODY)),
    'AnswerTooLargeError',
    'unknown',
    200,
  ],
];

describe('a request that was sent is never repeated, and ends as an error', () => {
  test.each(ROWS)('%s', async (_sentence, listener, name, delivery, httpStatus) => {
    await serve(listener);
    const error = await failing(connections.send(post()));
    expect({ name: error.name, delivery: error.delivery, httpStatus: error.httpStatus, requests }).toEqual({
      name,
      delivery,
      httpStatus,
      requests: 1,
    });
  });

  test('a body of 100 MB is left after the first bytes over the limit', async () => {
    let written = 0;
    await serve((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (written < 100e6 && !response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    const error = await failing(connections.send(post({ largestAnswer: 5 * 1024 * 1024, wholeMs: 5_000 })));
    expect(error.name).toBe('AnswerTooLargeError');
    expect(written).toBeLessThan(20e6);
  });
});

describe('a request that never left', () => {
  test('a closed port', async () => {
    await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const error = await failing(connections.send(post()));
    expect([error.name, error.delivery, error.httpStatus]).toEqual(['NoConnectionError', 'never-left', null]);
    expect((error.cause as { code: string }).code).toBe('ECONNREFUSED');
  });

  test('a host that does not exist', async () => {
    const error = await failing(connections.send(post({ url: new URL('http://no-such-host.invalid/') })));
    expect([error.name, error.delivery]).toEqual(['NoConnectionError', 'never-left']);
  });

  test('a certificate that nobody vouches for', async () => {
    await serve(
      (_request, response) => response.end('ok'),
      () => createTlsServer(makeCertificate()) as unknown as Server,
    );
    url.protocol = 'https:';
    const error = await failing(connections.send(post()));
    expect([error.name, error.delivery, requests]).toEqual(['NoConnectionError', 'never-left', 0]);
    expect((error.cause as { code: string }).code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test('a signal that was aborted before', async () => {
    await serve((_request, response) => response.end('ok'));
    const error = await failing(connections.send(post({ signal: AbortSignal.abort() })));
    expect([error.name, error.delivery, requests]).toEqual(['AbortedError', 'never-left', 0]);
  });
});

describe('an abort while the answer is awaited', () => {
  const abortOnArrival = async (more: Partial<HttpRequest>) => {
    const abort = new AbortController();
    await serve((_request, response) => {
      abort.abort();
      setTimeout(() => response.end('late'), 50);
    });
    return connections.send(post({ signal: abort.signal, ...more }));
  };

  test('gives up a read', async () => {
    const error = await failing(abortOnArrival({ method: 'POST' }));
    expect([error.name, error.delivery]).toEqual(['AbortedError', 'unknown']);
  });

  test('does not give up what must be finished once it is sent', async () => {
    expect((await abortOnArrival({ finishOnceSent: true })).body.toString()).toBe('late');
  });
});

test('no secret is in what an error shows, its cause included', async () => {
  await serve((request) => request.socket.destroy());
  const secret = { authorization: 'JWT SECRET' };
  const error = await failing(connections.send(post({ headers: secret, body: 'password=SECRET' })));
  expect(inspect(error, { depth: 10 })).not.toContain('SECRET');
  expect(error.request).toEqual({ method: 'POST', url: `${url.origin}/path` });
});
