import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChildren, type System, type SystemOptions, startSystem, withClient } from '@lazada-sof/local';
import type { Through } from './suites.ts';
import { openTestDatabase } from './test-database.ts';
import { openTestQueue, type QueueKind } from './test-queue.ts';

export type TestSystem = Omit<System, 'stop'> & {
  /** Directly, whichever way the services go. */
  databaseUrl: string;
  /** What the host, or a person in psql, does. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Logs and invoices. Gone after `close`. */
  dir: string;
  /** Stops the services, removes their database, queue and files. */
  close(): Promise<void>;
};

/** Services as processes on a database and a queue of their own. */
export async function startTestSystem(
  options: Pick<SystemOptions, 'services' | 'counts' | 'env' | 'mains'> & {
    queue: QueueKind;
    /** How the services reach the database; notifications come directly. */
    through?: Through | undefined;
  },
): Promise<TestSystem> {
  const [database, queue] = await Promise.all([openTestDatabase(), openTestQueue(options.queue)]);
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-system-'));
  const children = openChildren();
  children.deleteAtEnd(dir);
  const release = async () => {
    await Promise.all([database.close(), queue.close()]);
  };
  const { queue: _, through, env, ...given } = options;
  const settings = { ...(through && { DATABASE_LISTEN_URL: database.as('services') }), ...env };
  const databaseUrl = through ? through(database.url) : database.url;
  const servers = { env: settings, databaseUrl, queueUrl: queue.url, queuePrefix: queue.prefix, dir, children };
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
    sql: (text, values = []) =>
      withClient(database.url, async (client) => (await client.query(text, [...values])).rows),
    dir,
    close,
  };
}
