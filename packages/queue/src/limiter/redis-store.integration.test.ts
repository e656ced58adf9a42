import { expect, jest, test } from '@jest/globals';
import { describeOnRedis, openTestQueue } from '@lazada-sof/testkit';
import { connectRedis } from '../server/redis.ts';
import { createRedisStore } from './redis-store.ts';

await describeOnRedis('the limiter’s store on Redis', () => {
  test('is asked for all slots of one moment in one packet, and answers each', async () => {
    const { url, prefix, close } = await openTestQueue('redis');
    const redis = await connectRedis(url, 'fails', { together: true });
    const store = createRedisStore(redis, prefix);
    try {
      const take = (accountId: number) =>
        store.take(
          { account: `sofp:account:${accountId}`, app: undefined },
          { intervalMs: 1, atMostMs: 0, slot: null },
        );
      await take(0); // the script is sent
      const write = jest.spyOn(socketOf(redis), 'write');
      const taken = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(take));
      expect(taken).toEqual(Array(8).fill({ kind: 'go', troubled: false }));
      expect(write).toHaveBeenCalledTimes(1);
    } finally {
      await store.close();
      await close();
    }
  });
});

function socketOf(redis: Awaited<ReturnType<typeof connectRedis>>) {
  if ('stream' in redis) return redis.stream;
  throw new Error('a cluster has a socket for each of its nodes');
}
