import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCertificate } from '@lazada-sof/testkit';
import { type Connections, openConnections } from './connections.ts';
import { ClientError } from './errors.ts';
import type { HttpAnswer, HttpRequest } from './request.ts';

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
  await listen(server);
}
let bare: TcpServer | undefined;
/** Connections, and what comes over them as it is. */
async function serveBare(onConnection: (socket: Socket) => void) {
  bare = createTcpServer((socket) => onConnection(socket.on('error', () => undefined)));
  await listen(bare);
}
async function listen(to: TcpServer) {
  await new Promise<void>((resolve) => to.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(to.address() as AddressInfo).port}/path?sign=SECRET`);
}

beforeEach(() => {
  connections = openConnections({ connectMs: 5_000, headersMs: 2_000, idleMs: 5_000 });
});
afterEach(async () => {
  connections.close();
  await new Promise<unknown>((resolve) => bare?.close(resolve) ?? resolve(null));
  bare = undefined;
  if (!server?.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  wholeMs: 4_000,
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

describe('an answer that begins early is read to its end', () => {
  /** More than the kernel keeps for a reader. */
  const large = { body: Buffer.alloc(32 * 1024 * 1024, 'x'), wholeMs: 10_000 };
  const readWith = async (answer: Promise<HttpAnswer>) => {
    const { status, body } = await answer;
    return [status, body.toString()];
  };

  test('while the request is still being sent', async () => {
    await serve((request, response) => {
      response.writeHead(200, { 'content-length': '9' });
      response.write('first ');
      request.resume().once('end', () => response.end('end'));
    });
    expect(await readWith(connections.send(post(large)))).toEqual([200, 'first end']);
  });

  test('in the moment after the request was sent', async () => {
    const quick = await serveQuickly();
    try {
      await connections.send(post({ url: quick.url }));
      const answer = await quick.answeringAtOnce(() => connections.send(post({ url: quick.url })));
      expect([answer.status, answer.body.toString()]).toEqual([200, 'first end']);
    } finally {
      await quick.close();
    }
  });

  test('by a server that reads no further, and the rest is not sent to it', async () => {
    const arrived = Promise.withResolvers<Socket>();
    await serveBare((socket) => {
      socket.once('data', () => socket.pause().write('HTTP/1.1 413 No\r\ncontent-length: 9\r\n\r\ntoo large'));
      arrived.resolve(socket);
    });
    const answer = connections.send(post(large));
    expect(await readWith(answer)).toEqual([413, 'too large']);
    const socket = await arrived.promise;
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await gone;
    expect(socket.bytesRead).toBeLessThan(large.body.length);
  });

  test('however long it takes after all has been sent', async () => {
    connections = openConnections({ connectMs: 500, headersMs: 10, idleMs: 1_000 });
    await serve((request, response) => {
      response.write('first ');
      request.resume().once('end', () => setTimeout(() => response.end('end'), 50));
    });
    expect(await readWith(connections.send(post(large)))).toEqual([200, 'first end']);
  });

  test('by a server that reads no further and hangs up', async () => {
    await serve((request, response) => {
      response.writeHead(413, { connection: 'close' });
      response.end('too large', () => request.socket.destroy());
    });
    expect(await readWith(connections.send(post(large)))).toEqual([413, 'too large']);
  });
});

/**
 * A server in a thread of its own. `answeringAtOnce`: it has answered by half before this thread looks at its sockets
 * again, and the other half comes when it has.
 */
async function serveQuickly() {
  const marks = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { parentPort, workerData: marks } = require('node:worker_threads');
    require('node:http').createServer((request, response) => {
      response.writeHead(200, { 'content-length': '9' });
      response.write('first ', () => { Atomics.add(marks, 0, 1); Atomics.notify(marks, 0); });
      parentPort.once('message', () => response.end('end'));
      parentPort.postMessage('began');
    }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`,
    { eval: true, workerData: marks },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  worker.on('message', () => worker.postMessage('go on'));
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    answeringAtOnce: (send: () => Promise<HttpAnswer>) =>
      new Promise<HttpAnswer>((resolve, reject) => {
        const before = Atomics.load(marks, 0);
        setImmediate(() => send().then(resolve, reject));
        setImmediate(() => Atomics.wait(marks, 0, before, 5_000));
      }),
    close: () => worker.terminate(),
  };
}

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
    'an answer that goes on in another protocol',
    (request) => request.socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    'ConnectionLostError',
    'unknown',
    null,
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

  test('a name that nobody looks up in time', async () => {
    connections = openConnections({ connectMs: 10, headersMs: 300, idleMs: 1_000 });
    const error = await failing(connections.send(post({ url: new URL('http://slow.test/'), lookup: () => undefined })));
    expect([error.name, error.delivery]).toEqual(['NoConnectionError', 'never-left']);
  });

  test('a TLS handshake that nobody answers in time', async () => {
    connections = openConnections({ connectMs: 50, headersMs: 300, idleMs: 1_000 });
    await serveBare((socket) => socket.resume());
    url.protocol = 'https:';
    const error = await failing(connections.send(post()));
    expect([error.name, error.delivery]).toEqual(['NoConnectionError', 'never-left']);
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
