/** Ten failures in a row pause an account; then one call probes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Limiter } from '@lazada-sof/orders';
import { createHands } from '@lazada-sof/queue';
import { openGate } from '../faults/gate.ts';
import { recordedLog } from '../recorded-log.ts';
import { goes, type LimiterRig, sofp } from './limiter-rig.ts';

export function limiterFailures(rig: LimiterRig): void {
  const { open } = rig;
  const failTimes = async (limiter: Limiter, times: number, key = sofp) => {
    for (let time = 0; time < times; time += 1) await limiter.report(key, 'failed');
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
    const gate = await openGate(rig.server.url);
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
}
