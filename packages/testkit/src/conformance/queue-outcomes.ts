/** What becomes of a job, by how its handler ended. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '@lazada-sof/orders';
import { type JobContext, registerQueueMetrics } from '@lazada-sof/queue';
import { createMetrics } from '@lazada-sof/runtime';
import type { QueueKind } from '../servers/test-queue.ts';
import { openQueueRig, type QueueRig, sync } from './queue-rig.ts';

export function outcomeConformance(kind: QueueKind): void {
  describe('a job', () => {
    let rig: QueueRig;
    beforeEach(async () => {
      rig = await openQueueRig(kind);
    });
    afterEach(() => rig.close());

    test('that is done says so in one line and in the metrics', async () => {
      const metrics = createMetrics();
      await rig.work(async () => 'done', { metrics });
      await rig.producer.add([sync('5')]);
      const job = await rig.jobIn('completed');
      expect(job.returnvalue).toBe('done');
      expect(rig.lines).toMatchObject([
        { level: 'info', job: 'sync-status', key: 'sync-status-5', attempt: 1, outcome: 'done' },
      ]);
      const exposed = await metrics.metrics();
      expect(exposed).toContain('sof_jobs_total{queue="status-sync",outcome="done",error_code=""} 1');
      expect(exposed).toContain('sof_job_seconds_count{queue="status-sync"} 1');
    });

    test('to which nothing was owed any more returns superseded', async () => {
      await rig.work(async () => 'superseded');
      await rig.producer.add([sync('5')]);
      expect((await rig.jobIn('completed')).returnvalue).toBe('superseded');
      expect(rig.lines).toMatchObject([{ level: 'info', outcome: 'superseded' }]);
    });

    test('that answers something returns it', async () => {
      await rig.work(async () => ({ outcome: 'done', answer: { ok: true } }));
      await rig.producer.add([sync('5')]);
      expect((await rig.jobIn('completed')).returnvalue).toEqual({ ok: true });
    });

    test('that failed is repeated after the delay that the failure brings', async () => {
      const cause = new Failure('transient', 'shop/5: Lazada answered 503', { code: 'http_503' });
      const seen: JobContext[] = [];
      const metrics = createMetrics();
      await rig.work(
        async (_data, context) => {
          seen.push(context);
          if (seen.length === 1) return { outcome: 'retried', reason: cause.message, cause, delayMs: 54_321 };
          return 'done';
        },
        { metrics },
      );
      await rig.producer.add([sync('5')]);
      const job = await rig.jobIn('delayed');
      expect(job.delay).toBe(54_321);
      expect(job.failedReason).toBe('shop/5: Lazada answered 503');
      await job.promote();
      await rig.jobIn('completed');
      expect(seen).toMatchObject([
        { attemptsMade: 0, force: false },
        { attemptsMade: 1, force: false },
      ]);
      expect(rig.lines[0]).toMatchObject({ level: 'warn', outcome: 'retried', errorCode: 'http_503', delayMs: 54_321 });
      expect(await metrics.metrics()).toContain('outcome="retried",error_code="http_503"} 1');
    });

    test('that looks again later uses up no attempt, however often it does', async () => {
      const attempts: number[] = [];
      await rig.work(async (_data, { attemptsMade }) => {
        attempts.push(attemptsMade);
        if (attempts.length < 20) return { outcome: 'snoozed', reason: 'shop/5: no tracking number yet', delayMs: 1 };
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await rig.jobIn('completed');
      expect(attempts).toEqual(Array(20).fill(0));
      expect(rig.lines[0]).toMatchObject({ level: 'info', outcome: 'snoozed' });
    });

    test('that was given up is tried by force when a person retries it, and goes through once its cause is gone', async () => {
      const forces: boolean[] = [];
      await rig.work(async (_data, { force }) => {
        forces.push(force);
        if (forces.length === 1) return { outcome: 'failed', reason: 'shop/5: refused' };
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      const job = await rig.jobIn('failed');
      expect(job.failedReason).toBe('shop/5: refused');
      expect(job.attemptsMade).toBe(1);
      expect(rig.lines).toMatchObject([{ level: 'error', outcome: 'failed', reason: 'shop/5: refused' }]);
      await job.retry('failed');
      await rig.jobIn('completed');
      expect(forces).toEqual([false, true]);
    });

    test('whose tries are spent fails for good, and a retry of it runs by force', async () => {
      const forces: boolean[] = [];
      await rig.work(async (_data, { force }) => {
        forces.push(force);
        if (forces.length <= 9) return { outcome: 'retried', reason: 'shop/5: Lazada answered 503', delayMs: 0 };
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      const job = await rig.jobIn('failed');
      expect(forces).toEqual(Array(9).fill(false));
      await job.retry('failed');
      await rig.jobIn('completed');
      expect(forces.at(-1)).toBe(true);
    });

    test('on which our own code breaks is repeated and counted, not lost', async () => {
      let runs = 0;
      await rig.work(async () => {
        runs += 1;
        if (runs === 1) throw new TypeError('x is not a function');
        return 'done';
      });
      await rig.producer.add([sync('5')]);
      await rig.jobIn('completed');
      expect(rig.lines[0]).toMatchObject({
        level: 'warn',
        outcome: 'retried',
        errorCode: 'unexpected',
        reason: 'sync-status-5: x is not a function',
      });
    });

    test('that cannot be read fails at once and names every mistake', async () => {
      let runs = 0;
      await rig.work(async () => {
        runs += 1;
        return 'done';
      });
      await rig.queue.add('sync-status', { v: 2, orderId: 'no-number' }, { attempts: 9 });
      const job = await rig.jobIn('failed');
      expect(job.failedReason).toMatch(/^sync-status cannot be read: .*v: .*orderId: an id is decimal text/);
      expect({ runs, attempts: job.attemptsMade }).toEqual({ runs: 0, attempts: 1 });
    });

    test('of a name that its queue does not know fails at once and names those it knows', async () => {
      await rig.work(async () => 'done');
      await rig.queue.add('sync-everything', {});
      expect((await rig.jobIn('failed')).failedReason).toBe(
        'sync-everything cannot be read: name is "sync-everything": in status-sync it is one of sync-status, check-account, seal-account',
      );
    });

    test('that waits is counted, and so is the time for which it has waited', async () => {
      const metrics = createMetrics();
      registerQueueMetrics({ registry: metrics, producer: rig.producer, log: rig.log });
      await rig.queue.add('sync-status', { v: 1, orderId: '5' }, { timestamp: Date.now() - 60_000 });
      const exposed = await metrics.metrics();
      expect(exposed).toContain('sof_queue_jobs{queue="status-sync",state="waiting"} 1');
      const age = /sof_oldest_waiting_seconds\{queue="status-sync"\} (\S+)/.exec(exposed)?.[1];
      expect(Math.round(Number(age) / 10)).toBe(6);
    });
  });
}
