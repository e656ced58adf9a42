/**
 * One rate per account and outside API, over all processes together. Calls are evenly spaced: a window of fixed seconds
 * would let twice the limit through at its edge. The same place holds calls back where the outside asked for it, and
 * where it fails: ten failures in a row pause the account for 5, 10, 20, 60 s, and then one call probes.
 *
 * A call that waits here holds a hand of its worker: few may.
 */
import { boundedWait, type Limiter, type LimitKey, SECOND } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import { createHands, type Hands } from '../hands.ts';
import { isPostgres, type QueueServer } from '../server/connection.ts';
import { connectRedis } from '../server/redis.ts';
import { createLine } from './line.ts';
import { openPostgresStore } from './postgres-store.ts';
import { createRedisStore } from './redis-store.ts';
import type { SlotStore } from './slot-store.ts';
import { limitKeysOf, type TakeTools, takeSlot } from './take-slot.ts';
import { tellingNews } from './telling-news.ts';

export type LimiterOptions = QueueServer & {
  /** Calls of one account per second, of each API that this process calls. */
  perSecond: Readonly<Partial<Record<LimitKey['api'], number>>>;
  /** Those of the worker whose jobs make the calls: few of them may wait here. Left out: any number may. */
  hands?: Hands;
  log?: Logger;
  /** Other pauses after failures than the usual ones, for tests. */
  pausesMs?: readonly number[];
  /** Another clock than the machine's, for tests. */
  clock?: () => number;
};

export type OpenLimiter = Limiter & {
  /**
   * For how many milliseconds the calls of each of these are paused, or wait for one that probes, as far as it is known for the
   * account itself; 0: they do not.
   */
  pauses(keys: readonly LimitKey[]): Promise<readonly number[]>;
  close(): Promise<void>;
};

/** After ten failures in a row, after a probe that failed too, and so on; the last is repeated. */
const PAUSES_MS = [5 * SECOND, 10 * SECOND, 20 * SECOND, 60 * SECOND];

export async function openLimiter({
  url,
  prefix,
  perSecond,
  hands = createHands(Number.POSITIVE_INFINITY),
  log,
  pausesMs = PAUSES_MS,
  clock = () => performance.now(),
}: LimiterOptions): Promise<OpenLimiter> {
  const store = tellingNews(
    isPostgres(url)
      ? await openPostgresStore(url, log)
      : createRedisStore(await connectRedis(url, 'fails', { log, together: true }), prefix),
    clock,
  );
  const tools: TakeTools = { store, hands, line: createLine() };
  const unlessAway = async (written: Promise<unknown>) => {
    await written.catch((error) => log?.warn('the limiter could not be told of a call', { error }));
  };
  return {
    take: (key, signal, wish = {}) =>
      takeSlot(tools, { key, intervalMs: intervalOf(perSecond, key.api), signal, wish }),
    pause: (key, ms, whom = 'account') => {
      const { account, app } = limitKeysOf(key);
      const kept = boundedWait(ms);
      const asked = kept === ms ? {} : { askedMs: String(ms) };
      log?.warn('calls are paused', { api: key.api, accountId: key.accountId, whom, ms: kept, ...asked });
      return unlessAway(store.pause(whom === 'app' ? (app ?? account) : account, kept));
    },
    report: (key, outcome) =>
      unlessAway(outcome === 'ok' ? store.succeeded(limitKeysOf(key).account) : failed(store, key, { pausesMs, log })),
    pauses: (keys) => store.pauses(keys.map((key) => limitKeysOf(key).account)),
    close: () => store.close(),
  };
}

function intervalOf(perSecond: LimiterOptions['perSecond'], api: LimitKey['api']): number {
  const rate = perSecond[api];
  if (rate === undefined) throw new Error(`no rate is set for calls to ${api}`);
  return SECOND / rate;
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
