/** A parcel that DHL brings: DHL says how it stands, and Lazada is told with DHL's time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const SERVICES = ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'carrier-poll'] as const;
const BUDGET = 30;

/** What the host writes once the parcel is with DHL. */
const WITH_DHL = `
  update public.order_lazada set carrier = 'DHL', carrier_tracking_number = $2
   where order_id = (select id from public.orders where order_number = $1)`;
const POLL_ROW = `
  select s.error_code, s.error, s.tries, s.due_at from public.order_lazada_step s join public.orders o on o.id = s.order_id
   where o.order_number = $1 and s.step = 'carrier_poll'`;
const SAID = `
  select e.source, e.data from public.order_lazada_event e join public.orders o on o.id = e.order_id
   where o.order_number = $1 and e.kind = 'flag_set'`;

/** Of now, as DHL eCommerce writes it. */
const inSingapore = (at: Date) =>
  `${new Date(at.getTime() + 8 * 3_600_000).toISOString().replace('Z', '')}986369+08:00`;

await describeOnRedis('a parcel with DHL', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: SERVICES,
      counts: { 'carrier-poll': 2 },
      env: { DHL_DAILY_BUDGET: String(BUDGET) },
    });
    await stage.addAccount('demo-sg');
    // On a busy machine two calls may come closer together than they left.
    await stage.lazada.post('/control/dhl/rules', { perSecond: 10 });
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const withDhl = async (dhlNumber: string) => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg' });
    await stage.reaches(number, { state: 'shipped' }, 30_000);
    await stage.sql(WITH_DHL, [number, dhlNumber]);
    return number;
  };
  const dhlSays = (trackingNumber: string, status: object) =>
    stage.lazada.post('/control/dhl', {
      ...{
        trackingNumber,
        answer: { shipments: [{ id: trackingNumber, service: 'ecommerce-apac', status, events: [] }] },
      },
    });
  const calls = async () => (await stage.lazada.counts()).calls['dhl/track'] ?? 0;
  const pollRow = async (number: string) => (await stage.sql(POLL_ROW, [number]))[0];

  test('is looked after from the moment at which its number is known, and delivered at the time that DHL tells', async () => {
    const number = await withDhl('JVGL01');
    await until(async () => (await pollRow(number))?.error, { what: 'DHL was asked', withinMs: 20_000 });
    expect(await pollRow(number)).toMatchObject({
      error: 'DHL: it does not know JVGL01 yet',
      error_code: null,
      tries: 0,
    });
    const at = new Date();
    await dhlSays('JVGL01', { statusCode: 'delivered', timestamp: inSingapore(at) });
    await stage.timePasses(number);
    await stage.reaches(number, { state: 'delivered', status: 'delivered' }, 30_000);
    const [parcel] = (await stage.lazada.order(number)).packages;
    expect(parcel?.accepted.map(({ status }) => status)).toEqual(['shipped', 'delivered']);
    expect(Date.parse(String(parcel?.accepted[1]?.timestamp))).toBe(Math.floor(at.getTime() / 1_000) * 1_000);
    expect(await stage.sql(SAID, [number])).toMatchObject([
      {
        source: 'carrier',
        data: { status: 'delivered', at: at.toISOString(), code: 'delivered', service: 'ecommerce-apac' },
      },
    ]);
    expect([await calls(), await pollRow(number)]).toEqual([2, undefined]);
  }, 90_000);

  test('is taken up by another process when its worker is killed while DHL is asked', async () => {
    const before = await calls();
    await stage.lazada.post('/faults', { api: 'dhl', delayMs: 10_000, times: 1 });
    await dhlSays('JVGL02', { statusCode: 'delivered', timestamp: inSingapore(new Date(Date.now() + 60_000)) });
    const number = await withDhl('JVGL02');
    await until(async () => (await calls()) > before, { what: 'DHL is asked', withinMs: 20_000 });
    await Promise.all([0, 1].map((instance) => stage.system.worker('carrier-poll', instance).kill()));
    expect((await stage.order(number)).package_delivered_at).toBeNull();
    await Promise.all([0, 1].map((instance) => stage.system.worker('carrier-poll', instance).start()));
    await until(async () => (await stage.order(number)).package_delivered_at !== null, {
      what: 'DHL’s word is taken',
      withinMs: 90_000,
    });
    expect(await stage.sql(SAID, [number])).toHaveLength(1);
  }, 180_000);

  test('is asked about by all processes together no more often than the budget has it', async () => {
    const before = await calls();
    await stage.sql('update public.lazada_carrier_day set calls = $1', [BUDGET - 2]);
    const numbers = await Promise.all(['D1', 'D2', 'D3', 'D4'].map(withDhl));
    const rows = async () => (await Promise.all(numbers.map(pollRow))).filter((row) => row !== undefined);
    await until(async () => (await rows()).length === 4, { what: 'each has had its turn', withinMs: 60_000 });
    expect((await rows()).filter((row) => row.error_code === 'carrier_budget')).toHaveLength(2);
    expect(await calls()).toBe(before + 2);
    const metricsOf = async (instance: number) =>
      (await fetch(`${stage.system.worker('carrier-poll', instance).healthUrl}/metrics`)).text();
    const pages = await Promise.all([0, 1].map(metricsOf));
    for (const page of pages) expect(page).toContain('sof_carrier_budget_left{carrier="dhl"} 0\n');
    expect(pages.join('')).toMatch(/sof_http_requests_total\{api="dhl",account="demo-sg",outcome="ok"\} \d/);
    const { refusals } = await stage.lazada.counts();
    expect(refusals).toEqual({});
  }, 120_000);
});

await describeOnRedis('without a key', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ queue: 'redis', services: SERVICES, env: { DHL_API_KEY: '' } });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  test('the service says so once and rests, and nothing is enqueued', async () => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg' });
    await stage.sql(WITH_DHL, [number, 'JVGL03']);
    await stage.reaches(number, { state: 'shipped', package_carrier: 'DHL' }, 30_000);
    // Looked at once more, by the scheduler as it is now.
    await stage.timePasses(number);
    await until(async () => ((await stage.order(number)).next_attempt_at as Date) > new Date(), {
      what: 'the order was looked at',
      withinMs: 60_000,
    });
    const logs = join(stage.system.dir, 'logs');
    const file = readdirSync(logs).find((name) => name.includes('carrier-poll')) ?? '';
    const lines = readFileSync(join(logs, file), 'utf8').split('\n');
    expect(lines.filter((line) => line.includes('DHL_API_KEY is not set'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('poll-carrier'))).toEqual([]);
    expect((await stage.lazada.counts()).calls['dhl/track']).toBeUndefined();
    expect(await stage.sql('select from public.lazada_carrier')).toEqual([]);
  }, 120_000);
});
