import { beforeEach, expect, test } from '@jest/globals';
import { type Fairly, fairly } from './fairly.ts';

/** Works that end when they are told to. */
let begun: string[];
let ends: Record<string, () => void>;
let two: Fairly;
beforeEach(() => {
  begun = [];
  ends = {};
  two = fairly(2);
});
const ask = (asker: string | undefined, name: string, among: Fairly = two) =>
  among(asker, () => {
    begun.push(name);
    return new Promise<string>((resolve) => {
      ends[name] = () => resolve(name);
    });
  });
const settled = () => new Promise(setImmediate);

test('of two places one asker has one', async () => {
  void ask('slow', 'slow 1');
  void ask('slow', 'slow 2');
  void ask('other', 'other 1');
  await settled();
  expect(begun).toEqual(['slow 1', 'other 1']);
});

test('an asker has its next one when it has done with the first', async () => {
  const first = ask('slow', 'slow 1');
  void ask('slow', 'slow 2');
  await settled();
  ends['slow 1']?.();
  expect(await first).toBe('slow 1');
  await settled();
  expect(begun).toEqual(['slow 1', 'slow 2']);
});

test('of one place the others’ next comes before an asker’s second', async () => {
  const one = fairly(1);
  for (const name of ['slow 1', 'slow 2', 'slow 3']) void ask('slow', name, one);
  void ask('other', 'other 1', one);
  await settled();
  ends['slow 1']?.();
  await settled();
  expect(begun).toEqual(['slow 1', 'other 1']);
});

test('who has no name has any place, and all places are taken', async () => {
  for (const name of ['1', '2', '3']) void ask(undefined, name);
  await settled();
  expect(begun).toEqual(['1', '2']);
});

test('what fails leaves its place', async () => {
  await expect(two('slow', () => Promise.reject(new Error('spoilt')))).rejects.toThrow('spoilt');
  void ask('slow', 'slow 2');
  await settled();
  expect(begun).toEqual(['slow 2']);
});
