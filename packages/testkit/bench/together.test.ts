import { expect, test } from '@jest/globals';
import { gather } from './together.ts';

test('those who come wait until they are enough', async () => {
  const come = gather(3, { quietMs: 60_000 });
  let gone = 0;
  const all = [1, 2].map(() => come().then(() => (gone += 1)));
  await Promise.resolve();
  expect(gone).toBe(0);
  await Promise.all([...all, come()]);
  expect(gone).toBe(2);
});

test('too few go once nobody comes any more', async () => {
  const come = gather(3, { quietMs: 1 });
  await Promise.all([come(), come()]);
});
