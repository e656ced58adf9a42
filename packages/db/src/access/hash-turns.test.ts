import { expect, test } from '@jest/globals';
import { openHashTurns } from './hash-turns.ts';

/** Work that goes on until it is told to end, and what of it has begun. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('only so many at once, the others in their order', async () => {
  const { begun, work, end } = works();
  const turns = openHashTurns({ atOnce: 2 });
  const all = ['a', 'b', 'c'].map((name) => turns.take(name, work(name)));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c']) end(name);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

test('nobody waits behind all the tries of one address', async () => {
  const { begun, work, end } = works();
  const turns = openHashTurns({ atOnce: 2 });
  const flood = ['f1', 'f2', 'f3', 'f4'].map((name) => turns.take('flood', work(name)));
  const one = turns.take('another', work('one'));
  await settled();
  expect(begun).toEqual(['f1', 'one']);
  for (const name of ['one', 'f1', 'f2', 'f3', 'f4']) {
    end(name);
    await settled();
  }
  expect(await Promise.all([...flood, one])).toHaveLength(5);
});

test('there are so many places in line, and one that is left is free again', () => {
  const turns = openHashTurns({ mostInLine: 2 });
  const leave = [turns.enter(), turns.enter()];
  expect(leave).toEqual([expect.any(Function), expect.any(Function)]);
  expect(turns.enter()).toBeNull();
  leave[0]?.();
  expect(turns.enter()).not.toBeNull();
  expect(turns.enter()).toBeNull();
});

test('one that fails gives its turn on', async () => {
  const turns = openHashTurns({ atOnce: 1 });
  const failed = turns.take('a', () => Promise.reject(new Error('no')));
  const next = turns.take('a', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
