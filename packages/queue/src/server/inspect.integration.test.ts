import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { describeOnOwnRedis, openTestQueue, type TestQueue } from '@lazada-sof/testkit';
import { Redis } from 'ioredis';
import { inspectQueue } from './inspect.ts';

await describeOnOwnRedis('a Redis', (url) => {
  const withServer = async (change: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(url);
    await change(redis).finally(() => redis.disconnect());
  };
  afterEach(() => withServer((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction')));

  test('tells what it is, and nothing of the password', async () => {
    const standing = await inspectQueue({ url });
    expect(standing).toMatchObject({
      kind: 'redis',
      isEncrypted: false,
      address: `redis://${new URL(url).host}`,
      servers: [
        {
          info: {
            version: expect.stringMatching(/^\d+\./),
            isCluster: false,
            isReplica: false,
            evictionPolicy: 'noeviction',
            persistence: { appendOnly: false, isFailing: false },
          },
        },
      ],
    });
    expect(JSON.stringify(standing)).not.toContain(new URL(url).password);
  });

  test('that would throw jobs away is looked at all the same', async () => {
    await withServer((redis) => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    expect(await inspectQueue({ url })).toMatchObject({ servers: [{ info: { evictionPolicy: 'allkeys-lru' } }] });
  });

  test('that lets nobody ask tells nothing, and is there', async () => {
    await withServer((redis) =>
      redis.call('ACL', 'SETUSER', 'silent', 'on', '>secret', '~*', '+@all', '-info', '-config'),
    );
    jest.spyOn(console, 'warn').mockReturnValue(); // ioredis says it too
    const hidden = Object.assign(new URL(url), { username: 'silent', password: 'secret' });
    expect(await inspectQueue({ url: hidden.href })).toMatchObject({
      servers: [{ info: { version: null, evictionPolicy: null, persistence: { appendOnly: null } } }],
    });
    jest.restoreAllMocks();
  });

  test('that refuses the login is named without the password', async () => {
    const wrong = Object.assign(new URL(url), { password: 'not-the-password' });
    await expect(inspectQueue({ url: wrong.href })).rejects.toThrow(/cannot be reached: WRONGPASS/);
  });
});

await describeOnOwnRedis(
  'a Redis cluster',
  (url) => {
    test('tells of each server that takes writes', async () => {
      expect(await inspectQueue({ url: url.replace('redis:', 'redis+cluster:') })).toMatchObject({
        kind: 'cluster',
        servers: [{ node: new URL(url).host, info: { isCluster: true, evictionPolicy: 'noeviction' } }],
      });
    });

    test('asked as if it were one server says that it is none', async () => {
      expect(await inspectQueue({ url })).toMatchObject({ kind: 'redis', servers: [{ info: { isCluster: true } }] });
    });
  },
  { isCluster: true },
);

let postgres: TestQueue;
beforeAll(async () => {
  postgres = await openTestQueue('postgres');
});
afterAll(() => postgres.close());

test('PostgreSQL tells its version', async () => {
  expect(await inspectQueue({ url: postgres.url })).toMatchObject({
    kind: 'postgres',
    version: expect.stringMatching(/^\d+\.\d+$/),
    isEncrypted: false,
  });
});

test('nobody there is named', async () => {
  await expect(inspectQueue({ url: 'redis://127.0.0.1:1' })).rejects.toThrow(
    'queue at redis://127.0.0.1:1 cannot be reached',
  );
});
