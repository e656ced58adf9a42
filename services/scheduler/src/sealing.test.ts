import { expect, test } from '@jest/globals';
import type { AccountToSeal } from '@lazada-sof/db';
import { sealAccounts } from './sealing.ts';
import { createWaker } from './waker.ts';

/** One look for each of these; answers what was asked for at each, and how long it slept after it. */
async function look(...looks: (() => Promise<AccountToSeal[]>)[]) {
  const [jobs, sleeps, warnings]: [string[][], number[], string[]] = [[], [], []];
  const closing = new AbortController();
  const left = [...looks];
  let now: string[] = [];
  const sleep = async (ms: number) => {
    sleeps.push(ms);
    jobs.push(now);
    now = [];
    if (left.length === 0) closing.abort();
  };
  await sealAccounts(
    {
      toSeal: async () => (await left.shift()?.()) ?? [],
      enqueue: async (asked) => {
        now = asked.map(({ name, data }) => `${name} ${'accountId' in data && data.accountId}`);
      },
      waker: { ...createWaker(), sleep },
      log: { warn: (message) => warnings.push(message) },
    },
    closing.signal,
  );
  return { jobs, sleeps, warnings };
}
const shop = (accountId: string, version = '100') => ({ accountId, version });

test('an account with a plain secret is asked for once, and again when its row was written', async () => {
  const { jobs } = await look(
    async () => [shop('7')],
    async () => [shop('7'), shop('8')],
    async () => [shop('7', '101')],
    async () => [],
  );
  expect(jobs).toEqual([['seal-account 7'], ['seal-account 8'], ['seal-account 7'], []]);
});

test('a whole table that was written is asked for bit by bit, within a minute', async () => {
  const table = Array.from({ length: 5_000 }, (_, n) => shop(String(n)));
  const { jobs, sleeps } = await look(...Array.from({ length: 26 }, () => async () => table));
  expect(new Set(jobs.flat()).size).toBe(5_000);
  expect(Math.max(...jobs.map(({ length }) => length))).toBe(200);
  expect(sleeps.slice(0, -1).reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_000);
});

test('a database that is away is told, and looked at again well within the minute', async () => {
  const { jobs, sleeps, warnings } = await look(
    async () => Promise.reject(new Error('away')),
    async () => [shop('7')],
  );
  expect([jobs, warnings.length]).toEqual([[[], ['seal-account 7']], 1]);
  expect(Math.max(...sleeps)).toBeLessThanOrEqual(30_000);
});
