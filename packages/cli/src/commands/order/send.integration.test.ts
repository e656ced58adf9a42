import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openProducer } from '@lazada-sof/queue';
import { describeOnRedis, openTestQueue, type QueueKind, type TestQueue } from '@lazada-sof/testkit';
import { blockedStep, DELIVERED, MISMATCH, openCli, READY_PACKAGE, type TestCli } from '../../cli.fixture.ts';

let cli: TestCli;
let shop: string;
beforeAll(async () => {
  cli = await openCli();
  shop = await cli.shop();
});
afterAll(() => cli.close());

/** The jobs of this order, and the queue that each is in. */
async function jobsOf(queue: TestQueue, orderId: string) {
  const producer = await openProducer(queue);
  try {
    const found = await Promise.all(producer.queues().map((one) => one.getJobs(['waiting', 'delayed'])));
    const jobs = found.flat().filter(({ data }) => data.orderId === orderId);
    return jobs.map(({ queueName, name, data }) => ({ queue: queueName, name, force: data.force }));
  } finally {
    await producer.close();
  }
}
const settingsOf = ({ url, prefix }: TestQueue) => ({ QUEUE_URL: url, QUEUE_PREFIX: prefix });

function suite(kind: QueueKind) {
  test('enqueues what is blocked with force, once however often it is said', async () => {
    const queue = await openTestQueue(kind);
    try {
      const env = settingsOf(queue);
      const { orderNumber, orderId } = await cli.order(shop, { package: READY_PACKAGE, step: blockedStep('shipped') });
      const { code, out } = await cli.sof(`order send ${shop} ${orderNumber}`, { env });
      const steps = ['shipped', 'invoice_fetch', 'look'];
      expect({ code, out }).toEqual({ code: 0, out: `Trying ${shop}/${orderNumber} now: ${steps.join(', ')}.\n` });
      expect(await cli.json(`order send ${shop} ${orderNumber}`, { env })).toEqual({
        jobs: ['sync-status', 'fetch-invoice'],
        steps,
        held: [],
      });
      expect(await jobsOf(queue, orderId)).toEqual([
        { queue: 'status-sync', name: 'sync-status', force: true },
        { queue: 'invoice-fetch', name: 'fetch-invoice', force: true },
      ]);
    } finally {
      await queue.close();
    }
  });
}
describe('order send on PostgreSQL', () => suite('postgres'));
await describeOnRedis('order send on Redis', () => suite('redis'));

describe('order send', () => {
  let queue: TestQueue;
  let env: Record<string, string>;
  beforeAll(async () => {
    queue = await openTestQueue('postgres');
    env = settingsOf(queue);
  });
  afterAll(() => queue.close());

  test('posts again what Lazada accepted and does not show', async () => {
    const { orderNumber, orderId } = await cli.order(shop, MISMATCH);
    const { code, out } = await cli.sof(`order send ${shop} ${orderNumber}`, { env });
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('delivered') });
    expect(await cli.stored(orderId)).toMatchObject({
      package: { state: 'shipped', delivered_sent_at: null },
      events: ['released'],
    });
    expect(await jobsOf(queue, orderId)).toContainEqual({ queue: 'status-sync', name: 'sync-status', force: true });
  });

  test('ignores no hold: the items are read again, and what is held is told', async () => {
    const { orderNumber } = await cli.order(shop, { lazada: { ...DELIVERED, items_read_at: new Date() } });
    const { code, out } = await cli.sof(`order send ${shop} ${orderNumber}`, { env });
    expect({ code, lines: out.trimEnd().split('\n') }).toEqual({
      code: 0,
      lines: [
        `Trying ${shop}/${orderNumber} now: look.`,
        `Held, and not sent: too_early; see: npm run sof -- order explain ${shop} ${orderNumber}`,
      ],
    });
  });

  test('has nothing to send of a parked account, and says where the reason is', async () => {
    const parked = await cli.shop({ status: 'auth_failed' });
    const { orderNumber, orderId } = await cli.order(parked, { package: READY_PACKAGE });
    expect(await cli.sof(`order send ${parked} ${orderNumber}`, { env })).toEqual({
      code: 1,
      out: '',
      err: `nothing of ${parked}/${orderNumber} can be sent; see: npm run sof -- order explain ${parked} ${orderNumber}\n`,
    });
    expect(await jobsOf(queue, orderId)).toEqual([]);
  });

  test.each<[what: string, env: Record<string, string>, code: number, words: RegExp]>([
    ['without a queue', {}, 78, /^QUEUE_URL is missing/],
    ['while the queue is away', { QUEUE_URL: 'redis://:hush@127.0.0.1:1' }, 1, /^queue at redis:.* cannot be reached/],
  ])('%s changes nothing', async (_, without, code, words) => {
    const { orderNumber, orderId } = await cli.order(shop, MISMATCH);
    const before = await cli.stored(orderId);
    const sent = await cli.sof(`order send ${shop} ${orderNumber}`, { env: without });
    expect({ code: sent.code, out: sent.out }).toEqual({ code, out: '' });
    expect(sent.err).toMatch(words);
    expect(sent.err).not.toContain('hush');
    expect(await cli.stored(orderId)).toEqual(before);
  });
});
