/** What it costs at the least to put jobs into a queue: BullMQ's `addBulk` of a thousand, on a connection that stands. */
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const BULK = 1_000;

export type BareQueue = {
  add(count: number): Promise<void>;
  close(): Promise<void>;
};

export async function openBareQueue({ url, prefix }: { url: string; prefix: string }): Promise<BareQueue> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('bare', { connection, prefix });
  await queue.waitUntilReady();
  return {
    async add(count) {
      for (let first = 0; first < count; first += BULK) await queue.addBulk(jobs(first));
    },
    async close() {
      await queue.close();
      connection.disconnect();
    },
  };
}

const jobs = (first: number) =>
  Array.from({ length: BULK }, (_, index) => ({ name: 'bare', data: { v: 1, orderId: String(first + index) } }));
