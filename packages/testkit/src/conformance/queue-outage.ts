/** What holds while the queue's server is away, and that all goes on by itself when it is back. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { openLimiter, openProducer } from '@lazada-sof/queue';
import { type Gate, openGate } from '../faults/gate.ts';
import type { QueueKind } from '../servers/test-queue.ts';
import { openQueueRig, type QueueRig, sync } from './queue-rig.ts';

export function outageConformance(kind: QueueKind): void {
  describe('while the server of the queue is away', () => {
    let gate: Gate;
    let rig: QueueRig;
    beforeEach(async () => {
      rig = await openQueueRig(kind, async (url) => {
        gate = await openGate(url);
        return gate.url;
      });
    });
    afterEach(async () => {
      gate.open();
      await rig.close();
      await gate.close();
    });

    test('adding fails, and works again when it is back', async () => {
      gate.shut();
      await expect(rig.producer.add([sync('1')])).rejects.toThrow();
      expect(await rig.producer.ping()).toBe(false);
      gate.open();
      await until(() => rig.producer.ping(), { what: 'the queue answers again', withinMs: 30_000 });
      await rig.producer.add([sync('1')]);
      expect(await rig.producer.waiting('status-sync')).toBe(1);
    });

    test('a worker waits, and runs jobs again when it is back', async () => {
      const worker = await rig.work(async () => 'done');
      await rig.producer.add([sync('1')]);
      await rig.counted('completed', 1);
      gate.shut();
      await expect(rig.producer.add([sync('2')])).rejects.toThrow();
      gate.open();
      await until(() => rig.producer.ping(), { what: 'the queue answers again', withinMs: 30_000 });
      await rig.producer.add([sync('2')]);
      await rig.counted('completed', 2);
      expect({ running: worker.running(), alive: worker.alive() }).toEqual({ running: true, alive: true });
    });

    test('a worker that holds nothing closes', async () => {
      const worker = await rig.work(async () => 'done', { timing: { goodbye: 300 } });
      gate.shut();
      await worker.close();
      expect(worker.running()).toBe(false);
    });

    test('a producer closes', async () => {
      gate.shut();
      await expect(rig.producer.close()).resolves.toBeUndefined();
    });

    test('a call is put off without using up a try, and reporting one does no harm', async () => {
      const limiter = await openLimiter({ ...rig.server, perSecond: { sofp: 10, lazada: 10 } });
      const key = { api: 'sofp', accountId: '1' } as const;
      gate.shut();
      await expect(limiter.take(key)).rejects.toMatchObject({ kind: 'rate-limited', code: 'limiter_away' });
      await limiter.report(key, 'failed');
      await limiter.pause(key, 1_000);
      gate.open();
      await until(
        () =>
          limiter.take(key).then(
            () => true,
            () => false,
          ),
        { what: 'a slot is had', withinMs: 30_000 },
      );
      await limiter.close();
    });

    test('nothing starts: the error names the server and no password', async () => {
      gate.shut();
      const { host, password, protocol } = new URL(gate.url);
      const error = await openProducer(rig.server).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({
        message: expect.stringContaining(`queue at ${protocol}//${host} cannot be reached`),
      });
      expect(password.length).toBeGreaterThan(0);
      expect(String(error)).not.toContain(password);
    });
  });
}
