import { expect, test } from '@jest/globals';
import { createWaker } from './waker.ts';

const HOUR = 3_600_000;
const never = new AbortController().signal;

test('a call ends the sleep', async () => {
  const waker = createWaker();
  const sleep = waker.sleep(HOUR, never);
  waker.wake();
  await expect(sleep).resolves.toBeUndefined();
});

test('a call that came while nobody slept ends the next sleep at once', async () => {
  const waker = createWaker();
  waker.wake();
  await expect(waker.sleep(HOUR, never)).resolves.toBeUndefined();
});

test('one call ends one sleep', async () => {
  const waker = createWaker();
  waker.wake();
  await waker.sleep(HOUR, never);
  const ended = await Promise.race([
    waker.sleep(HOUR, AbortSignal.timeout(20)).then(() => 'slept'),
    Promise.resolve('at once'),
  ]);
  expect(ended).toBe('at once');
});

test('closing ends the sleep', async () => {
  const closing = new AbortController();
  const sleep = createWaker().sleep(HOUR, closing.signal);
  closing.abort();
  await expect(sleep).resolves.toBeUndefined();
});
