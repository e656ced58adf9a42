/** A flag that the host sets reaches Lazada by its notification alone, whatever else the order is waiting for. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const deliver = (minutes = 0) =>
  `update public.order_lazada set update_delivered = 1, delivered_at = now() + interval '${minutes} min' where order_id = (select id from public.orders where order_number = $1)`;

await describeOnRedis('a flag of the host, with SWEEP_INTERVAL=1h', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'invoice-fetch'],
    });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const shipped = async (script: object = {}, items: number = 1) => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items, script });
    await stage.reaches(number, { state: 'shipped' });
    return number;
  };
  const accepted = (number: string, statuses: string[][]) =>
    until(
      async () =>
        JSON.stringify((await stage.lazada.statuses(number)).toSorted()) === JSON.stringify(statuses.toSorted()),
      {
        what: `Lazada has accepted ${JSON.stringify(statuses)} of order ${number}`,
        withinMs: 15_000,
      },
    );

  test('a plain UPDATE reaches the SOF module by the notification alone', async () => {
    const number = await shipped();
    await stage.sql(deliver(), [number]);
    await accepted(number, [['shipped', 'delivered']]);
    const { delivered_at: set } = await stage.reaches(number, { state: 'delivered', update_delivered: 0 });
    const arrived = (await stage.lazada.order(number)).packages[0]?.accepted[1]?.at ?? '';
    console.info(`from UPDATE to the SOF module: ${Date.parse(arrived) - (set as Date).getTime()} ms`);
  }, 30_000);

  test('how long that took is measured', async () => {
    const { healthUrl } = stage.system.worker('status-sync');
    const counted = async () =>
      /sof_flag_to_sent_seconds_count [1-9]/.test(await (await fetch(`${healthUrl}/metrics`)).text());
    expect(await until(counted, { what: 'the metric is observed', withinMs: 20_000 })).toBe(true);
  });

  test("also while the order's invoice waits for hours", async () => {
    const number = await shipped({ invoice: { readyAfterSeconds: 86_400 } });
    await until(
      async () =>
        (
          await stage.sql(
            "select 1 from public.order_lazada_step s join public.orders o on o.id = s.order_id where o.order_number = $1 and s.step = 'invoice_fetch' and s.due_at > now()",
            [number],
          )
        ).length > 0,
      { what: 'the invoice waits', withinMs: 15_000 },
    );
    await stage.sql(deliver(), [number]);
    await accepted(number, [['shipped', 'delivered']]);
  }, 30_000);

  test('also while another package of it waits for its number', async () => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 2, script: { itemsPerPackage: 1 } });
    await stage.reaches(number, { status: 'shipped' });
    await stage.sql(
      "update public.order_lazada_package set tracking_number = null, state = 'ready_to_ship', shipped_sent_at = null where package_id = (select max(package_id) from public.order_lazada_package where order_id = (select id from public.orders where order_number = $1))",
      [number],
    );
    await stage.sql(
      "insert into public.order_lazada_step (order_id, step, ref, due_at, since) select order_id, 'tracking', id::text, now() + interval '1 h', now() from public.order_lazada_package where tracking_number is null and order_id = (select id from public.orders where order_number = $1)",
      [number],
    );
    await stage.sql(deliver(), [number]);
    await until(
      async () => (await stage.lazada.statuses(number)).flat().filter((status) => status === 'delivered').length === 1,
      { what: 'the numbered package is delivered', withinMs: 15_000 },
    );
  }, 30_000);

  test('set while the job of the order runs, it is sent when that is done', async () => {
    await stage.lazada.post('/faults', { api: 'sof', path: 'sof/status', match: '', delayMs: 2_000, times: 1 });
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 1 });
    await until(
      async () =>
        (
          await stage.sql(
            "select 1 from public.order_lazada_attempt a join public.orders o on o.id = a.order_id where o.order_number = $1 and a.outcome = 'sending'",
            [number],
          )
        ).length > 0,
      { what: 'shipped is being sent', withinMs: 15_000 },
    );
    await stage.sql(deliver(), [number]);
    await accepted(number, [['shipped', 'delivered']]);
  }, 30_000);

  test('set while the job of the order waits to be retried, it is sent without waiting for that', async () => {
    const number = await shipped({ invoice: { readyAfterSeconds: 86_400 } });
    const [second = ''] = await stage.addOrders({ account: 'demo-sg', items: 2, script: { itemsPerPackage: 1 } });
    await stage.reaches(second, { status: 'shipped' });
    const packages = (await stage.lazada.order(second)).packages;
    // One package of the order fails for a while, and its job waits for the next try.
    await stage.lazada.post('/faults', {
      api: 'sof',
      path: 'sof/status',
      match: packages[0]?.trackingNumber,
      status: 503,
      times: 8,
    });
    await stage.sql('update public.order_lazada_package set delivered_at = now() where tracking_number = $1', [
      packages[0]?.trackingNumber,
    ]);
    await stage.sql(
      'update public.order_lazada set next_attempt_at = now() where order_id = (select id from public.orders where order_number = $1)',
      [second],
    );
    await until(
      async () =>
        (
          await stage.sql(
            "select 1 from public.order_lazada_step s join public.orders o on o.id = s.order_id where o.order_number = $1 and s.step = 'delivered' and s.tries >= 3",
            [second],
          )
        ).length > 0,
      { what: 'the job waits to be retried', withinMs: 20_000 },
    );
    await stage.sql(deliver(), [second]);
    await until(
      async () => (await stage.lazada.order(second)).packages[1]?.accepted.some(({ status }) => status === 'delivered'),
      { what: 'the other package is delivered', withinMs: 15_000 },
    );
    expect((await stage.lazada.order(number)).packages[0]?.accepted.map(({ status }) => status)).toEqual(['shipped']);
  }, 60_000);

  test('nothing was refused, nothing came twice', async () => {
    const { refusals, duplicates, endedWithoutShipped } = await stage.lazada.counts();
    expect({ refusals, duplicates, endedWithoutShipped }).toEqual({
      refusals: {},
      duplicates: 0,
      endedWithoutShipped: 0,
    });
  });
});
