import { expect, test } from '@jest/globals';
import { abortable, whenAllAborted } from './abort.ts';

test('one caller without a signal waits for ever', () => {
  expect(whenAllAborted([AbortSignal.abort(), undefined])).toBeUndefined();
});

test('all aborted already', () => {
  expect(whenAllAborted([AbortSignal.abort(), AbortSignal.abort()])?.aborted).toBe(true);
});

test('the same signal of several callers counts for all of them', () => {
  const shared = new AbortController();
  const all = whenAllAborted([shared.signal, shared.signal]);
  expect(all?.aborted).toBe(false);
  shared.abort(new Error('shut down'));
  expect(all?.reason).toEqual(new Error('shut down'));
});

test('an abort answers at once, whatever is under way', async () => {
  const abort = new AbortController();
  const never = abortable(new Promise(() => undefined), abort.signal);
  abort.abort(new Error('shut down'));
  await expect(never).rejects.toThrow('shut down');
});

test('without an abort the outcome comes through', async () => {
  expect(await abortable(Promise.resolve(1), new AbortController().signal)).toBe(1);
  await expect(abortable(Promise.reject(new Error('x')), undefined)).rejects.toThrow('x');
});
