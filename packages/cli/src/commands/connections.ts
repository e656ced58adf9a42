/** What commands open, and close again whatever happens. Settings are read before, all at once: each mistake is named. */
import { type Db, openDb, parseKeys } from '@lazada-sof/db';
import type { Producer } from '@lazada-sof/queue';
import type { Config } from '@lazada-sof/runtime';

const SOURCE = 'cli';

/** With `keys` for a command that touches secrets. */
export type DbSettings = Config<'database'> & Partial<Config<'keys'>>;

export async function withDb<Answer>(
  { database, keys }: DbSettings,
  work: (db: Db) => Promise<Answer>,
): Promise<Answer> {
  const ring = keys && { keys: parseKeys(keys.encryption) };
  const db = openDb({ ...database, ...ring, source: SOURCE, connections: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Loaded when it is needed: the queue takes as long to load as all the rest, and few commands use it. */
export const loadQueue = () => import('@lazada-sof/queue');

export async function withQueue<Answer>(
  { queue }: Config<'queue'>,
  work: (producer: Producer) => Promise<Answer>,
): Promise<Answer> {
  const { openProducer } = await loadQueue();
  const producer = await openProducer(queue);
  try {
    return await work(producer);
  } finally {
    await producer.close();
  }
}
