import { expect, test } from '@jest/globals';
import { openSlots } from './slots.ts';

const held = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
};

test('no more than so many work at once, and the others in their order', async () => {
  const slots = openSlots(2);
  const works = [held(), held(), held(), held()];
  const begun: number[] = [];
  const all = works.map(({ work }, at) =>
    slots.take(() => {
      begun.push(at);
      return work();
    }),
  );
  expect(begun).toEqual([0, 1]);
  works[1]?.end();
  await all[1];
  await all[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const { end } of works) end();
  await Promise.all(all);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('work that fails leaves its slot to the next', async () => {
  const slots = openSlots(1);
  await expect(slots.take(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await slots.take(async () => 'done')).toBe('done');
});

test('work that was given up while it waited is not begun', async () => {
  const slots = openSlots(1);
  const first = held();
  const working = slots.take(first.work);
  const waiting = slots.take(async () => 'begun', AbortSignal.abort(new Error('given up')));
  first.end();
  await working;
  await expect(waiting).rejects.toThrow('given up');
});
