/** Jobs that were not added by our producer: other systems write them, in other languages, and say less or more. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import type { JobContext } from '@lazada-sof/queue';
import type { JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { QueueKind } from '../servers/test-queue.ts';
import { openQueueRig, type QueueRig } from './queue-rig.ts';

const DATA = { v: 1, orderId: '5' };

const NULLS = { attempts: null, backoff: null, delay: null, removeOnComplete: null, removeOnFail: null };

async function withRedis(url: string, change: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url);
  await change(redis).finally(() => redis.disconnect());
}

export function strangersConformance(kind: QueueKind): void {
  describe("a stranger's job", () => {
    let rig: QueueRig;
    beforeEach(async () => {
      rig = await openQueueRig(kind);
    });
    afterEach(() => rig.close());

    test.each<{ says: string; opts: JobsOptions }>([
      { says: 'without any option', opts: {} },
      { says: 'with an id of its own', opts: { jobId: 'Lieferung 17/ü — 4711' } },
      { says: 'with an id as long as a page', opts: { jobId: `x${'y'.repeat(2_000)}` } },
      { says: 'with a priority', opts: { priority: 7 } },
      { says: 'with a delay', opts: { delay: 50 } },
      { says: 'put in front', opts: { lifo: true } },
      { says: 'with no attempts', opts: { attempts: 0 } },
      { says: 'with attempts of its own', opts: { attempts: 3, backoff: { type: 'exponential', delay: 1 } } },
      { says: 'with a time of the last century', opts: { timestamp: 1 } },
    ])('$says runs to its end', async ({ opts }) => {
      await rig.work(async () => 'done');
      await rig.queue.add('sync-status', DATA, opts);
      expect((await rig.jobIn('completed')).returnvalue).toBe('done');
    });

    if (kind === 'redis')
      test.each([
        { ends: 'completed', result: 'done' },
        { ends: 'failed', result: { outcome: 'failed', reason: 'shop/5: refused' } },
      ] as const)('with nulls, as languages write what they leave out, is $ends', async ({ ends, result }) => {
        const { id } = await rig.queue.add('sync-status', DATA);
        await withRedis(rig.server.url, (redis) => redis.hset(rig.queue.toKey(`${id}`), 'opts', JSON.stringify(NULLS)));
        await rig.work(async () => result);
        expect((await rig.jobIn(ends)).opts).toMatchObject({
          attempts: null,
          removeOnComplete: null,
          removeOnFail: null,
        });
      });

    test('that says nothing of it is not kept for ever once it is over, well or not', async () => {
      const kept = { removeOnComplete: { count: 2 }, removeOnFail: { count: 3 } };
      let runs = 0;
      await rig.work(
        async () => {
          runs += 1;
          return runs % 2 === 0 ? 'done' : { outcome: 'failed', reason: 'shop/5: refused' };
        },
        { kept, concurrency: 1 },
      );
      for (let job = 0; job < 10; job += 1) await rig.queue.add('sync-status', DATA);
      await until(() => runs === 10, { what: 'all have run', withinMs: 30_000 });
      await rig.counted('completed', 2);
      await rig.counted('failed', 3);
    });

    test('that says what is kept is heard', async () => {
      const kept = { removeOnComplete: { count: 1 }, removeOnFail: { count: 1 } };
      await rig.work(async () => 'done', { kept });
      await rig.queue.addBulk(
        Array.from({ length: 4 }, () => ({ name: 'sync-status', data: DATA, opts: { removeOnComplete: false } })),
      );
      await rig.counted('completed', 4);
    });

    test('is the same one at each of its runs, also after it failed for good and was retried', async () => {
      const seen: JobContext['job'][] = [];
      await rig.work(async (_data, { job }) => {
        seen.push(job);
        if (seen.length === 1) return { outcome: 'snoozed', reason: 'shop/5: not yet', delayMs: 1 };
        return seen.length === 2 ? { outcome: 'failed', reason: 'shop/5: refused' } : 'done';
      });
      const before = Date.now();
      const { id } = await rig.queue.add('sync-status', DATA);
      await (await rig.jobIn('failed')).retry('failed');
      await rig.jobIn('completed');
      expect(seen).toEqual(Array(3).fill(seen[0]));
      expect(seen[0]?.id).toBe(id);
      expect(seen[0]?.addedAt.getTime()).toBeGreaterThanOrEqual(before);
      expect(seen[0]?.addedAt.getTime()).toBeLessThanOrEqual(Date.now());
    });
  });
}
