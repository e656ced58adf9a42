/**
 * The story with a PgBouncer in transaction mode between the services and the database: all of them share two connections of
 * the server. Only the scheduler has one of its own, for notifications.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnPgBouncer } from '../src/servers/suites.ts';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const SERVICES = [...ORDER_SERVICES, 'api'] as const;
const SENDING =
  "select from public.order_lazada_attempt a join public.orders o on o.id = a.order_id where o.order_number = $1 and a.outcome = 'sending'";
const CONNECTIONS =
  "select usename, count(*)::int as count from pg_stat_activity where datname = current_database() and application_name <> 'lazada-sof listener' and usename in ('sof_services', 'sof_api') group by 1";

await describeOnPgBouncer('behind a pooler in transaction mode, with SWEEP_INTERVAL=1h', (through) => {
  let stage: Stage;
  let number = '';
  beforeAll(async () => {
    stage = await openStage({ queue: 'postgres', services: SERVICES, counts: { 'status-sync': 2 }, through });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const killDuring = async (orderNumber: string) => {
    await until(async () => (await stage.sql(SENDING, [orderNumber])).length > 0, {
      what: 'a status is being sent',
      withinMs: 30_000,
    });
    const workers = stage.system.workers.filter(({ service }) => service === 'status-sync');
    await Promise.all(workers.map((worker) => worker.kill().then(() => worker.start())));
  };

  test('workers that are killed while they send leave nothing half done: the order is shipped', async () => {
    await stage.lazada.post('/faults', { api: 'sof', path: 'sof/status', match: '', delayMs: 5_000, times: 1 });
    [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 2 });
    await killDuring(number);
    await stage.reaches(number, { state: 'shipped', status: 'shipped' }, 120_000);
  }, 180_000);

  test('a flag in SQL reaches the SOF module by its notification', async () => {
    await stage.deliver(number);
    await stage.reaches(number, { state: 'delivered', update_delivered: 0, status: 'delivered' });
  }, 30_000);

  test('its invoice lies on the target, and a read confirms it', async () => {
    await stage.reaches(number, { invoice_status: 'uploaded', package_confirmed: true }, 60_000);
  }, 90_000);

  test('forty orders more go the same way, and nothing was refused, doubled or skipped', async () => {
    const numbers = await stage.addOrders({ account: 'demo-sg', count: 40 });
    for (const one of numbers) await stage.reaches(one, { state: 'shipped' }, 60_000);
    for (const one of numbers) await stage.deliver(one);
    for (const one of numbers) await stage.reaches(one, { state: 'delivered' }, 60_000);
    const { refusals, duplicates, endedWithoutShipped } = await stage.lazada.counts();
    expect({ refusals, duplicates, endedWithoutShipped }).toEqual({
      refusals: {},
      duplicates: 0,
      endedWithoutShipped: 0,
    });
  }, 180_000);

  test('all of them had two connections of the server for each login', async () => {
    const used = await stage.sql(CONNECTIONS);
    expect(used.map(({ usename }) => usename)).toContain('sof_services');
    for (const { count } of used) expect(count).toBeLessThanOrEqual(2);
  });
});
