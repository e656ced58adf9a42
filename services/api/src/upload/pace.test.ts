import { expect, test } from '@jest/globals';
import { paced, TooSlow } from './pace.ts';

const LIMITS = { windowMs: 20, bytesPerSecond: 1_000_000 };
const NEEDED = 20_000;

async function sum(source: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const piece of paced(source, LIMITS)) bytes += piece.length;
  return bytes;
}
const never = () => new Promise<never>(() => undefined);
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('what comes at once passes, however little it is', async () => {
  async function* small() {
    yield Buffer.alloc(3);
  }
  expect(await sum(small())).toBe(3);
});

test('a client that falls silent is too slow', async () => {
  async function* silent() {
    yield Buffer.alloc(3);
    await never();
  }
  await expect(sum(silent())).rejects.toThrow(TooSlow);
});

test('one that sends a little now and then is too slow', async () => {
  async function* dripping() {
    for (;;) {
      await later(5);
      yield Buffer.alloc(1);
    }
  }
  await expect(sum(dripping())).rejects.toThrow(TooSlow);
});

test('one that pauses after it has sent enough is not', async () => {
  async function* inSpurts() {
    for (let n = 0; n < 3; n += 1) {
      yield Buffer.alloc(NEEDED);
      await later(LIMITS.windowMs / 2);
    }
  }
  expect(await sum(inSpurts())).toBe(3 * NEEDED);
});

test('that we are slow is not the fault of the client', async () => {
  async function* quick() {
    for (let n = 0; n < 3; n += 1) yield Buffer.alloc(1);
  }
  let bytes = 0;
  for await (const piece of paced(quick(), LIMITS)) {
    bytes += piece.length;
    await later(3 * LIMITS.windowMs);
  }
  expect(bytes).toBe(3);
});

test('what the source throws is thrown', async () => {
  async function* broken() {
    yield Buffer.alloc(1);
    throw new Error('reset');
  }
  await expect(sum(broken())).rejects.toThrow('reset');
});
