/** What of a job's end is kept in the queue, where the dashboard and the API show it. */
import { expect, test } from '@jest/globals';
import { rememberSecrets } from '@lazada-sof/redact';
import type { JobResult } from './job-result.ts';
import { type Outcome, runJob } from './run-job.ts';

const SECRET = 'canary-of-an-account';
const resultOf = async (ends: JobResult): Promise<Outcome> => {
  rememberSecrets([SECRET]);
  const job = { name: 'check-account', data: { v: 1, accountId: '7' }, attemptsMade: 0, timestamp: 0 };
  const other = async () => 'done' as const;
  const handlers = { 'check-account': async () => ends, 'seal-account': other, 'sync-status': other };
  const { signal } = new AbortController();
  return (await runJob(job, { queue: 'status-sync', handlers, attempts: 1, random: () => 0, signal })).result;
};

test('an answer holds nothing that others said of secrets or buyers, at any depth', async () => {
  const detail = `refused: {"phone":"+6591234567","echo":"${SECRET}"}`;
  const checks = [{ check: 'sof_login', ok: false, detail, fix: 'sof account set' }];
  const result = await resultOf({ outcome: 'done', answer: { ok: false, checks } });
  expect(result).toEqual({
    outcome: 'done',
    answer: {
      ok: false,
      checks: [
        {
          ...{ check: 'sof_login', ok: false, fix: 'sof account set' },
          detail: 'refused: {"phone":"[redacted]","echo":"[redacted]"}',
        },
      ],
    },
  });
});

test('a reason neither', async () => {
  const result = await resultOf({ outcome: 'failed', reason: `shop-1: it said ${SECRET}` });
  expect(result).toMatchObject({ outcome: 'failed', reason: 'shop-1: it said [redacted]' });
});

test('what says nothing of anybody stays as it is', async () => {
  const answer = { updateId: '7', order: 'shop-1/4711', sent: [{ status: 'delivered', at: null }], left: 0 };
  expect(await resultOf({ outcome: 'done', answer })).toEqual({ outcome: 'done', answer });
  expect(await resultOf('superseded')).toEqual({ outcome: 'superseded', answer: 'superseded' });
});
