import { besideOthers, marketplaceLazada, openLazadaCalls } from '@lazada-sof/connectors';
import { isPassing, openDb, parseKeys } from '@lazada-sof/db';
import {
  createHands,
  type JobContext,
  openLimiter,
  openProducer,
  orderJob,
  runWorker,
  shareHands,
} from '@lazada-sof/queue';
import { countRequests, runService, SERVICE_SLICES, watchUnknownStatuses } from '@lazada-sof/runtime';
import { backfill } from './backfill.ts';
import { performTrackingStep } from './handler.ts';
import { createTurns } from './turns.ts';

const queue = 'tracking-fetch';

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, keys: parseKeys(config.keys.encryption), source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const hands = createHands(config.worker.concurrency);
    const limiter = await openLimiter({ ...config.queue, perSecond: config.rates, hands, log });
    const lazada = openLazadaCalls({
      tokens: db.tokens,
      limiter,
      settings: config.lazada,
      handsAreFree: hands.areFree,
      onRequest: countRequests(metrics),
      onUnknownStatus: watchUnknownStatuses({ metrics, log }),
    });
    const job = orderJob({
      queue,
      orders: db.orders,
      accounts: db.accounts,
      producer,
      perform: shareHands(hands, performTrackingStep(marketplaceLazada(lazada))),
    });
    const handlers = {
      'fetch-tracking': ({ orderId }: { orderId: string }, context: JobContext) => job({ orderId, ...context }),
      backfill: backfill({
        backfills: db.backfills,
        orders: db.manyChanges,
        accounts: db.accounts,
        marketplace: marketplaceLazada(besideOthers(lazada)),
        turns: createTurns(config.worker.concurrency),
        callsPerSecond: config.rates.lazada,
        isPassing,
        log,
      }),
    };
    const worker = await runWorker({ queue, ...config.queue, ...config.worker, hands, log, metrics, handlers });
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        await worker.close();
        lazada.close();
        await Promise.all([limiter.close(), producer.close(), db.close()]);
      },
    };
  },
});
