/** One rate per account over all processes, and pauses that all of them keep. Then what failures lead to. */
import { describe, expect, test } from '@jest/globals';
import type { LimitKey } from '@lazada-sof/orders';
import { createHands } from '@lazada-sof/queue';
import { recordedLog } from '../recorded-log.ts';
import type { QueueKind } from '../servers/test-queue.ts';
import { limiterFailures } from './limiter-failures.ts';
import { goes, limiterRig, sofp } from './limiter-rig.ts';
import { startQueueProcess } from './queue-process.ts';

export function limiterConformance(kind: QueueKind): void {
  describe('the limiter', () => {
    const rig = limiterRig(kind);
    const { open } = rig;

    test('lets at most one more than the limit through in any second, over two processes', async () => {
      const task = {
        does: 'take',
        server: { url: rig.server.url, prefix: rig.server.prefix },
        accountId: '1',
      } as const;
      const processes = [1, 2].map(() => startQueueProcess({ ...task, perSecond: 10, slots: 12 }));
      await Promise.all(processes.map(({ ended }) => ended));
      const moments = processes.flatMap(({ printed }) => printed.map(Number)).sort((a, b) => a - b);
      expect(moments).toHaveLength(24);
      const inASecond = moments.map((from) => moments.filter((at) => at >= from && at < from + 1_000).length);
      expect(Math.max(...inASecond)).toBeLessThanOrEqual(11);
      expect(Math.max(...inASecond)).toBeGreaterThanOrEqual(5);
    });

    test('holds no other account and no other API up', async () => {
      const limiter = await open({ perSecond: 0.1 });
      await limiter.take(sofp);
      expect(await goes(limiter, { ...sofp, accountId: '2' })).toBe(true);
      expect(await goes(limiter, { ...sofp, api: 'lazada' })).toBe(true);
      expect(await goes(limiter)).toBe(false);
    });

    test('puts a call off whose slot comes later than it may wait here', async () => {
      const limiter = await open({ perSecond: 0.01 });
      await limiter.take(sofp);
      const failure = await limiter.take(sofp).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ kind: 'rate-limited', code: 'no_slot' });
      expect((failure as { waitMs: number }).waitMs).toBeGreaterThan(98_000);
    });

    test('reserves nothing for a call that it puts off', async () => {
      const limiter = await open({ perSecond: 0.03 });
      await limiter.take(sofp);
      for (let call = 0; call < 3; call++) await limiter.take(sofp).catch(() => undefined);
      const elsewhere = await open({ perSecond: 0.03 });
      const failure = await elsewhere.take(sofp).catch((thrown: unknown) => thrown);
      expect((failure as { waitMs: number }).waitMs).toBeLessThan(34_000);
    });

    test('tells each of those that it puts off a time of its own', async () => {
      const limiter = await open({ perSecond: 0.03 });
      await limiter.take(sofp);
      const waits = [limiter.take(sofp), limiter.take(sofp)].map((put) => put.catch(({ waitMs }) => waitMs as number));
      const [first, second] = (await Promise.all(waits)).map((ms) => Math.round(Number(ms) / 1_000));
      expect([first, second]).toEqual([33, 67]);
    });

    test('gives up waiting when nobody waits for the call any more', async () => {
      const limiter = await open({ perSecond: 0.1 });
      await limiter.take(sofp);
      const given = new AbortController();
      const taken = limiter.take(sofp, given.signal);
      given.abort(new Error('the process closes'));
      await expect(taken).rejects.toThrow('the process closes');
    });

    test('lets a quarter of the hands wait for one account, and tells each of the others a time of its own', async () => {
      const limiter = await open({ perSecond: 1, hands: createHands(12) });
      await limiter.take(sofp);
      const closing = new AbortController();
      const failures: { kind: string; code: string; waitMs: number }[] = [];
      const threeFailed = Promise.withResolvers<void>();
      const calls = Array.from({ length: 6 }, () =>
        limiter.take(sofp, closing.signal).catch((failure) => {
          if (failures.push(failure) === 3) threeFailed.resolve();
        }),
      );
      await threeFailed.promise;
      for (const failure of failures) expect(failure).toMatchObject({ kind: 'rate-limited', code: 'no_hand' });
      expect(new Set(failures.map(({ waitMs }) => Math.round(waitMs / 1_000))).size).toBe(3);
      closing.abort(new Error('the process closes'));
      await Promise.all(calls);
      expect(failures.slice(3)).toEqual(Array(3).fill(new Error('the process closes')));
    });

    test('reserves no slot for a call that finds no hand', async () => {
      const limiter = await open({ perSecond: 1, hands: createHands(4) });
      await limiter.take(sofp);
      const waits = limiter.take(sofp);
      for (let call = 0; call < 5; call++) await limiter.take(sofp).catch(() => undefined);
      await waits;
      await limiter.take(sofp);
    });

    test('lets calls of other accounts go while all hands that may wait do', async () => {
      const limiter = await open({ perSecond: 0.1, hands: createHands(4) });
      const closing = new AbortController();
      for (const accountId of ['1', '2', '3']) {
        await limiter.take({ ...sofp, accountId });
        void limiter.take({ ...sofp, accountId }, closing.signal).catch(() => undefined);
      }
      expect(await goes(limiter, { ...sofp, accountId: '4' })).toBe(true);
      closing.abort(new Error('over'));
    });

    test('lets a call for which all others wait do so without a hand', async () => {
      const limiter = await open({ perSecond: 1, hands: createHands(4) });
      await limiter.take(sofp);
      // Which of them is first at the server, nobody knows.
      const both = [limiter.take(sofp), limiter.take(sofp)].map((one) => one.catch((thrown: unknown) => thrown));
      expect(await Promise.race(both)).toMatchObject({ code: 'no_hand' });
      await limiter.take(sofp, undefined, { urgent: true });
      await Promise.all(both);
    });

    test('puts a call off whose slot comes later than it wants to wait', async () => {
      const limiter = await open({ perSecond: 0.25 });
      await limiter.take(sofp);
      await expect(limiter.take(sofp, undefined, { longestMs: 3_000 })).rejects.toMatchObject({ code: 'no_slot' });
    });

    test('lets nobody call an account that is paused, in no process, and says for how long', async () => {
      const [one, other] = [await open(), await open()];
      await one.pause(sofp, 60_000);
      const failure = await other.take(sofp).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ kind: 'rate-limited', code: 'paused' });
      expect((failure as { waitMs: number }).waitMs / 1_000).toBeCloseTo(60, 0);
      expect(await goes(other, { ...sofp, accountId: '2' })).toBe(true);
    });

    test.each([99_999_999_999_000, Number.POSITIVE_INFINITY])(
      'pauses an account that is asked to stay away for %d ms for an hour, and tells it',
      async (ms) => {
        const { log, lines } = recordedLog();
        const limiter = await open({ log });
        await limiter.pause(sofp, ms);
        const failure = await limiter.take(sofp).catch((thrown: unknown) => thrown);
        expect(failure).toMatchObject({ kind: 'rate-limited', code: 'paused' });
        expect(Math.ceil((failure as { waitMs: number }).waitMs / 60_000)).toBe(60);
        expect(lines).toMatchObject([{ level: 'warn', ms: 3_600_000, askedMs: String(ms) }]);
      },
    );

    test.each([Number.NaN, -5_000])('pauses nobody for %d ms, and tells it', async (ms) => {
      const { log, lines } = recordedLog();
      const limiter = await open({ log });
      await limiter.pause(sofp, ms);
      expect(await goes(limiter)).toBe(true);
      expect(lines).toMatchObject([{ level: 'warn', ms: 0, askedMs: String(ms) }]);
    });

    test('tells each call of an account that is paused a time of its own', async () => {
      const limiter = await open({ perSecond: 0.5 });
      await limiter.pause(sofp, 60_000);
      const calls = await Promise.allSettled(Array.from({ length: 3 }, () => limiter.take(sofp)));
      const waits = calls.map((call) => ('reason' in call ? Math.round(call.reason.waitMs / 1_000) : 0));
      expect(waits.toSorted()).toEqual([60, 62, 64]);
    });

    test('lets a call wait for the end of a short pause', async () => {
      const limiter = await open();
      await limiter.pause(sofp, 1_000);
      expect(await goes(limiter)).toBe(false);
      await limiter.take(sofp);
    });

    test('keeps the longer of two pauses', async () => {
      const limiter = await open();
      await limiter.pause(sofp, 60_000);
      await limiter.pause(sofp, 10);
      expect(await goes(limiter)).toBe(false);
    });

    test('holds a call back that waited for its slot when a pause began', async () => {
      const limiter = await open({ perSecond: 0.25 });
      await limiter.take(sofp);
      const second = limiter.take(sofp).catch(({ code }) => code as string);
      await limiter.pause(sofp, 60_000);
      expect(await second).toBe('paused');
    });

    test('pauses all accounts of an app together, and no others', async () => {
      const limiter = await open();
      const lazada = (accountId: string, appKey: string): LimitKey => ({ api: 'lazada', accountId, appKey });
      await limiter.pause(lazada('1', 'app-a'), 60_000, 'app');
      expect(await goes(limiter, lazada('2', 'app-a'))).toBe(false);
      expect(await goes(limiter, lazada('3', 'app-b'))).toBe(true);
    });

    test('tells who is paused, and for how long, without taking a slot', async () => {
      const limiter = await open();
      await limiter.pause(sofp, 60_000);
      const [paused, other, otherApi] = await limiter.pauses([
        sofp,
        { ...sofp, accountId: '2' },
        { ...sofp, api: 'lazada' },
      ]);
      expect((paused ?? 0) / 1_000).toBeCloseTo(60, 0);
      expect([other, otherApi]).toEqual([0, 0]);
      expect(await limiter.pauses([])).toEqual([]);
    });

    test('tells an app that is paused of each account that has met it', async () => {
      const limiter = await open();
      const met: LimitKey = { api: 'lazada', accountId: '1', appKey: 'app-a' };
      await limiter.pause(met, 60_000, 'app');
      await limiter.take(met).catch(() => undefined);
      const [ms] = await limiter.pauses([{ api: 'lazada', accountId: '1' }]);
      expect((ms ?? 0) / 1_000).toBeCloseTo(60, 0);
    });

    limiterFailures(rig);
  });
}
