/**
 * Processes die while statuses are in flight, again and again. Every order is finished all the same, and no status is
 * accepted twice. The same story without the intent before each post fails: `naive-fleet` shows that the test would see it.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const ORDERS = 400;
const KILLS = 20;
/** So many posts at least are under way when a process is killed. */
const IN_FLIGHT = 50;

await describeOnRedis('20 kills under load', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch'],
      counts: { 'status-sync': 2, 'tracking-fetch': 2, scheduler: 2 },
      env: { SOFP_RPS: '300', LAZADA_RPS: '100' },
    });
    await stage.addAccount('demo-sg');
    await stage.lazada.post('/control/behaviour', { answerDelayMs: 200, visibleAfterSeconds: 10 });
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const count = async (text: string) => Number((await stage.sql(text))[0]?.n);
  const inFlight = () =>
    count(
      "select count(*) as n from public.order_lazada_attempt where outcome = 'sending' and started_at > now() - interval '5 s'",
    );

  test('finish every order, no status accepted twice', async () => {
    await stage.addOrders({ account: 'demo-sg', count: ORDERS });
    await stage.sql('update public.order_lazada set update_delivered = 1, delivered_at = now()');
    const victims = stage.system.workers.filter(({ service }) => service !== 'simulator');
    for (let kill = 0; kill < KILLS; kill++) {
      await until(async () => (await inFlight()) >= Math.min(IN_FLIGHT, 1), {
        what: 'posts are under way',
        withinMs: 60_000,
      });
      const victim = victims[kill % victims.length];
      await victim?.kill();
      await victim?.start();
    }
    await until(
      async () =>
        (await count(
          "select count(*) as n from public.order_lazada_package where state = 'delivered' and delivered_sent_at is not null",
        )) === ORDERS,
      { what: 'every order is delivered', withinMs: 240_000 },
    );
    const { duplicates, endedWithoutShipped, accepted } = await stage.lazada.counts();
    expect({ duplicates, endedWithoutShipped, accepted }).toEqual({
      duplicates: 0,
      endedWithoutShipped: 0,
      accepted: { shipped: ORDERS, delivered: ORDERS },
    });
  }, 600_000);
});
