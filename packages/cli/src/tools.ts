/** What commands open, and close again whatever happens. */
import { type Db, openDb, parseKeys } from '@lazada-sof/db';
import { openProducer, type Producer } from '@lazada-sof/queue';
import { readConfig } from '@lazada-sof/runtime';

const SOURCE = 'cli';

/** `keys`: the command touches secrets. */
export async function withDb<Answer>(work: (db: Db) => Promise<Answer>, { keys = false } = {}): Promise<Answer> {
  const { database } = readConfig(['database']);
  const ring = keys ? { keys: parseKeys(readConfig(['keys']).keys.encryption) } : {};
  const db = openDb({ ...database, ...ring, source: SOURCE, connections: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

export async function withQueue<Answer>(work: (producer: Producer) => Promise<Answer>): Promise<Answer> {
  const producer = await openProducer(readConfig(['queue']).queue);
  try {
    return await work(producer);
  } finally {
    await producer.close();
  }
}
