import { expect, test } from '@jest/globals';
import { invalidIn } from './problem.ts';

test('thousands of mistakes in one request are told of by the first, in an answer of some size', () => {
  const all = Array.from({ length: 100_000 }, (_, n) => ({
    field: `${n}${'x'.repeat(1_000)}`,
    detail: 'no such field',
  }));
  const problem = invalidIn(all);
  expect(problem.errors).toHaveLength(50);
  expect(problem.message).toMatch(/; and 99950 more$/);
  expect(problem.message.length).toBeLessThan(20_000);
});
