import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Children, openChildren } from '@lazada-sof/local';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { TestQueue } from '../src/servers/test-queue.ts';

export type BareWorkers = {
  /** Puts so many jobs into their queue, a thousand at a time. */
  add(count: number): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  readonly queue: TestQueue;
  readonly url: string;
  readonly concurrency: number;
  readonly workers: number;
  readonly dir: string;
};

const BULK = 1_000;

/** BullMQ and a POST per job, as processes of their own. */
export async function startBareWorkers({ queue, url, concurrency, workers, dir }: Options): Promise<BareWorkers> {
  const children = openChildren();
  const env = { BARE_REDIS: queue.url, BARE_PREFIX: queue.prefix, BARE_URL: url, BARE_CONCURRENCY: `${concurrency}` };
  for (let instance = 0; instance < workers; instance++) await startWorker(children, env, join(dir, 'bare.log'));
  const connection = new Redis(queue.url, { maxRetriesPerRequest: null });
  const jobs = new Queue('bare', { connection, prefix: queue.prefix });
  return {
    async add(count) {
      for (let first = 0; first < count; first += BULK)
        await jobs.addBulk(Array.from({ length: Math.min(BULK, count - first) }, (_, index) => job(first + index)));
    },
    async close() {
      await jobs.close();
      connection.disconnect();
      await children.stop();
    },
  };
}

/** What is posted is as long as ours; as many finished jobs are kept. */
const job = (number: number) => ({
  name: 'bare',
  data: { status: 'delivered', tracking_number: `T${number}`, timestamp: new Date().toISOString() },
  opts: { removeOnComplete: { count: 1_000 } },
});

async function startWorker(children: Children, env: Record<string, string>, logFile: string): Promise<void> {
  const ready = Promise.withResolvers<void>();
  const worker = await children.start({
    name: 'bare worker',
    stage: 'service',
    command: process.execPath,
    args: [fileURLToPath(new URL('bare-worker.main.ts', import.meta.url))],
    env,
    logFile,
    onLine: (line) => line === 'ready' && ready.resolve(),
  });
  void worker.exited.then(() => ready.reject(new Error(`a bare worker ended at its start: see ${logFile}`)));
  await ready.promise;
}
