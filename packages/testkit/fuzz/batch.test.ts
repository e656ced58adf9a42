/** What a batch says of a reader that is broken, in each way in which one can be. */
import { fileURLToPath } from 'node:url';
import { deserialize } from 'node:v8';
import { expect, test } from '@jest/globals';
import { type Found, type Limits, runBatch } from './batch.ts';
import { inWords } from './in-words.ts';

const SOON: Limits = { processorMs: 1_000, wallMs: 60_000 };
const RUNS = 1_000;

const fileOf = (name: string) => fileURLToPath(new URL(`./broken/${name}.fixture.ts`, import.meta.url));
const batch = (name: string, { limits = SOON, input }: { limits?: Limits; input?: string } = {}) =>
  runBatch({ file: fileOf(name), as: 'test', seed: 1, runs: RUNS, input }, limits);
const inputOf = (found: Found): unknown =>
  'input' in found ? deserialize(Buffer.from(found.input, 'base64')) : undefined;

test('one that does nothing wrong is fine', async () => {
  expect(await batch('fine')).toMatchObject({ is: 'fine', tried: RUNS + 2 });
});

test('one that hangs is ended, and its input told', async () => {
  const found = await batch('hangs');
  expect([found.is, inputOf(found)]).toEqual(['hangs', `${'a'.repeat(64)}!`]);
});

test('one that waits for ever is ended, and its input told', async () => {
  const found = await batch('waits', { limits: { processorMs: 60_000, wallMs: 2_000 } });
  expect([found.is, inputOf(found)]).toEqual(['hangs', 'never']);
});

test('one whose process dies is told of with its input and its last words', async () => {
  const found = await batch('dies');
  expect([found.is, inputOf(found)]).toEqual(['died', 'odd']);
  expect(inWords('dies', 1, found)).toContain('of a stream');
});

test('an error that nobody promised is told with the smallest input, which does the same again', async () => {
  const found = await batch('throws');
  expect([found.is, inputOf(found)]).toEqual(['broken', '!']);
  const words = inWords('throws', 1, found);
  expect(words).toMatch(/^throws, seed 1: broken after \d+ inputs by "!"\nTypeError: not foreseen/);
  const [, input = ''] = /npm run fuzz -- throws --input (\S+)$/.exec(words) ?? [];
  expect(await batch('throws', { input })).toMatchObject({ is: 'broken', tried: 1 });
});

test('one that keeps something of each input is told of', async () => {
  expect((await batch('grows')).is).toBe('grows');
});

test('one that changes what all objects have is told of', async () => {
  const found = await batch('pollutes');
  expect([found.is, inputOf(found)]).toEqual(['broken', '{"__proto__":{"admin":true}}']);
});
