import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChildren, type System, type SystemOptions, startSystem } from '@lazada-sof/local';
import { openTestDatabase } from './test-database.ts';
import { openTestQueue, type QueueKind } from './test-queue.ts';

export type TestSystem = Omit<System, 'stop'> & {
  databaseUrl: string;
  /** Logs and invoices. Gone after `close`. */
  dir: string;
  /** Stops the services, removes their database, queue and files. */
  close(): Promise<void>;
};

/** Services as processes on a database and a queue of their own. */
export async function startTestSystem(
  options: Pick<SystemOptions, 'services' | 'counts' | 'env' | 'mains'> & { queue: QueueKind },
): Promise<TestSystem> {
  const [database, queue] = await Promise.all([openTestDatabase(), openTestQueue(options.queue)]);
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-system-'));
  const children = openChildren();
  children.deleteAtEnd(dir);
  const release = async () => {
    await Promise.all([database.close(), queue.close()]);
  };
  const { queue: _, ...given } = options;
  const servers = { databaseUrl: database.url, queueUrl: queue.url, queuePrefix: queue.prefix, dir, children };
  const system = await startSystem({ ...given, ...servers }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const close = () => system.stop().then(release);
  return {
    env: system.env,
    workers: system.workers,
    worker: system.worker,
    url: system.url,
    databaseUrl: database.url,
    dir,
    close,
  };
}
