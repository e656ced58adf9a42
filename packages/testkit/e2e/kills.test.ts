/**
 * Processes die while statuses are in flight, again and again. Every order is finished all the same, and no status is
 * accepted twice. The same story with the intent left out makes doubles: so this test can fail.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

/** So many posts at least are under way when a process is killed. */
const IN_FLIGHT = 50;
/** So many orders are told to be delivered before each kill. */
const WAVE = 100;

const NAIVE = fileURLToPath(new URL('naive-status-sync.ts', import.meta.url));

async function openStory(options: Partial<StageOptions> = {}): Promise<Stage> {
  const stage = await openStage({
    queue: 'redis',
    services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch'],
    counts: { 'status-sync': 2, 'tracking-fetch': 2, scheduler: 2 },
    env: { SOFP_RPS: '2000', LAZADA_RPS: '100' },
    ...options,
  });
  await stage.addAccount('demo-sg');
  return stage;
}

const counter = (stage: Stage) => async (text: string) => Number((await stage.sql(text))[0]?.n);

/** Orders that Lazada knows to be shipped; from then on it answers late and shows what it accepted later still. */
async function shipped(stage: Stage, count: number): Promise<void> {
  await stage.addOrders({ account: 'demo-sg', count });
  const read = counter(stage);
  const all = async () =>
    (await read("select count(*) as n from public.order_lazada_package where state = 'shipped'")) === count;
  await until(all, { what: 'every order is shipped', withinMs: 180_000 });
  await stage.lazada.post('/control/behaviour', { answerDelayMs: 200, visibleAfterSeconds: 10 });
}

/** A wave of flags, and the process dies as soon as its posts are under way. It is started again while the next comes. */
async function killInWaves(stage: Stage, { kills, inFlight }: { kills: number; inFlight: string }): Promise<void> {
  const read = counter(stage);
  const victims = stage.system.workers.filter(({ service }) => service !== 'simulator');
  const starts = new Map(victims.map((victim) => [victim, Promise.resolve()]));
  for (let kill = 0; kill < kills; kill++) {
    const victim = victims[kill % victims.length];
    if (!victim) throw new Error('there is nobody to kill');
    await starts.get(victim);
    await stage.sql(
      `update public.order_lazada set update_delivered = 1, delivered_at = now()
        where order_id in (select order_id from public.order_lazada where update_delivered = 0 and delivered_at is null order by order_id limit $1)`,
      [WAVE],
    );
    await until(async () => (await read(inFlight)) >= IN_FLIGHT, {
      what: `${IN_FLIGHT} posts are under way`,
      withinMs: 60_000,
    });
    await victim.kill();
    starts.set(victim, victim.start());
  }
  await Promise.all(starts.values());
}

const SENDING =
  "select count(*) as n from public.order_lazada_attempt where outcome = 'sending' and started_at > now() - interval '2 s'";

await describeOnRedis('kills under load', () => {
  test('20 of them, spread over all workers: every order is finished, no status accepted twice', async () => {
    const orders = 20 * WAVE;
    const stage = await openStory();
    try {
      await shipped(stage, orders);
      await killInWaves(stage, { kills: 20, inFlight: SENDING });
      const read = counter(stage);
      const all = async () =>
        (await read(
          "select count(*) as n from public.order_lazada_package where state = 'delivered' and delivered_sent_at is not null",
        )) === orders;
      await until(all, { what: 'every order is delivered', withinMs: 240_000 });
      const { duplicates, endedWithoutShipped, accepted } = await stage.lazada.counts();
      expect({ duplicates, endedWithoutShipped, accepted }).toEqual({
        duplicates: 0,
        endedWithoutShipped: 0,
        accepted: { shipped: orders, delivered: orders },
      });
    } finally {
      await stage.close();
    }
  }, 900_000);

  test('with the intent left out, statuses are accepted twice: this test would see it', async () => {
    const stage = await openStory({ mains: { 'status-sync': NAIVE }, counts: { 'status-sync': 2 } });
    try {
      await shipped(stage, 4 * WAVE);
      // Nothing is written before a post: that one is under way shows at the other end.
      const { accepted } = await stage.lazada.counts();
      await stage.sql('update public.order_lazada set update_delivered = 1, delivered_at = now()');
      await until(async () => ((await stage.lazada.counts()).accepted.delivered ?? 0) > IN_FLIGHT, {
        what: 'posts are under way',
        withinMs: 60_000,
      });
      await Promise.all(
        stage.system.workers
          .filter(({ service }) => service === 'status-sync')
          .map((victim) => victim.kill().then(() => victim.start())),
      );
      await until(async () => (await stage.lazada.counts()).duplicates > 0, {
        what: 'a status is accepted twice',
        withinMs: 120_000,
      });
      expect(accepted.shipped).toBeGreaterThan(0);
    } finally {
      await stage.close();
    }
  }, 600_000);
});
