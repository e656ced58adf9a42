/** One rate per account over all processes, pauses that all of them keep, and one call that probes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Limiter, LimitKey } from '@lazada-sof/orders';
import { createHands, type Hands, openLimiter, type QueueServer } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import { openGate } from '../faults/gate.ts';
import { recordedLog } from '../recorded-log.ts';
import { openTestQueue, type QueueKind } from '../servers/test-queue.ts';
import { killQueueProcesses, startQueueProcess } from './queue-process.ts';

export function limiterConformance(kind: QueueKind): void {
  describe('the limiter', () => {
    let server: QueueServer & { close(): Promise<void> };
    const opened: { close(): Promise<void> }[] = [];
    const open = async ({
      perSecond = 1_000,
      ...more
    }: {
      perSecond?: number;
      hands?: Hands;
      pausesMs?: number[];
      log?: Logger;
      clock?: () => number;
      url?: string;
    } = {}) => {
      const limiter = await openLimiter({ ...server, perSecond: { sofp: perSecond, lazada: perSecond }, ...more });
      opened.push(limiter);
      return limiter;
    };
    beforeEach(async () => {
      server = await openTestQueue(kind);
    });
    afterEach(async () => {
      await killQueueProcesses();
      for (const limiter of opened.splice(0)) await limiter.close();
      await server.close();
    });

    const sofp: LimitKey = { api: 'sofp', accountId: '1' };
    const failTimes = async (limiter: Limiter, times: number, key = sofp) => {
      for (let time = 0; time < times; time += 1) await limiter.report(key, 'failed');
    };
    /** Whether a call could go now; one that would have to wait is given up. */
    const goes = async (limiter: Limiter, key = sofp) => {
      const tooLong = AbortSignal.timeout(150);
      return limiter.take(key, tooLong).then(
        () => true,
        () => false,
      );
    };

    /** What became of so many calls at once, after how many milliseconds; those that were put off in that order. */
    const outcomes = async (limiter: Limiter, count: number) => {
      const began = performance.now();
      const went: number[] = [];
      const putOff: { code: string; waitMs: number; ms: number }[] = [];
      const take = () =>
        limiter.take(sofp).then(
          () => went.push(performance.now() - began),
          ({ code, waitMs }) => putOff.push({ code, waitMs, ms: performance.now() - began }),
        );
      await Promise.all(Array.from({ length: count }, take));
      return { went, putOff };
    };
    /** From the time of one that was put off to that of the next, in whole steps. */
    const apartBy = (step: number, putOff: readonly { waitMs: number; ms: number }[]) => {
      const times = putOff.map(({ waitMs, ms }) => waitMs + ms).toSorted((a, b) => a - b);
      return times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / step) * step);
    };

    test('lets at most one more than the limit through in any second, over two processes', async () => {
      const task = { does: 'take', server: { url: server.url, prefix: server.prefix }, accountId: '1' } as const;
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
      const limiter = await open({ perSecond: 2, hands: createHands(4) });
      await limiter.take(sofp);
      const waits = limiter.take(sofp);
      await expect(limiter.take(sofp)).rejects.toMatchObject({ code: 'no_hand' });
      await limiter.take(sofp, undefined, { urgent: true });
      await waits;
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

    test('pauses an account for five seconds after ten failures in a row, not after nine', async () => {
      const { log, lines } = recordedLog();
      const limiter = await open({ log });
      await failTimes(limiter, 9);
      expect(await goes(limiter)).toBe(true);
      await failTimes(limiter, 1);
      expect(await goes(limiter)).toBe(false);
      expect(await goes(limiter, { ...sofp, accountId: '2' })).toBe(true);
      expect(lines).toMatchObject([{ level: 'warn', api: 'sofp', accountId: '1', ms: 5_000 }]);
    });

    test('counts failures anew after a call that went well', async () => {
      const limiter = await open();
      await failTimes(limiter, 9);
      await limiter.report(sofp, 'ok');
      await failTimes(limiter, 9);
      expect(await goes(limiter)).toBe(true);
    });

    test('costs a call that goes well one round trip, where none has failed', async () => {
      const gate = await openGate(server.url);
      try {
        const limiter = await open({ url: gate.url, perSecond: 1_000_000 }); // so that nobody waits
        const call = async (outcome: 'ok' | 'failed') => {
          const before = gate.roundTrips();
          await limiter.take(sofp);
          await limiter.report(sofp, outcome);
          return gate.roundTrips() - before;
        };
        await call('ok'); // Redis is sent the scripts
        const costs = { well: await call('ok'), failed: await call('failed'), wellAgain: await call('ok') };
        expect({ ...costs, healthy: await call('ok') }).toEqual({ well: 1, failed: 2, wellAgain: 2, healthy: 1 });
      } finally {
        await gate.close();
      }
    });

    test('counts failures anew after a call of another process that went well', async () => {
      const [one, other] = [await open(), await open()];
      await failTimes(one, 9);
      await other.take(sofp);
      await other.report(sofp, 'ok');
      await failTimes(one, 9);
      expect(await goes(one)).toBe(true);
    });

    test.each([
      ['counts', 1_000, true],
      ['does not count, for a second,', 999, false],
    ])('a success %s whose slot came before another process’s failures', async (_counts, laterMs, expected) => {
      let now = 0;
      const [one, other] = [await open(), await open({ clock: () => now })];
      await other.take(sofp);
      await failTimes(one, 9);
      now += laterMs;
      await other.report(sofp, 'ok');
      await failTimes(one, 1);
      expect(await goes(one)).toBe(expected);
    });

    test('a success counts within that second too, where its process has met a failure since', async () => {
      const [one, other] = [await open(), await open({ clock: () => 0 })];
      await other.take(sofp);
      await failTimes(other, 1);
      await failTimes(one, 8);
      await other.report(sofp, 'ok');
      await failTimes(one, 9);
      expect(await goes(one)).toBe(true);
    });

    test('a probe that went well is told, whatever its process knew before', async () => {
      const [one, other] = [await open({ pausesMs: [200] }), await open({ clock: () => 0 })];
      await other.take(sofp);
      await failTimes(one, 10);
      await other.take(sofp);
      await other.report(sofp, 'ok');
      expect([await goes(one), await goes(one)]).toEqual([true, true]);
    });

    test('lets one call probe after that pause; all go when it went well', async () => {
      const limiter = await open({ pausesMs: [200] });
      await failTimes(limiter, 10);
      await limiter.take(sofp);
      expect(await goes(limiter)).toBe(false);
      await limiter.report(sofp, 'ok');
      expect(await goes(limiter)).toBe(true);
      expect(await goes(limiter)).toBe(true);
    });

    test('tells of an account that it is probing, until the call that probes went well', async () => {
      const limiter = await open({ pausesMs: [200] });
      await failTimes(limiter, 10);
      await limiter.take(sofp);
      const [probing, other] = await limiter.pauses([sofp, { ...sofp, accountId: '2' }]);
      expect(probing).toBeGreaterThan(0);
      expect(other).toBe(0);
      await limiter.report(sofp, 'ok');
      expect(await limiter.pauses([sofp])).toEqual([0]);
    });

    test('lets a quarter of the hands wait for the end of a short pause, and puts the others off at once', async () => {
      const limiter = await open({ perSecond: 10, hands: createHands(8) });
      await limiter.pause(sofp, 1_000);
      const { putOff, went } = await outcomes(limiter, 5);
      expect(went).toHaveLength(2);
      expect(putOff.map(({ code, ms }) => [code, ms < 900])).toEqual(Array(3).fill(['paused', true]));
      expect(apartBy(100, putOff)).toEqual([100, 100]);
    });

    test('lets a quarter of the hands wait two seconds for a call that probes, and puts the others off at once', async () => {
      const limiter = await open({ perSecond: 10, hands: createHands(12), pausesMs: [200] });
      await failTimes(limiter, 10);
      await limiter.take(sofp);
      await sleep(150); // the next slot has come, and it is the probe alone that is waited for
      const { putOff, went } = await outcomes(limiter, 6);
      expect(went).toEqual([]);
      expect(putOff.map(({ code }) => code)).toEqual(Array(6).fill('paused'));
      expect(putOff.map(({ ms }) => (ms < 1_000 ? 'at once' : ms < 4_000 ? 'waited' : 'for ever'))).toEqual([
        ...Array(3).fill('at once'),
        ...Array(3).fill('waited'),
      ]);
      for (const together of [putOff.slice(0, 3), putOff.slice(3)]) expect(apartBy(100, together)).toEqual([100, 100]);
    });

    test('lets one call of all that waited for that pause probe', async () => {
      const limiter = await open({ pausesMs: [200] });
      await failTimes(limiter, 10);
      const patience = AbortSignal.timeout(1_500);
      const calls = Array.from({ length: 5 }, () => limiter.take(sofp, patience));
      const went = (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled');
      expect(went).toHaveLength(1);
    });

    test('pauses longer each time the probe failed too, and does not count calls that began before', async () => {
      const { log, lines } = recordedLog();
      const limiter = await open({ log, pausesMs: [1_000, 1_100, 1_200] });
      await failTimes(limiter, 13);
      for (let probe = 0; probe < 3; probe += 1) {
        await limiter.take(sofp);
        await failTimes(limiter, 2);
      }
      expect(lines.map(({ ms }) => ms)).toEqual([1_000, 1_100, 1_200, 1_200]);
    });
  });
}
