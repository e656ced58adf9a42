/**
 * One rate per account and outside API, over all processes together. Calls are evenly spaced: a window of fixed seconds
 * would let twice the limit through at its edge. The same place holds calls back where the outside asked for it, and
 * where it fails: ten failures in a row pause the account for 5, 10, 20, 60 s, and then one call probes.
 *
 * Whoever waited asks once more before it goes: a pause may have begun meanwhile, or its slot may have passed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { boundedWait, Failure, type Limiter, type LimitKey, SECOND } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import { isPostgres, type QueueServer } from '../server/connection.ts';
import { connectRedis } from '../server/redis.ts';
import { openPostgresStore } from './postgres-store.ts';
import { createRedisStore } from './redis-store.ts';
import type { LimitKeys, SlotStore, Taken } from './slot-store.ts';

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
/** Where the store cannot be reached. */
const AWAY_MS = 5 * SECOND;

export async function openLimiter({
  url,
  prefix,
  perSecond,
  log,
  pausesMs = PAUSES_MS,
}: LimiterOptions): Promise<Limiter & { close(): Promise<void> }> {
  const store = isPostgres(url)
    ? await openPostgresStore(url, log)
    : createRedisStore(await connectRedis(url, 'fails', log), prefix);
  const unlessAway = async (written: Promise<unknown>) => {
    await written.catch((error) => log?.warn('the limiter could not be told of a call', { error }));
  };
  return {
    take: (key, signal) => takeSlot(store, key, { intervalMs: intervalOf(perSecond, key.api), signal }),
    pause: (key, ms, whom = 'account') => {
      const { account, app } = limitKeysOf(key);
      const kept = boundedWait(ms);
      const asked = kept === ms ? {} : { askedMs: String(ms) };
      log?.warn('calls are paused', { api: key.api, accountId: key.accountId, whom, ms: kept, ...asked });
      return unlessAway(store.pause(whom === 'app' ? (app ?? account) : account, kept));
    },
    report: (key, outcome) =>
      unlessAway(outcome === 'ok' ? store.succeeded(limitKeysOf(key).account) : failed(store, key, { pausesMs, log })),
    close: () => store.close(),
  };
}

function intervalOf(perSecond: LimiterOptions['perSecond'], api: LimitKey['api']): number {
  const rate = perSecond[api];
  if (rate === undefined) throw new Error(`no rate is set for calls to ${api}`);
  return SECOND / rate;
}

const limitKeysOf = ({ api, accountId, appKey }: LimitKey): LimitKeys => ({
  account: `${api}:account:${accountId}`,
  app: appKey === undefined ? undefined : `${api}:app:${appKey}`,
});

async function takeSlot(
  store: SlotStore,
  key: LimitKey,
  { intervalMs, signal }: { intervalMs: number; signal: AbortSignal | undefined },
): Promise<void> {
  const keys = limitKeysOf(key);
  const latest = performance.now() + LONGEST_WAIT_MS;
  let slot: number | null = null;
  for (;;) {
    signal?.throwIfAborted();
    const atMostMs = latest - performance.now();
    const taken: Taken = await store.take(keys, { intervalMs, atMostMs, slot }).catch((cause) => {
      throw failure(key, 'the limiter cannot be reached', { code: 'limiter_away', waitMs: AWAY_MS, cause });
    });
    if (taken.kind === 'go') return;
    if (taken.ms > atMostMs) throw tooLate(key, taken);
    slot = taken.kind === 'wait' ? taken.slot : null;
    await sleep(taken.ms, undefined, { signal }).catch(() => undefined); // aborted: thrown above
  }
}

async function failed(
  store: SlotStore,
  key: LimitKey,
  { pausesMs, log }: { pausesMs: readonly number[]; log: Logger | undefined },
): Promise<void> {
  const ms = await store.failed(limitKeysOf(key).account, pausesMs);
  if (ms === 0) return;
  log?.warn('too many calls failed in a row: calls are paused', { api: key.api, accountId: key.accountId, ms });
}

const tooLate = (key: LimitKey, { kind, ms }: Exclude<Taken, { kind: 'go' }>): Failure =>
  kind === 'paused'
    ? failure(key, `paused for ${inSeconds(ms)}`, { code: 'paused', waitMs: ms })
    : failure(key, `the next slot comes in ${inSeconds(ms)}`, { code: 'no_slot', waitMs: ms });

const failure = (key: LimitKey, fact: string, details: { code: string; waitMs: number; cause?: unknown }): Failure =>
  new Failure('rate-limited', `${key.api} calls of account ${key.accountId}: ${fact}`, details);

const inSeconds = (ms: number) => `${Math.ceil(ms / SECOND)} s`;
