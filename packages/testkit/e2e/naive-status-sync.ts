/**
 * A status worker with the intent left out: it posts, and only then writes. It runs in place of the real one where a test
 * has to prove that it would see the doubles that this makes. Never shipped.
 */
import { fleetSofp, marketplaceLazada, openLazadaCalls, openSofCalls } from '@lazada-sof/connectors';
import { openDb, parseKeys } from '@lazada-sof/db';
import type { Fleet, ReportOutcome } from '@lazada-sof/orders';
import { openLimiter, openProducer, orderJob, runWorker } from '@lazada-sof/queue';
import { runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { performStatusStep } from '../../../services/status-sync/src/handler.ts';

const queue = 'status-sync';

/** What the real fleet does between `open` and `close` happens before both. */
const naive = (fleet: Fleet): Fleet => ({
  async report(account, report, { open, close }, signal) {
    const outcomes: ReportOutcome[] = [];
    const post = { open: async () => true, close: async (outcome: ReportOutcome) => void outcomes.push(outcome) };
    const reported = await fleet.report(account, report, post, signal);
    for (const outcome of outcomes) if (await open()) await close(outcome);
    return reported;
  },
});

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log }) {
    const db = openDb({ ...config.database, keys: parseKeys(config.keys.encryption), source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const limiter = await openLimiter({ ...config.queue, perSecond: config.rates, log });
    const parts = { tokens: db.tokens, limiter };
    const marketplace = marketplaceLazada(openLazadaCalls({ ...parts, settings: config.lazada }));
    const fleet = naive(fleetSofp(openSofCalls({ ...parts, settings: config.sofp })));
    const perform = performStatusStep({
      marketplace,
      fleets: { sofp: fleet, dbs: fleet },
      notePacking: async () => undefined,
    });
    const job = orderJob({ queue, orders: db.orders, accounts: db.accounts, producer, perform });
    const worker = await runWorker({
      queue,
      ...config.queue,
      ...config.worker,
      log,
      handlers: {
        'sync-status': ({ orderId }, context) => job({ orderId, ...context }),
        'check-account': async () => 'done',
        'seal-account': async () => 'done',
      },
    });
    return { ready: async () => ({ queue: await producer.ping() }), stop: () => worker.close() };
  },
});
