/** "One job per order runs and one waits", and no wake-up is ever lost. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import type { JobResult } from '@lazada-sof/queue';
import type { QueueKind } from '../servers/test-queue.ts';
import { heldHandler, openQueueRig, type QueueRig, sync } from './queue-rig.ts';

export function dedupConformance(kind: QueueKind): void {
  describe('adding a job of an order', () => {
    let rig: QueueRig;
    beforeEach(async () => {
      rig = await openQueueRig(kind);
    });
    afterEach(() => rig.close());

    const runsOf = async (handler: (run: number) => Promise<JobResult>) => {
      const runs = { count: 0 };
      await rig.work(async () => {
        runs.count += 1;
        return handler(runs.count);
      });
      return runs;
    };

    test('twice in one breath makes one job', async () => {
      await rig.producer.add([sync('5'), sync('5'), sync('6')]);
      expect(await rig.producer.waiting('status-sync')).toBe(2);
    });

    test('whose job waits makes no second one', async () => {
      await rig.producer.add([sync('5')]);
      await rig.producer.add([sync('5')]);
      expect(await rig.producer.waiting('status-sync')).toBe(1);
    });

    test('is not held up by an account of the same number', async () => {
      await rig.producer.add([sync('5'), { name: 'check-account', data: { v: 1, accountId: '5' } }]);
      expect(await rig.producer.waiting('status-sync')).toBe(2);
    });

    test('by force is not held up by the job that waits', async () => {
      await rig.producer.add([sync('5'), { name: 'sync-status', data: { v: 1, orderId: '5', force: true } }]);
      expect(await rig.producer.waiting('status-sync')).toBe(2);
    });

    test('whose job runs is kept, and run once more however often it was added', async () => {
      const { entered, release, hold } = heldHandler();
      const runs = await runsOf(async (run): Promise<JobResult> => {
        if (run === 1) await hold();
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await entered;
      await rig.producer.add([sync('5')]);
      await rig.producer.add([sync('5')]);
      release();
      await rig.counted('completed', 2);
      expect(runs.count).toBe(2);
      expect(await rig.producer.waiting('status-sync')).toBe(0);
    });

    test('whose job backs off starts that job at once', async () => {
      const runs = await runsOf(async (run): Promise<JobResult> => {
        if (run === 1) return { outcome: 'retried', reason: 'shop/5: later', delayMs: 3_600_000 };
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await rig.jobIn('delayed');
      await rig.producer.add([sync('5')]);
      await rig.counted('completed', 1);
      expect(runs.count).toBe(2);
    });

    test('whose job looks again later starts that job at once', async () => {
      const runs = await runsOf(async (run): Promise<JobResult> => {
        if (run === 1) return { outcome: 'snoozed', reason: 'shop/5: not yet', delayMs: 3_600_000 };
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await rig.jobIn('delayed');
      await rig.producer.add([sync('5')]);
      await rig.counted('completed', 1);
      expect(runs.count).toBe(2);
    });

    test('whose job has failed for good makes a new one and leaves the failed one visible', async () => {
      const runs = await runsOf(async (run): Promise<JobResult> => {
        if (run === 1) return { outcome: 'failed', reason: 'shop/5: refused' };
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await rig.jobIn('failed');
      await rig.producer.add([sync('5')]);
      await rig.counted('completed', 1);
      expect(runs.count).toBe(2);
      expect((await rig.producer.counts('status-sync')).failed).toBe(1);
    });

    test('fifty times leaves one that runs and one that waits', async () => {
      const { entered, release, hold } = heldHandler();
      let atOnce = 0;
      let most = 0;
      await rig.work(async () => {
        most = Math.max(most, ++atOnce);
        await hold();
        atOnce -= 1;
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await entered;
      await Promise.all(Array.from({ length: 50 }, () => rig.producer.add([sync('5')])));
      release();
      await until(async () => (await rig.producer.counts('status-sync')).completed >= 2, {
        what: 'both runs are over',
        withinMs: 30_000,
      });
      await rig.counted('active', 0);
      expect({ most, ...(await rig.producer.counts('status-sync')) }).toMatchObject({
        most: 1,
        completed: 2,
        waiting: 0,
      });
    });
  });
}
