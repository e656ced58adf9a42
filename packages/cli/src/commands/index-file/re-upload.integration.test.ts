import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openProducer } from '@lazada-sof/queue';
import { openTestQueue, type TestQueue } from '@lazada-sof/testkit';
import { openCli, type TestCli } from '../../cli.fixture.ts';

let cli: TestCli;
let queue: TestQueue;
let env: Record<string, string>;
let shop: string;
beforeAll(async () => {
  [cli, queue] = await Promise.all([openCli(), openTestQueue('postgres')]);
  env = { QUEUE_URL: queue.url, QUEUE_PREFIX: queue.prefix, INVOICE_TARGET_URL: 'file:///nowhere' };
  shop = await cli.shop();
});
afterAll(() => Promise.all([cli.close(), queue.close()]));

const jobs = async () => {
  const producer = await openProducer(queue);
  try {
    const found = await Promise.all(producer.queues().map((one) => one.getJobs(['waiting', 'delayed'])));
    return found.flat().map(({ queueName, name, data }) => ({ queue: queueName, name, data }));
  } finally {
    await producer.close();
  }
};
const rows = () => cli.database.sql('select day::text, asked_at is not null as asked from lazada_daily_job');

describe('index re-upload', () => {
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  test.each<[what: string, args: string, settings: Record<string, string>, code: number, words: RegExp]>([
    ['a day that is not over', `SHOP ${tomorrow}`, {}, 1, /is not over in Asia\/Singapore, where account shop-\d+ is/],
    ['no day', 'SHOP 2026-02-30', {}, 2, /^<date>: 2026-02-30 is no day; write it as YYYY-MM-DD/],
    ['a day in another form', 'SHOP 14.3.2026', {}, 2, /^<date>: 14.3.2026 is no day/],
    ['an account that there is not', 'nobody 2026-03-14', {}, 1, /there is no account nobody/],
    ['no target', 'SHOP 2026-03-14', { INVOICE_TARGET_URL: '' }, 1, /^INVOICE_TARGET_URL is not set/],
  ])('%s is refused in words, and nothing is written', async (_, args, settings, code, words) => {
    const ran = await cli.sof(`index re-upload ${args.replace('SHOP', shop)}`, { env: { ...env, ...settings } });
    expect({ code: ran.code, err: ran.err }).toEqual({ code, err: expect.stringMatching(words) });
    expect([await rows(), await jobs()]).toEqual([[], []]);
  });

  test('asks for it at once, also where no worker runs; then it is written as soon as one does', async () => {
    const ran = await cli.sof(`index re-upload ${shop} 2026-03-14`, { env });
    const out = `${shop}/2026-03-14: asked for; invoice-upload writes it as soon as it runs.\n`;
    expect(ran).toEqual({ code: 0, out, err: 'waiting for invoice-upload, 15 seconds at most …\n' });
    expect(await rows()).toEqual([{ day: '2026-03-14', asked: true }]);
    expect(await jobs()).toEqual([
      {
        queue: 'invoice-upload',
        name: 'upload-index',
        data: { v: 1, accountId: expect.any(String), date: '2026-03-14' },
      },
    ]);
  }, 30_000);
});
