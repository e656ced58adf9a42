import { fileURLToPath } from 'node:url';
import { marketplaceLazada, openLazadaCalls } from '@lazada-sof/connectors';
import { pdfRenderer, rendererFor } from '@lazada-sof/connectors/pdf-renderer';
import { openDb, parseKeys } from '@lazada-sof/db';
import {
  createHands,
  dayJob,
  type JobContext,
  openLimiter,
  openProducer,
  orderJob,
  runWorker,
  shareHands,
} from '@lazada-sof/queue';
import { countRequests, runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { CHECKS } from './checks.ts';
import { fetchManifest, giveUpManifest } from './fetch-manifest.ts';
import { performInvoiceFetch } from './handler.ts';
import { watchRenderer } from './renderer-watch.ts';

const queue = 'invoice-fetch';
const RENDERER = fileURLToPath(new URL('../../renderer/src/main.ts', import.meta.url));

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  checks: CHECKS,
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, keys: parseKeys(config.keys.encryption), source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const hands = createHands(config.worker.concurrency);
    const limiter = await openLimiter({ ...config.queue, perSecond: config.rates, hands, log });
    const lazada = openLazadaCalls({
      tokens: db.tokens,
      limiter,
      settings: config.lazada,
      onRequest: countRequests(metrics),
    });
    const marketplace = marketplaceLazada(lazada);
    const renderer = pdfRenderer(config.invoices, rendererFor(config.invoices, { program: RENDERER, log }));
    const { documents } = db;
    const { pathTemplate: template, recheckAfterMs: recheckAfter } = config.invoices;
    const fetchInvoice = performInvoiceFetch({ marketplace, renderer, template, recheckAfter, documents });
    const perform = shareHands(hands, fetchInvoice);
    const job = orderJob({ queue, orders: db.orders, accounts: db.accounts, producer, perform });
    const manifest = dayJob({
      job: 'manifest',
      rows: db.dailyJobs,
      accounts: db.accounts,
      perform: fetchManifest({ manifests: db.manifests, marketplace, renderer }),
      givenUp: giveUpManifest(db),
      mostTries: 9,
    });
    const handlers = {
      'fetch-invoice': ({ orderId }: { orderId: string }, context: JobContext) => job({ orderId, ...context }),
      'fetch-manifest': (data: { accountId: string; date: string }, { signal }: JobContext) =>
        manifest({ ...data, signal }),
    };
    const worker = await runWorker({ queue, ...config.queue, ...config.worker, hands, log, metrics, handlers });
    const watch = watchRenderer({ renderer, documents, orders: db.orders, enqueue: producer.add, log });
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        await Promise.all([worker.close(), watch.close()]);
        lazada.close();
        await Promise.all([renderer.close(), limiter.close(), producer.close(), db.close()]);
      },
    };
  },
});
