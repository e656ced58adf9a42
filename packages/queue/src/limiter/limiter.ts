/**
 * One rate per account and outside API, over all processes together. Calls are evenly spaced: a window of fixed seconds
 * would let twice the limit through at its edge. The same place holds calls back where the outside asked for it, and
 * where it fails: ten failures in a row pause the account for 5, 10, 20, 60 s, and then one call probes.
 *
 * Whoever waited asks once more before it goes: a pause may have begun meanwhile, or its slot may have passed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type Limiter, type LimitKey, SECOND } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import { isPostgres, type QueueServer } from '../server/connection.ts';
import { connectRedis } from '../server/redis.ts';
import { postgresSlots } from './postgres-store.ts';
import { redisSlots } from './redis-store.ts';
import type { Lane, Slots, Taken } from './slot-store.ts';

export type LimiterOptions = QueueServer & {
  /** Calls of one account per second, of each API that this process calls. */
  perSecond: Readonly<Partial<Record<LimitKey['api'], number>>>;
  log?: Logger;
  /** Other pauses after failures than the usual ones, for tests. */
  pausesMs?: readonly number[];
};

/** After ten failures in a row, after a probe that failed too, and so on; the last is repeated. */
const PAUSES_MS = [5 * SECOND, 10 * SECOND, 20 * SECOND, 60 * SECOND];

/** A call waits here at most so long; what comes later is waited for in the queue, where it holds nothing up. */
const LONGEST_WAIT_MS = 20 * SECOND;
/** Where the slots themselves cannot be reached. */
const AWAY_MS = 5 * SECOND;

export async function openLimiter({
  url,
  prefix,
  perSecond,
  log,
  pausesMs = PAUSES_MS,
}: LimiterOptions): Promise<Limiter & { close(): Promise<void> }> {
  const slots = isPostgres(url)
    ? await postgresSlots(url, log)
    : redisSlots(await connectRedis(url, 'fails', log), prefix);
  const unlessAway = async (written: Promise<unknown>) => {
    await written.catch((error) => log?.warn('the limiter could not be told of a call', { error }));
  };
  return {
    take: (key, signal) => takeSlot(slots, key, { intervalMs: intervalOf(perSecond, key.api), signal }),
    pause: (key, ms, whom = 'account') => {
      const { account, app } = laneOf(key);
      log?.warn('calls are paused', { api: key.api, accountId: key.accountId, whom, ms });
      return unlessAway(slots.pause(whom === 'app' ? (app ?? account) : account, ms));
    },
    report: (key, outcome) =>
      unlessAway(outcome === 'ok' ? slots.succeeded(laneOf(key).account) : failed(slots, key, { pausesMs, log })),
    close: () => slots.close(),
  };
}

function intervalOf(perSecond: LimiterOptions['perSecond'], api: LimitKey['api']): number {
  const rate = perSecond[api];
  if (rate === undefined) throw new Error(`no rate is set for calls to ${api}`);
  return SECOND / rate;
}

const laneOf = ({ api, accountId, appKey }: LimitKey): Lane => ({
  account: `${api}:account:${accountId}`,
  app: appKey === undefined ? undefined : `${api}:app:${appKey}`,
});

async function takeSlot(
  slots: Slots,
  key: LimitKey,
  { intervalMs, signal }: { intervalMs: number; signal: AbortSignal | undefined },
): Promise<void> {
  const lane = laneOf(key);
  const latest = performance.now() + LONGEST_WAIT_MS;
  let slot: number | null = null;
  for (;;) {
    signal?.throwIfAborted();
    const atMostMs = latest - performance.now();
    const taken: Taken = await slots.take(lane, { intervalMs, atMostMs, slot }).catch((cause) => {
      throw failure(key, 'the limiter cannot be reached', { code: 'limiter_away', waitMs: AWAY_MS, cause });
    });
    if (taken.say === 'go') return;
    if (taken.ms > atMostMs) throw tooLate(key, taken);
    slot = taken.say === 'wait' ? taken.slot : null;
    await sleep(taken.ms, undefined, { signal }).catch(() => undefined); // aborted: thrown above
  }
}

async function failed(
  slots: Slots,
  key: LimitKey,
  { pausesMs, log }: { pausesMs: readonly number[]; log: Logger | undefined },
): Promise<void> {
  const ms = await slots.failed(laneOf(key).account, pausesMs);
  if (ms === 0) return;
  log?.warn('too many calls failed in a row: calls are paused', { api: key.api, accountId: key.accountId, ms });
}

const tooLate = (key: LimitKey, { say, ms }: Exclude<Taken, { say: 'go' }>): Failure =>
  say === 'paused'
    ? failure(key, `paused for ${inSeconds(ms)}`, { code: 'paused', waitMs: ms })
    : failure(key, `the next slot comes in ${inSeconds(ms)}`, { code: 'no_slot', waitMs: ms });

const failure = (key: LimitKey, fact: string, details: { code: string; waitMs: number; cause?: unknown }): Failure =>
  new Failure('rate-limited', `${key.api} calls of account ${key.accountId}: ${fact}`, details);

const inSeconds = (ms: number) => `${Math.ceil(ms / SECOND)} s`;
