import { openDb } from '@lazada-sof/db';
import { createHands, openLimiter, openProducer, orderJob, runWorker, shareHands } from '@lazada-sof/queue';
import { countRequests, readGauge, runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { announce } from './announce.ts';
import { askCarrier } from './ask.ts';
import { openCarriers } from './carriers.ts';
import { performPoll, pollCarrier } from './handler.ts';

const queue = 'carrier-poll';

/** Carriers take one call a second: this far apart no two fall into one, whatever happens on the way. */
const CALLS_PER_SECOND = 0.8;

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log, metrics, signal }) {
    // What is written is the carrier's word.
    const db = openDb({ ...config.database, source: 'carrier', log });
    const producer = await openProducer({ ...config.queue, log });
    const hands = createHands(config.worker.concurrency);
    const limiter = await openLimiter({ ...config.queue, perSecond: { carrier: CALLS_PER_SECOND }, hands, log });
    const carriers = openCarriers(config.carrier);
    readGauge(metrics, 'sof_carrier_budget_left', {
      read: () =>
        Promise.all(
          [...carriers].map(async ([carrier, { perDay }]) => ({
            labels: { carrier },
            value: await db.carriers.left(carrier, perDay),
          })),
        ),
      onError: (error) => log.warn("the carriers' budgets cannot be read", { error }),
    });
    const ask = askCarrier({ ledger: db.carriers, limiter, onRequest: countRequests(metrics), log });
    const { isHeard, orderOf } = db.carriers;
    const perform = shareHands(hands, performPoll({ carriers, ask, isHeard }));
    const job = orderJob({ queue, orders: db.orders, accounts: db.accounts, producer, perform, log });
    const handlers = { 'poll-carrier': pollCarrier({ job, orderOf }) };
    const worker = await runWorker({ queue, ...config.queue, ...config.worker, hands, log, metrics, handlers });
    const announced = announce({ ledger: db.carriers, carriers, log }, signal);
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        await Promise.all([worker.close(), announced]);
        for (const { carrier } of carriers.values()) carrier.close();
        await Promise.all([limiter.close(), producer.close(), db.close()]);
      },
    };
  },
});
