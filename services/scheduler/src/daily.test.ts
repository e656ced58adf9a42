import { expect, test } from '@jest/globals';
import type { AccountOfTheDay } from '@lazada-sof/db';
import type { DailyKey } from '@lazada-sof/orders';
import { anAccount } from '@lazada-sof/orders/fixture';
import type { JobRequest } from '@lazada-sof/queue';
import { type DailyTools, lookAtClock, runDailyJobs } from './daily.ts';
import { createWaker } from './waker.ts';

const NOON = new Date('2026-03-02T04:00:00Z');
const nameOf = ({ accountId, job, day }: DailyKey) => `${accountId} ${job} ${day}`;

/** The rows in memory; what was taken is offered again when `leaseEnds`. */
function rig(accounts: readonly AccountOfTheDay[] = [{ account: anAccount(), newest: {} }]) {
  const [rows, leased] = [new Map<string, DailyKey>(), new Set<string>()];
  const [told, jobs, warnings]: [string[], JobRequest[], string[]] = [[], [], []];
  const queue = { isAway: false };
  const tools: DailyTools = {
    rows: {
      accounts: async () => ({ accounts, now: NOON }),
      async add(keys, { isDone }) {
        const added = keys.filter((key) => !rows.has(nameOf(key)));
        for (const key of added) rows.set(nameOf(key), key);
        if (isDone) for (const key of added) leased.add(nameOf(key));
        return added;
      },
      async take() {
        const due = [...rows.values()].filter((key) => !leased.has(nameOf(key)));
        for (const key of due) leased.add(nameOf(key));
        return due;
      },
    },
    notices: {
      async index_check(_account, key) {
        if (key.accountId === '13') throw new Error('no such target');
        told.push(nameOf(key));
      },
      token_warning: async (_account, key) => void told.push(nameOf(key)),
    },
    async enqueue(asked, place) {
      expect(place).toBe('behind');
      if (queue.isAway) throw new Error('the queue is away');
      jobs.push(...asked);
    },
    waker: createWaker(),
    log: { warn: (message) => warnings.push(message) },
  };
  return {
    ...{ tools, told, jobs, warnings },
    queue,
    leaseEnds: () => leased.clear(),
  };
}

test('what is due is written, told or handed on, once', async () => {
  const { tools, told, jobs } = rig();
  await lookAtClock(tools);
  await lookAtClock(tools);
  expect(jobs).toEqual([
    { name: 'fetch-manifest', data: { v: 1, accountId: '1', date: '2026-03-01' } },
    { name: 'upload-index', data: { v: 1, accountId: '1', date: '2026-03-01' } },
  ]);
  expect(told).toEqual(['1 index_check 2026-03-01', '1 token_warning 2026-03-02']);
});

test('what could not be enqueued is offered again', async () => {
  const { tools, jobs, queue, leaseEnds } = rig();
  queue.isAway = true;
  await expect(lookAtClock(tools)).rejects.toThrow('away');
  queue.isAway = false;
  await lookAtClock(tools);
  expect(jobs).toEqual([]);
  leaseEnds();
  await lookAtClock(tools);
  expect(jobs.map(({ name }) => name)).toEqual(expect.arrayContaining(['fetch-manifest', 'upload-index']));
});

test('a queue that is away is told, and the clock is looked at again in a minute', async () => {
  const { tools, warnings, queue } = rig();
  queue.isAway = true;
  const closing = new AbortController();
  const sleep = async (ms: number) => {
    expect(ms).toBe(60_000);
    closing.abort();
  };
  await runDailyJobs({ ...tools, waker: { ...tools.waker, sleep } }, closing.signal);
  expect(warnings).toEqual(['the daily jobs could not be looked at, they are looked at again']);
});

test('a notice that fails hinders no other one, and no job', async () => {
  const accounts = ['13', '14'].map((accountId) => ({ account: anAccount({ accountId }), newest: {} }));
  const { tools, told, jobs, warnings } = rig(accounts);
  await lookAtClock(tools);
  expect(told).toEqual(['13 token_warning 2026-03-02', '14 index_check 2026-03-01', '14 token_warning 2026-03-02']);
  expect(jobs).toHaveLength(4);
  expect(warnings).toEqual(['a notice of the day could not be told']);
});

test('an account of another zone has days of its own', async () => {
  const account = anAccount({ timezone: 'America/Santiago' });
  const { tools, jobs, told } = rig([{ account, newest: {} }]);
  await lookAtClock(tools);
  expect(jobs).toMatchObject([{ data: { date: '2026-03-01' } }, { data: { date: '2026-03-01' } }]);
  // 01:00 there: the checks of the morning are those of the day before.
  expect(told).toEqual(['1 index_check 2026-02-28', '1 token_warning 2026-03-01']);
});
