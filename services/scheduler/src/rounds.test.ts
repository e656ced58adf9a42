import { expect, test } from '@jest/globals';
import { createLogger } from '@lazada-sof/runtime';
import type { RoundResult } from './round.ts';
import { runRounds } from './rounds.ts';

const log = createLogger({ service: 'scheduler', level: 'error', format: 'json' });
const SWEEP = 30_000;

/** Runs rounds that end as told, and answers how long the scheduler slept after each. */
async function sleepsAfter(results: readonly (RoundResult | Error)[], { nextDueInMs = null as number | null } = {}) {
  const closing = new AbortController();
  const slept: number[] = [];
  let index = 0;
  await runRounds(
    {
      round: async () => {
        const result = results[index++];
        if (!result || result instanceof Error) throw result;
        return result;
      },
      nextDueInMs: async () => nextDueInMs,
      waker: {
        wake: () => undefined,
        sleep: async (ms) => {
          slept.push(ms);
          if (index === results.length) closing.abort();
        },
      },
      sweepIntervalMs: SWEEP,
      log,
    },
    closing.signal,
  );
  return slept;
}
const found: RoundResult = { claimed: 3 };
const nothing: RoundResult = { claimed: 0 };

test('while rounds find something the next follows at once', async () => {
  expect(await sleepsAfter([found, found, nothing])).toEqual([0, 0, SWEEP]);
});

test('with nothing found it sleeps until the next order is due', async () => {
  expect(await sleepsAfter([nothing], { nextDueInMs: 4_000 })).toEqual([4_000]);
});

test('orders that are due one after the other are waited for together', async () => {
  expect(await sleepsAfter([nothing], { nextDueInMs: 3 })).toEqual([100]);
});

test('but never longer than the sweep', async () => {
  expect(await sleepsAfter([nothing], { nextDueInMs: 9_000_000 })).toEqual([SWEEP]);
});

test('an order that is due and cannot be had, since the host holds its row, is looked for a second later', async () => {
  expect(await sleepsAfter([nothing], { nextDueInMs: -1_000 })).toEqual([1_000]);
});

test('one that became due just after the round is not left for a second', async () => {
  expect(await sleepsAfter([nothing], { nextDueInMs: -3 })).toEqual([100]);
});

test('a round that fails is tried again after a second', async () => {
  expect(await sleepsAfter([new Error('the queue is away'), nothing])).toEqual([1_000, SWEEP]);
});
