/** Clients that only hold connections, on lines of their own. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createMetrics } from '@lazada-sof/runtime';
import { describeOnRedis, until } from '@lazada-sof/testkit';
import { openApiForTest, type TestApi } from '../api.fixture.ts';
import { buildApi } from '../app.ts';
import { openSessions } from '../session.ts';

const GET = 'GET /openapi.json HTTP/1.1\r\nhost: api.test\r\n';

await describeOnRedis('who is slow, or holds connections for nothing', () => {
  let api: TestApi;
  let port: number;
  const opened: Socket[] = [];
  beforeAll(async () => {
    api = await openApiForTest({ times: { headersWithinMs: 1_500, wholeWithinMs: 1_500 } });
    port = Number(new URL(await api.app.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterEach(() => {
    for (const socket of opened.splice(0)) socket.destroy();
  });
  afterAll(() => api.close());

  function open(to = port): Socket {
    const socket = connect(to, '127.0.0.1');
    socket.on('error', () => undefined);
    opened.push(socket);
    return socket;
  }
  const answerOf = (socket: Socket) => text(socket).catch((error: unknown) => String(error));
  /** Line by line, for ever. */
  function drip(socket: Socket, line: (n: number) => string): void {
    let n = 0;
    const timer = setInterval(() => {
      n += 1;
      if (socket.writable) socket.write(line(n));
    }, 50);
    socket.once('close', () => clearInterval(timer));
  }

  test.each<[string, (socket: Socket) => void]>([
    ['sends nothing', () => undefined],
    ['sends half a line', (socket) => socket.write('GET /openapi')],
    ['sends one header after the other', (socket) => socket.write(GET) && drip(socket, (n) => `x-${n}: y\r\n`)],
    [
      'sends a body letter by letter',
      (socket) => {
        socket.write(
          'POST /session HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n',
        );
        drip(socket, () => '{');
      },
    ],
    [
      'sends a body in pieces that do not end',
      (socket) => {
        socket.write(
          'POST /session HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
        );
        drip(socket, () => '1\r\n{\r\n');
      },
    ],
    [
      'sends a body where none is read',
      (socket) => {
        socket.write('POST /v1/nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 9999\r\n\r\n');
        drip(socket, () => '{');
      },
    ],
  ])('one that %s is ended, while others are answered', async (_, send) => {
    const socket = open();
    // `once` would take a reset for a failure.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answer = answerOf(socket);
    send(socket);
    const other = open();
    other.write(`${GET}connection: close\r\n\r\n`);
    expect(await answerOf(other)).toMatch(/^HTTP\/1.1 200 /);
    await closed;
    expect(await answer).toMatch(/^$|^HTTP\/1.1 40[48] |ECONNRESET/);
  });

  test('headers of more than 16 KiB: 431', async () => {
    const socket = open();
    socket.write(`${GET}x: ${'y'.repeat(20_000)}\r\n\r\n`);
    const answer = await answerOf(socket);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toContain('"requestId"');
  });

  test.each([
    ['NUL in a header', `${GET}idempotency-key: a\0b\r\n\r\n`],
    ['NUL in the path', 'GET /v1/\0orders HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['two lengths', 'POST /session HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{'],
    [
      'a length and pieces',
      'POST /session HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no HTTP', 'EHLO api.test\r\n\r\n'],
  ])('%s: 400', async (_, sent) => {
    const socket = open();
    socket.write(sent);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 400 /);
  });

  test('who holds all that there may be, and asks nothing, keeps nobody out', async () => {
    const store = api.db.access;
    const sessions = openSessions({ secret: 's'.repeat(32), store });
    const most = { ofOneAddress: 8, together: 10 };
    const app = await buildApi({ ...api, sessions, metrics: createMetrics(), mostConnections: most });
    const to = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
    const from = (localAddress: string) => {
      const socket = connect({ port: to, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      opened.push(socket);
      return socket;
    };
    const held = ['127.0.0.2', '127.0.0.3'].flatMap((one) => Array.from({ length: 8 }, () => from(one)));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const answers: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const socket = from(`127.0.0.${10 + n}`);
      socket.write(`${GET}connection: close\r\n\r\n`);
      answers.push((await answerOf(socket)).slice(0, 13));
    }
    expect(answers).toEqual(Array(12).fill('HTTP/1.1 200 '));
    await app.close();
  });

  test('one address has its share of the connections, a proxy those of all its clients', async () => {
    const store = api.db.access;
    const build = (proxies: readonly string[]) =>
      buildApi({
        ...{ ...api, sessions: openSessions({ secret: 's'.repeat(32), store }), metrics: createMetrics(), proxies },
        mostConnections: { ofOneAddress: 3 },
      });
    const [alone, proxied] = await Promise.all([build([]), build(['127.0.0.1'])]);
    const held = async (app: typeof alone) => {
      const to = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
      const sockets = Array.from({ length: 5 }, () => open(to));
      const isOver = new Set<Socket>();
      for (const socket of sockets) socket.once('close', () => isOver.add(socket));
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      return { sockets, isOver, to };
    };
    const { sockets, isOver, to } = await held(alone);
    await until(() => isOver.size === 2, { what: 'two of five to be ended', withinMs: 10_000 });
    sockets.find((socket) => !isOver.has(socket))?.destroy();
    await until(
      async () => {
        const next = open(to);
        next.write(`${GET}connection: close\r\n\r\n`);
        return (await answerOf(next)).startsWith('HTTP/1.1 200 ');
      },
      { what: 'room for another', withinMs: 10_000 },
    );
    const behind = await held(proxied);
    for (const socket of behind.sockets) socket.write(`${GET}connection: close\r\n\r\n`);
    const answers = await Promise.all(behind.sockets.map(answerOf));
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200 '))).toHaveLength(5);
    await Promise.all([alone.close(), proxied.close()]);
  });
});
