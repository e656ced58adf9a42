import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Children, openChildren } from '@lazada-sof/local';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { TestQueue } from '../src/servers/test-queue.ts';

export type BareWorkers = {
  readonly pids: readonly number[];
  /** Puts so many jobs into their queue, a thousand at a time. */
  add(count: number): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  /** What they post by; left out, got: the product's client. */
  readonly by?: 'got' | 'plain-got' | 'http' | 'undici';
  /** A file that runs in place of that floor's own. */
  readonly main?: string;
  readonly queue: TestQueue;
  readonly url: string;
  readonly concurrency: number;
  readonly workers: number;
  readonly dir: string;
  readonly onLine?: (line: string) => void;
};

const BULK = 1_000;

/** BullMQ and a POST per job, as processes of their own. */
export async function startBareWorkers(options: Options): Promise<BareWorkers> {
  const { by = 'got', queue, workers } = options;
  const children = openChildren();
  const prefix = `${queue.prefix}${by}`;
  const pids: number[] = [];
  for (let instance = 0; instance < workers; instance++) pids.push(await startWorker(children, by, prefix, options));
  const connection = new Redis(queue.url, { maxRetriesPerRequest: null });
  const jobs = new Queue('bare', { connection, prefix });
  return {
    pids,
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

async function startWorker(children: Children, by: string, prefix: string, options: Options): Promise<number> {
  const { main = fileURLToPath(new URL(`floors/${by}.main.ts`, import.meta.url)), queue, url, concurrency } = options;
  const logFile = join(options.dir, 'bare.log');
  const ready = Promise.withResolvers<void>();
  const worker = await children.start({
    name: 'bare worker',
    stage: 'service',
    command: process.execPath,
    args: [main],
    env: { BARE_REDIS: queue.url, BARE_PREFIX: prefix, BARE_URL: url, BARE_CONCURRENCY: `${concurrency}` },
    logFile,
    onLine: (line) => {
      if (line === 'ready') ready.resolve();
      options.onLine?.(line);
    },
  });
  void worker.exited.then(() => ready.reject(new Error(`a bare worker ended at its start: see ${logFile}`)));
  await ready.promise;
  return worker.pid;
}
