import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { shared } from './shared-answers.ts';
import { openEmptyDatabase } from './test-database.ts';

export type QueueKind = 'redis' | 'postgres';

export type TestQueue = {
  kind: QueueKind;
  url: string;
  prefix: string;
  /** Removes all that was put under the prefix. */
  close(): Promise<void>;
};

/** A queue of one's own: a prefix on the run's Redis, or a database. @throws Error where there is no Redis */
export async function openTestQueue(kind: QueueKind): Promise<TestQueue> {
  const prefix = `{test-${randomBytes(8).toString('hex')}}`;
  return { kind, prefix, ...(kind === 'redis' ? await onRedis(prefix) : await openEmptyDatabase()) };
}

async function onRedis(prefix: string) {
  const redis = await shared('redis');
  if ('missing' in redis) throw new Error(`no Redis for this test: ${redis.missing}`);
  return { url: redis.url, close: () => removeKeys(redis.url, prefix) };
}

/** The Redis may be somebody's own. */
async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
