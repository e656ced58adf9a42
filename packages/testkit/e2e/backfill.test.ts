/**
 * A seller's orders of a month are read again, from the command line to Lazada, while processes die, Redis loses everything,
 * and other orders go their way. What it cost is counted at Lazada.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const SHOP = 'demo-sg';
const SOF = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const PIECE = 50;
const ORDERS = 20 * PIECE;
const DAYS = ['--from', '2026-03-01', '--to', '2026-03-31'];

await describeOnRedis('a backfill', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'tracking-fetch'],
      env: { LAZADA_RPS: '5' },
    });
    await stage.addAccount(SHOP);
    await stage.addOrders(
      { account: SHOP, status: 'ready_to_ship', count: ORDERS },
      { created_at: '2026-03-05T00:00:00Z' },
    );
  }, 120_000);
  afterAll(() => stage?.close(), 60_000);

  const sof = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [SOF, 'backfill', '--account', SHOP, ...DAYS, ...args], { env: { ...stage.system.env } });
  async function endOf(child: ChildProcess): Promise<{ code: unknown; out: string; err: string }> {
    const closed = once(child, 'close');
    const [out, err, [code]] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      closed,
    ]);
    return { code, out, err };
  }
  const row = async () =>
    (
      await stage.sql(
        'select done, due_at is not null as runs, finished_at is not null as over from lazada_backfill_run',
      )
    )[0];
  const reaches = (done: number) =>
    until(async () => Number((await row())?.done ?? 0) >= done, { what: `${done} orders are read`, withinMs: 120_000 });
  const calls = async () => (await stage.lazada.counts()).batches['/orders/items/get'];
  const unread = async () =>
    (await stage.sql('select count(*)::int as n from public.order_lazada where items is null'))[0]?.n;
  const worker = () => stage.system.worker('tracking-fetch');
  async function redisLosesEverything(): Promise<void> {
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = stage.system.env;
    const producer = await openProducer({ url, prefix });
    await Promise.all(producer.queues().map((queue) => queue.obliterate({ force: true })));
    await producer.close();
  }

  test('goes on where it was when its process is killed, and when Redis loses everything; it costs one call more each time', async () => {
    const looking = endOf(sof());
    for (const done of [2 * PIECE, 5 * PIECE]) {
      await reaches(done);
      await worker().kill();
      await worker().start();
    }
    await reaches(8 * PIECE);
    await worker().kill();
    await redisLosesEverything();
    // The two minutes are over after which the scheduler offers it again, and the minute between two looks of it.
    await stage.sql('update lazada_backfill_run set due_at = now()');
    const scheduler = stage.system.worker('scheduler');
    await scheduler.kill();
    await scheduler.start();
    await worker().start();
    expect(await looking).toEqual({
      code: 0,
      out: `${SHOP}, 2026-03-01 to 2026-03-31: ${ORDERS.toLocaleString('en')} orders were read again.\n`,
      err: expect.any(String),
    });
    expect(await unread()).toBe(0);
    const { calls: made = 0, largest = 0 } = (await calls()) ?? {};
    expect({ made: made <= ORDERS / PIECE + 3, largest }).toEqual({ made: true, largest: PIECE });
  }, 240_000);

  test('holds up no number that an order waits for; stopped it goes on where it was', async () => {
    const [waiting = ''] = await stage.addOrders(
      { account: SHOP, status: 'ready_to_ship', script: { trackingAfterSeconds: 3_600 } },
      { created_at: '2026-04-05T00:00:00Z', update_shipping: 0 },
    );
    expect((await endOf(sof('--no-wait'))).code).toBe(0);
    await reaches(PIECE);
    // Its package is known, its number is not: as the worker of ready to ship leaves it.
    const { packages } = await stage.lazada.order(waiting);
    await stage.sql(
      `insert into order_lazada_package (order_id, package_id, state, ready_to_ship_at)
       select id, $2, 'ready_to_ship', now() from public.orders where order_number = $1`,
      [waiting, packages[0]?.packageId],
    );
    await stage.lazada.post('/control/clock', { advanceSeconds: 3_600 });
    await stage.timePasses(waiting);
    await stage.reaches(waiting, { tracking_number: packages[0]?.trackingNumber }, 60_000);
    expect(await row()).toMatchObject({ runs: true, over: false });

    const stopped = await endOf(sof('--stop'));
    expect(stopped).toMatchObject({ code: 0, out: expect.stringMatching(/stopped after \d+ of 1,000 orders/) });
    const { done } = (await row()) ?? {};
    expect(Number(done)).toBeLessThan(ORDERS);
    const before = (await calls())?.elements ?? 0;
    expect((await endOf(sof())).code).toBe(0);
    expect(await row()).toMatchObject({ done: ORDERS, over: true });
    // Nothing that was read before the stop is read again, but the piece that was under way then.
    expect(((await calls())?.elements ?? 0) - before).toBeLessThanOrEqual(ORDERS - Number(done) + PIECE);
  }, 240_000);
});
