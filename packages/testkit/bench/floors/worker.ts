/** What a status costs at the least: BullMQ, and one POST per job. No database, no limits, no log. */
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const { BARE_REDIS = '', BARE_PREFIX = '', BARE_URL = '', BARE_CONCURRENCY = '' } = process.env;

export const TO = new URL(BARE_URL);
export const HEADERS = { 'content-type': 'application/json', authorization: 'JWT token' };

/** Posts the data of each job; `post` answers the status, `close` ends its kept connections. */
export async function runFloor(post: (body: string) => Promise<number>, close: () => unknown): Promise<void> {
  const connection = new Redis(BARE_REDIS, { maxRetriesPerRequest: null });
  const handle = async ({ data }: { data: unknown }) => {
    const status = await post(JSON.stringify(data));
    if (status !== 202) throw new Error(`answered ${status}`);
  };
  const worker = new Worker('bare', handle, {
    connection,
    prefix: BARE_PREFIX,
    concurrency: Number(BARE_CONCURRENCY),
  });
  await worker.waitUntilReady();
  console.info('ready');
  process.once('SIGTERM', async () => {
    await worker.close();
    connection.disconnect();
    await close();
  });
}
