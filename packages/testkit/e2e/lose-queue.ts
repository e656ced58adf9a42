import { Redis } from 'ioredis';
import type { TestSystem } from '../src/servers/test-system.ts';

/** As FLUSHALL does, of a server that other tests use too. */
export async function loseQueue({ env }: Pick<TestSystem, 'env'>): Promise<void> {
  const redis = new Redis(env.QUEUE_URL ?? '');
  const keys = await redis.keys(`${env.QUEUE_PREFIX?.replaceAll(/[[\]?*\\]/g, '\\$&')}*`);
  await redis.unlink(...keys).finally(() => redis.disconnect());
}
