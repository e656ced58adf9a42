/** What other Node systems send with `packages/enqueue`, as it lies in Redis, and what they are told when it cannot. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { enqueue, type OrderUpdate } from '@lazada-sof/enqueue';
import { until } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Gate, openGate } from '../faults/gate.ts';
import { describeOnOwnRedis } from '../servers/own-redis.ts';

const UPDATE: OrderUpdate = { account: 'demo-sg', orderNumber: '400100000214683', status: 'delivered' };
const numbered = (orderNumber: number): OrderUpdate => ({ ...UPDATE, orderNumber: String(orderNumber) });

await describeOnOwnRedis('a Node system that sends', (url) => {
  let redis: Redis;
  let queue: Queue;
  let gate: Gate;
  beforeEach(async () => {
    redis = new Redis(url);
    await redis.flushall();
    gate = await openGate(url);
    queue = new Queue('order-update', { connection: redis, prefix: '{lazada-sof}', skipMetasUpdate: true });
  });
  afterEach(async () => {
    await gate.close();
    await allClosed();
    redis.disconnect();
  });
  const allClosed = () =>
    until(async () => (await redis.info('clients')).includes('connected_clients:1\r'), {
      what: 'nobody but the test is connected',
      withinMs: 30_000,
    });
  const waiting = () => queue.getJobCountByTypes('waiting');
  const failure = (updates: OrderUpdate | OrderUpdate[] = UPDATE, to = gate.url): Promise<string> =>
    enqueue(updates, { url: to }).then(() => 'it was sent', String);
  const { host, password } = new URL(url);

  test('adds the same job that our own producer adds', async () => {
    const producer = await openProducer({ url, prefix: '{lazada-sof}' });
    await producer.add([{ name: 'update-order', data: { v: 1, ...UPDATE } }]);
    await producer.close();
    const before = await redis.hgetall('{lazada-sof}:order-update:meta');
    await enqueue(UPDATE, { url });
    const [ours, theirs] = await Promise.all(['1', '2'].map((id) => redis.hgetall(`{lazada-sof}:order-update:${id}`)));
    const read = ({ data = '', opts = '', timestamp: _at, ...rest }: Record<string, string> = {}) => ({
      ...rest,
      data: JSON.parse(data),
      opts: JSON.parse(opts),
    });
    expect(read(theirs)).toEqual(read(ours));
    // What holds for the whole queue is the services'.
    expect(await redis.hgetall('{lazada-sof}:order-update:meta')).toEqual(before);
  });

  test('adds several in their order, also more than go in one packet', async () => {
    await enqueue(
      Array.from({ length: 2_500 }, (_, number) => numbered(number)),
      { url },
    );
    const jobs = await queue.getJobs(['waiting'], 0, -1, true);
    expect(jobs.map(({ data }) => data.orderNumber)).toEqual(
      Array.from({ length: 2_500 }, (_, number) => String(number)),
    );
  });

  test('adds under the prefix that it names', async () => {
    await enqueue(UPDATE, { url, prefix: '{another}' });
    expect([await waiting(), await redis.llen('{another}:order-update:wait')]).toEqual([0, 1]);
  });

  test('needs no more than the login that the page for its developers makes', async () => {
    const page = readFileSync(new URL('../../../../docs/order-updates.md', import.meta.url), 'utf8');
    const [, words = ''] = /^ACL (SETUSER .+)$/m.exec(page) ?? [];
    await redis.call('ACL', ...words.split(' '));
    const [, name = '', , secret = ''] = words.split(' ');
    const its = new URL(url);
    its.username = name;
    its.password = secret.slice(1);
    await enqueue([UPDATE, UPDATE], { url: its.href });
    expect(await waiting()).toBe(2);
    const sender = new Redis(its.href);
    await expect(sender.llen('{lazada-sof}:status-sync:wait')).rejects.toThrow('NOPERM');
    await expect(sender.flushall()).rejects.toThrow('NOPERM');
    sender.disconnect();
  });

  describe('over one connection', () => {
    const opened = async () => Number(/total_connections_received:(\d+)/.exec(await redis.info('stats'))?.[1]);
    test('has one for all calls of a moment, and none afterwards', async () => {
      await allClosed();
      const before = await opened();
      await Promise.all(Array.from({ length: 200 }, (_, number) => enqueue(numbered(number), { url: gate.url })));
      await enqueue(UPDATE, { url: gate.url });
      expect([await waiting(), (await opened()) - before]).toEqual([201, 1]);
      await allClosed();
      await enqueue(UPDATE, { url: gate.url });
      expect([await waiting(), (await opened()) - before]).toEqual([202, 2]);
    });
  });

  describe('is told', () => {
    test('that Redis is away, without the password, and sends again as soon as it is back', async () => {
      await enqueue(numbered(1), { url: gate.url });
      gate.shut();
      expect(await failure(numbered(2))).toMatch(
        /^Error: the queue at redis:\/\/127\.0\.0\.1:\d+ .*(cannot be reached|did not take)/,
      );
      expect(await failure(numbered(2))).not.toContain(password);
      gate.open();
      await enqueue(numbered(2), { url: gate.url });
      const jobs = await queue.getJobs(['waiting'], 0, -1, true);
      expect(jobs.map(({ data }) => data.orderNumber)).toEqual(['1', '2']);
    });

    test('that the connection broke in the middle, and that it may send again', async () => {
      await enqueue(UPDATE, { url: gate.url });
      const sending = failure();
      gate.shut();
      expect(await sending).toMatch(
        /did not take the updates: .*send them again, with the same requestId they have one effect$/,
      );
    });

    test('that Redis has frozen, while it sends', async () => {
      await enqueue(UPDATE, { url });
      await redis.client('PAUSE', 60_000, 'WRITE');
      const told = await failure(UPDATE, url);
      await redis.client('UNPAUSE');
      expect(told).toBe(
        `Error: the queue at redis://${host} did not take the updates: Command timed out. Whether it has them is not known: send them again, with the same requestId they have one effect`,
      );
      await enqueue(UPDATE, { url });
    });

    test('that who listens there says nothing', async () => {
      const silent = createServer((caller) => caller.resume());
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const address = silent.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      expect(await failure(UPDATE, `redis://127.0.0.1:${port}`)).toContain(
        `the queue at redis://127.0.0.1:${port} cannot be reached: `,
      );
      await new Promise((resolve) => silent.close(resolve));
    });

    test('that Redis is full, and how many it has for certain', async () => {
      const many = Array.from({ length: 2_500 }, (_, number) => ({ ...numbered(number), reason: 'x'.repeat(1_000) }));
      const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
      await redis.config('SET', 'maxmemory', used + 3_500_000);
      const told = await failure(many, url);
      await redis.config('SET', 'maxmemory', 0);
      expect(told).toContain("OOM command not allowed when used memory > 'maxmemory'");
      const [, first] =
        /The first (\d+) of 2500 are in the queue\. Whether it has the rest is not known/.exec(told) ?? [];
      expect(Number(first)).toBeLessThanOrEqual(await waiting());
      expect(await waiting()).toBeLessThan(2_500);
    });

    test('that it may not sign in, without the password', async () => {
      const wrong = new URL(url);
      wrong.password = 'not-the-password';
      const told = await failure(UPDATE, wrong.href);
      expect(told).toBe(
        `Error: the queue at redis://${host} cannot be reached: WRONGPASS invalid username-password pair or user is disabled. Nothing was sent`,
      );
    });
  });
});
