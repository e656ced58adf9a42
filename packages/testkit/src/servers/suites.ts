/** Suites that need a Redis. To be awaited at the top of a test file. */
import { describe } from '@jest/globals';
import { leaveOut } from './left-out.ts';
import { shared } from './shared-answers.ts';
import type { QueueKind } from './test-queue.ts';

/** Left out, loudly, where there is no Redis. */
export async function describeOnRedis(title: string, suite: () => void): Promise<void> {
  const redis = await shared('redis');
  if ('url' in redis) return void describe(title, suite);
  leaveOut({
    what: title,
    why: redis.missing,
    remedy: 'install one (sudo apt-get install redis-server, or: brew install redis) or set QUEUE_URL=redis://…',
  });
  describe.skip(title, suite);
}

/** The same suite on both backends of the queue. */
export async function describeOnEachQueue(title: string, suite: (kind: QueueKind) => void): Promise<void> {
  describe(`${title} on PostgreSQL`, () => suite('postgres'));
  await describeOnRedis(`${title} on Redis`, () => suite('redis'));
}
