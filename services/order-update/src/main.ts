import { importFolder } from '@lazada-sof/connectors';
import { isPassing, openDb } from '@lazada-sof/db';
import { openProducer, runWorker } from '@lazada-sof/queue';
import { runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { updateOrder } from './handler.ts';
import { importFile } from './import-file.ts';
import { tellOutages } from './outages.ts';
import { createTurns } from './turns.ts';
import { askForLooks } from './watch/ask-for-looks.ts';
import { watchFolder } from './watch/watch-folder.ts';

const queue = 'order-update';
/** More would only share the same processor. A hand is left for the folder, and one for updates of one order. */
const importsAtOnce = (hands: number): number => Math.max(1, Math.min(2, hands - 2));

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const closing = new AbortController();
    const outages = tellOutages(log);
    const { sourceUrl, watchIntervalMs: everyMs } = config.imports;
    const folder = sourceUrl === undefined ? null : importFolder(sourceUrl);
    const { add } = producer;
    const handlers = {
      'update-order': updateOrder({
        findOrder: db.findOrder,
        take: db.updates.take,
        isPassing,
        outages,
      }),
      'import-file': importFile({
        chunks: db.imports.chunks,
        runs: db.importRuns,
        turns: createTurns(importsAtOnce(config.worker.concurrency)),
        isPassing,
        outages,
        closing: closing.signal,
      }),
      'watch-folder': folder
        ? watchFolder({ folder, folders: db.watchedFolders, imports: db.imports, add, everyMs, log })
        : async () => 'superseded' as const,
    };
    const worker = await runWorker({ queue, ...config.queue, ...config.worker, log, metrics, handlers });
    const stopAsking = folder ? askForLooks(add, everyMs) : () => undefined;
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        stopAsking();
        closing.abort();
        await worker.close();
        await Promise.all([folder?.close(), producer.close(), db.close()]);
      },
    };
  },
});
