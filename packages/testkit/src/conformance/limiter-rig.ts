/** What the suites of the limiter stand on: a server of its own for each test, and limiters that are closed after it. */
import { afterEach, beforeEach } from '@jest/globals';
import type { Limiter, LimitKey } from '@lazada-sof/orders';
import { type Hands, type OpenLimiter, openLimiter, type QueueServer } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import { openTestQueue, type QueueKind } from '../servers/test-queue.ts';
import { killQueueProcesses } from './queue-process.ts';

type LimiterWish = {
  perSecond?: number;
  hands?: Hands;
  pausesMs?: number[];
  log?: Logger;
  clock?: () => number;
  url?: string;
};

export type LimiterRig = {
  readonly server: QueueServer;
  open(wish?: LimiterWish): Promise<OpenLimiter>;
};

/** To be asked for within `describe`. */
export function limiterRig(kind: QueueKind): LimiterRig {
  let server: QueueServer & { close(): Promise<void> };
  const opened: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    server = await openTestQueue(kind);
  });
  afterEach(async () => {
    await killQueueProcesses();
    for (const limiter of opened.splice(0)) await limiter.close();
    await server.close();
  });
  return {
    get server() {
      return server;
    },
    async open({ perSecond = 1_000, ...more } = {}) {
      const limiter = await openLimiter({ ...server, perSecond: { sofp: perSecond, lazada: perSecond }, ...more });
      opened.push(limiter);
      return limiter;
    },
  };
}

export const sofp: LimitKey = { api: 'sofp', accountId: '1' };

/** Whether a call could go now; one that would have to wait is given up. */
export const goes = async (limiter: Limiter, key = sofp): Promise<boolean> => {
  const tooLong = AbortSignal.timeout(150);
  return limiter.take(key, tooLong).then(
    () => true,
    () => false,
  );
};
