import { isPassing, openDb } from '@lazada-sof/db';
import { openProducer, runWorker } from '@lazada-sof/queue';
import { runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { updateOrder } from './handler.ts';
import { tellOutages } from './outages.ts';

const queue = 'order-update';

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const handlers = {
      'update-order': updateOrder({
        findOrder: db.findOrder,
        take: db.updates.take,
        isPassing,
        outages: tellOutages(log),
      }),
    };
    const worker = await runWorker({ queue, ...config.queue, ...config.worker, log, metrics, handlers });
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        await worker.close();
        await Promise.all([producer.close(), db.close()]);
      },
    };
  },
});
