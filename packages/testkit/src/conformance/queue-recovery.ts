/** What becomes of jobs whose process dies or ends. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import type { QueueKind } from '../servers/test-queue.ts';
import { killQueueProcesses, startQueueProcess } from './queue-process.ts';
import { heldHandler, openQueueRig, type QueueRig, sync } from './queue-rig.ts';

/** Shorter than in a running system, so that the tests need not wait. */
const timing = { lock: 600, stalledEvery: 300 };

export function recoveryConformance(kind: QueueKind): void {
  describe('a process', () => {
    let rig: QueueRig;
    beforeEach(async () => {
      rig = await openQueueRig(kind);
    });
    afterEach(async () => {
      await killQueueProcesses();
      await rig.close();
    });

    test('that is killed loses none of the jobs that it held: another runs them', async () => {
      const orders = ['1', '2', '3', '4', '5', '6', '7', '8'];
      const other = startQueueProcess({ does: 'hold', server: rig.server, timing });
      await rig.producer.add(orders.map(sync));
      await other.untilPrinted(orders.length);
      await other.kill();
      const ran: string[] = [];
      await rig.work(
        async ({ orderId }) => {
          ran.push(orderId);
          return 'done';
        },
        { timing },
      );
      await rig.counted('completed', orders.length);
      expect(ran.sort()).toEqual(orders);
    });

    test('that dies by a job three times in a row loses it for good, visibly, and a retry of it runs by force', async () => {
      await rig.producer.add([sync('666')]);
      for (let death = 1; death <= 3; death += 1) {
        await startQueueProcess({ does: 'die', server: rig.server, timing }).ended;
      }
      const forces: boolean[] = [];
      await rig.work(
        async (_data, { force }) => {
          forces.push(force);
          return 'done';
        },
        { timing },
      );
      const job = await rig.jobIn('failed');
      expect(job.failedReason).toBe('job stalled more than allowable limit');
      // Whoever finds it stalled moves it first, and is told of it after.
      await until(() => rig.lines.length > 0, { what: 'the log tells of it', withinMs: 30_000 });
      expect(rig.lines.at(-1)).toMatchObject({ level: 'error', outcome: 'failed', errorCode: 'stalled' });
      await rig.markedForced(job);
      await job.retry('failed');
      await rig.counted('completed', 1);
      expect(forces).toEqual([true]);
    }, 120_000);

    test('that closes finishes what it holds and takes nothing up any more', async () => {
      const { entered, release, hold } = heldHandler();
      const worker = await rig.work(
        async () => {
          await hold();
          return 'done';
        },
        { concurrency: 1 },
      );
      await rig.producer.add([sync('1'), sync('2')]);
      await entered;
      const closed = worker.close();
      expect(worker.running()).toBe(false);
      release();
      await closed;
      expect(await rig.producer.counts('status-sync')).toMatchObject({ completed: 1, active: 0, waiting: 1 });
    });

    test('that closes and may wait no longer hands back what it holds, and no attempt is used up', async () => {
      const { entered, hold } = heldHandler();
      const worker = await rig.work(
        async (_data, { signal }) => {
          const gaveUp = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
          await Promise.race([hold(), gaveUp]);
          return 'done';
        },
        { timing: { finish: 100 } },
      );
      await rig.producer.add([sync('1')]);
      await entered;
      await worker.close();
      const attempts: number[] = [];
      await rig.work(async (_data, { attemptsMade }) => {
        attempts.push(attemptsMade);
        return 'done';
      });
      await rig.counted('completed', 1);
      expect(attempts).toEqual([0]);
    });
  });
}
