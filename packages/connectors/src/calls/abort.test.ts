import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { abortable, whileAnyWaits } from './abort.ts';

/** The signal that a call for these callers gets, kept until the test lets the call end. */
function callFor(signals: readonly (AbortSignal | undefined)[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let given: AbortSignal | undefined;
  const call = whileAnyWaits(signals, (signal) => {
    given = signal;
    return promise;
  });
  const end = () => {
    resolve();
    return call;
  };
  return { signal: () => given, end };
}

test('a call for somebody who never stops waiting is never aborted', async () => {
  const { signal, end } = callFor([AbortSignal.abort(), undefined]);
  expect(signal()).toBeUndefined();
  await end();
});

test('a call for nobody is aborted from the start', async () => {
  const { signal, end } = callFor([AbortSignal.abort(), AbortSignal.abort()]);
  expect(signal()?.aborted).toBe(true);
  await end();
});

test('the same signal of several callers counts for all of them', async () => {
  const shared = new AbortController();
  const { signal, end } = callFor([shared.signal, shared.signal]);
  expect(signal()?.aborted).toBe(false);
  shared.abort(new Error('shut down'));
  expect(signal()?.reason).toEqual(new Error('shut down'));
  await end();
});

test('after the call nothing of it is left on its callers', async () => {
  const caller = new AbortController();
  const { signal, end } = callFor([caller.signal]);
  await end();
  caller.abort();
  expect(signal()?.aborted).toBe(false);
  expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
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
