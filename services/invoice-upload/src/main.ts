import { invoiceTarget } from '@lazada-sof/connectors';
import { openDb } from '@lazada-sof/db';
import { DAY } from '@lazada-sof/orders';
import { dayJob, type JobContext, openProducer, orderJob, runWorker } from '@lazada-sof/queue';
import { runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { performUpload, uploadInvoice } from './handler.ts';
import { uploadIndex } from './upload-index.ts';

const queue = 'invoice-upload';

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const target = config.target.url === undefined ? null : invoiceTarget(config.target.url);
    const perform = performUpload({ target, readPdf: db.documents.file });
    const job = orderJob({ queue, orders: db.orders, accounts: db.accounts, producer, perform });
    const performIndex = uploadIndex({ target, files: db.indexFiles });
    const index = dayJob({
      job: 'index',
      rows: db.dailyJobs,
      accounts: db.accounts,
      perform: performIndex,
      againAfterMs: DAY,
    });
    const handlers = {
      'upload-invoice': uploadInvoice({ job, orderOf: db.documents.orderOf }),
      'upload-index': (data: { accountId: string; date: string }, { signal }: JobContext) => index({ ...data, signal }),
    };
    const worker = await runWorker({ queue, ...config.queue, ...config.worker, log, metrics, handlers });
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        await worker.close();
        await Promise.all([target?.close(), producer.close(), db.close()]);
      },
    };
  },
});
