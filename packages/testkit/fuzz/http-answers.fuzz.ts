/**
 * Answers as bytes on a line, however little of HTTP they are: an answer, or an error of the client. Each has a connection of its
 * own: 1,000 in `npm test`, 10,000 by `npm run fuzz`.
 */
import { createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { openConnections } from '../../clients/src/http/connections.ts';
import { ClientError } from '../../clients/src/index.ts';
import { listenOnLoopback } from '../src/file-servers/listening.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutated } from './mutated.ts';

const LARGEST = 100_000;
const head = (...lines: string[]) => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
const PACKED = gzipSync('{"code":"0"}');
const BOMB = gzipSync(Buffer.alloc(50_000_000));
const packed = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(head('content-encoding: gzip', `content-length: ${bytes.length}`)), bytes]);

const SAMPLES = [
  Buffer.from(`${head('content-type: application/json', 'content-length: 12')}{"code":"0"}`),
  Buffer.from(`${head('transfer-encoding: chunked')}c\r\n{"code":"0"}\r\n0\r\n\r\n`),
  packed(PACKED),
  Buffer.from('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n'),
];
const PIECES = [
  ...[
    '\r\n',
    '\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 999 \r\n',
    'HTTP/0.9',
    'content-length: -1',
    'content-length: 5',
  ],
  ...[
    'transfer-encoding: chunked',
    'FFFFFFFFFFFFFFFF\r\n',
    'content-encoding: br',
    'content-encoding: zstd',
    'content-encoding: x',
    ': ',
  ],
  ...[
    'location: //',
    'set-cookie: a',
    'retry-after: -1',
    'date: x',
    'upgrade: h2c',
    'connection: close',
    'trailer: x',
    '\u0001',
  ],
];

let toSay: Uint8Array = Buffer.alloc(0);
const server: Server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => socket.end(toSay));
});
const { port } = await listenOnLoopback(server);
const connections = openConnections({ connectMs: 20_000, headersMs: 20_000, idleMs: 4_000 });

export default defineFuzz<Uint8Array>({
  known: [
    ...[...SAMPLES, packed(BOMB), Buffer.alloc(0), Buffer.from('\0'.repeat(10_000))],
    ...[
      'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000),
      `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`,
      `HTTP/1.1 200 OK\r\na: ${'b'.repeat(200_000)}`,
      `${head('content-length: 5', 'content-length: 6')}hello!`,
      `${head('content-length: 5', 'transfer-encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`,
      `${head('transfer-encoding: chunked')}FFFFFFFFFFFFFFFFF\r\nx`,
      `${head('transfer-encoding: chunked')}${'1\r\nx\r\n'.repeat(200_000)}`,
      `${head('content-encoding: gzip, gzip, gzip, br')}x`,
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nx',
      'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello',
      `${head('location: http://[', 'set-cookie: \u00ff')}`,
    ].map((text) => Buffer.from(text, 'latin1')),
  ],
  inputs: mutated(SAMPLES, PIECES),
  runs: { test: 1_000, fuzz: 10_000 },
  async holds(bytes) {
    toSay = bytes;
    const request = { method: 'POST', url: new URL(`http://127.0.0.1:${port}/x`), headers: {}, body: '{}' } as const;
    const answer = await connections
      .send({ ...request, wholeMs: 30_000, largestAnswer: LARGEST })
      .catch((error: unknown) => {
        if (error instanceof ClientError) return null;
        throw error;
      });
    if (answer)
      promised(answer.body.length <= LARGEST && Number.isInteger(answer.status), 'a status and a body of that size');
  },
  close: async () => {
    connections.close();
    server.close();
  },
});
