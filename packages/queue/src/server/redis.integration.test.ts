import { afterEach, expect, jest, test } from '@jest/globals';
import { describeOnOwnRedis, recordedLog } from '@lazada-sof/testkit';
import { Redis } from 'ioredis';
import { openProducer } from '../producer.ts';

await describeOnOwnRedis('a Redis', (url) => {
  const withServer = async (change: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(url);
    await change(redis).finally(() => redis.disconnect());
  };
  afterEach(() => withServer((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction')));

  test('that would throw jobs away is refused at the start, with what to set', async () => {
    await withServer((redis) => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    const { host } = new URL(url);
    await expect(openProducer({ url, prefix: '{test}' })).rejects.toMatchObject({
      name: 'ConfigError',
      mistakes: [
        `QUEUE_URL: the Redis at redis://${host} has maxmemory-policy allkeys-lru and would throw jobs away: set maxmemory-policy noeviction there`,
      ],
    });
  });

  test('that hides what it would do is taken, with a warning', async () => {
    await withServer((redis) =>
      redis.call('ACL', 'SETUSER', 'managed', 'on', '>secret', '~*', '+@all', '-info', '-config'),
    );
    const hidden = new URL(url);
    hidden.username = 'managed';
    hidden.password = 'secret';
    jest.spyOn(console, 'warn').mockReturnValue(); // ioredis says it too, at every connection
    const { log, lines } = recordedLog();
    const producer = await openProducer({ url: hidden.href, prefix: '{test}', log });
    expect(await producer.ping()).toBe(true);
    expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('noeviction') }]);
    await producer.close();
    jest.restoreAllMocks();
  });

  test('that refuses the login is named with the reason and without the password', async () => {
    const wrong = new URL(url);
    wrong.password = 'not-the-password';
    const error = await openProducer({ url: wrong.href, prefix: '{test}' }).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(/^Error: queue at redis:\/\/127\.0\.0\.1:\d+ cannot be reached: WRONGPASS/);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('not-the-password');
  });
});
