import { expect, test } from '@jest/globals';
import type { BackfillRange } from '@lazada-sof/orders';
import type { JobRequest } from '@lazada-sof/queue';
import { goOnWithBackfills } from './backfills.ts';
import { createWaker } from './waker.ts';

const RANGE: BackfillRange = { accountId: '7', from: '2026-03-01', to: '2026-03-14' };

/** One look for each of these, and what it came to. */
async function look(...looks: (() => Promise<BackfillRange[]>)[]) {
  const [jobs, warnings]: [JobRequest[], string[]] = [[], []];
  const closing = new AbortController();
  const left = [...looks];
  const sleep = async (ms: number) => {
    expect(ms).toBe(60_000);
    if (left.length === 0) closing.abort();
  };
  await goOnWithBackfills(
    {
      take: async () => (await left.shift()?.()) ?? [],
      async enqueue(asked, place) {
        expect(place).toBe('behind');
        jobs.push(...asked);
      },
      waker: { ...createWaker(), sleep },
      log: { warn: (message) => warnings.push(message) },
    },
    closing.signal,
  );
  return { jobs, warnings };
}

test('a backfill that nobody goes on with is handed on, behind what orders wait for', async () => {
  const { jobs } = await look(
    async () => [RANGE],
    async () => [],
  );
  expect(jobs).toEqual([{ name: 'backfill', data: { v: 1, ...RANGE } }]);
});

test('a database that is away is told, and looked at again in a minute', async () => {
  const { jobs, warnings } = await look(
    async () => Promise.reject(new Error('away')),
    async () => [RANGE],
  );
  expect([jobs.length, warnings]).toEqual([1, ['backfills could not be looked at, they are looked at again']]);
});
