/** Sockets that do nothing, of addresses that no machine has. */
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { expect, test } from '@jest/globals';
import { limitConnections } from './connections.ts';

const PROXY = '10.0.0.1';

class Line extends EventEmitter {
  isOver = false;
  readonly remoteAddress: string;
  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }
  destroy() {
    if (this.isOver) return;
    this.isOver = true;
    this.emit('close');
  }
}

function serverOf({ together = 20, ofOneAddress = 8 } = {}) {
  const server = new EventEmitter();
  limitConnections(server as Server, { isProxy: (address) => address === PROXY, together, ofOneAddress });
  const open = (address: string) => {
    const line = new Line(address);
    server.emit('connection', line);
    return line;
  };
  const many = (times: number, address: (n: number) => string) =>
    Array.from({ length: times }, (_, n) => open(address(n)));
  /** Until it is answered. */
  const ask = (line: Line) => {
    const response = new EventEmitter();
    server.emit('request', { socket: line }, response);
    return () => void response.emit('close');
  };
  return { server, open, many, ask };
}
const left = (lines: readonly Line[]) => lines.filter(({ isOver }) => !isOver).length;

test('one address has its share', () => {
  const { many, open } = serverOf();
  expect(left(many(12, () => '203.0.113.1'))).toBe(8);
  expect(open('203.0.113.2').isOver).toBe(false);
});

test('few addresses that hold all keep nobody out: of the one with the most the oldest idle one is closed', () => {
  const { many, open } = serverOf();
  const most = many(8, () => '203.0.113.1');
  const less = many(7, () => '203.0.113.2');
  const other = many(3, () => '203.0.113.3');
  const late = many(4, (n) => `203.0.113.${10 + n}`);
  expect([left(most), left(less), left(other), left(late)]).toEqual([5, 6, 3, 4]);
  expect([most[0]?.isOver, most[7]?.isOver]).toEqual([true, false]);
  expect(open(PROXY).isOver).toBe(false);
});

test('the networks of one line count as one where somebody has to go', () => {
  const { many } = serverOf();
  const line = many(12, (n) => `2001:db8:1:${n}::1`);
  const one = many(6, () => '203.0.113.1');
  many(4, (n) => `203.0.113.${10 + n}`);
  expect([left(line), left(one)]).toEqual([8, 6]);
});

test('one with a request under way is not closed, until it is answered', () => {
  const { many, ask, open } = serverOf();
  const most = many(8, () => '203.0.113.1');
  const answers = most.map(ask);
  const less = many(7, () => '203.0.113.2');
  many(3, () => '203.0.113.3');
  open('203.0.113.4');
  expect([left(most), left(less)]).toEqual([8, 6]);
  for (const answer of answers) answer();
  open('203.0.113.5');
  expect([left(most), left(less)]).toEqual([7, 6]);
});

test('where all are busy the last places are for the proxies', () => {
  const { many, ask, open } = serverOf();
  for (const line of many(18, (n) => `203.0.113.${n}`)) ask(line);
  expect([open('203.0.113.99').isOver, open(PROXY).isOver, open(PROXY).isOver]).toEqual([true, false, false]);
});

test('a proxy’s are never closed, however many it has', () => {
  const { many, open } = serverOf();
  const proxied = many(18, () => PROXY);
  expect([open('203.0.113.1').isOver, left(proxied)]).toEqual([true, 18]);
});

test('room that is given up is room for others', () => {
  const { many } = serverOf();
  for (let n = 0; n < 100; n += 1) for (const line of many(8, () => '203.0.113.1')) line.destroy();
  expect(left(many(16, (n) => `203.0.113.${n}`))).toBe(16);
});
