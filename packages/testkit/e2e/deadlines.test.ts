/** Lazada's own deadline: from an item to the row, the list of late orders and the gauges, and gone once it is met. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import got from 'got';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const PERSON = { user: 'ops', password: 'not-a-real-password' };
/** Nothing of it is packed until Lazada has decided. */
const UNDECIDED = [{ isCancelPending: true }];

await describeOnRedis('deadlines', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'api'],
      env: { CONSOLE_ADMIN: `${PERSON.user}:${PERSON.password}` },
    });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const lateOrders = async () => {
    const origin = stage.system.url('api');
    const { headers } = await got.post(`${origin}/session`, { json: PERSON, retry: { limit: 0 } });
    const cookie = (headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
    const page = await got(`${origin}/v1/orders?late=true`, { headers: { cookie } }).json<{
      items: { orderNumber: string; shipBy: string }[];
    }>();
    return page.items.map(({ orderNumber, shipBy }) => [orderNumber, shipBy]);
  };
  const gauge = async (name: string) => {
    const page = await (await fetch(`${stage.system.worker('api').healthUrl}/metrics`)).text();
    return Number(new RegExp(`^${name}\\{account="demo-sg"\\} (\\d+)$`, 'm').exec(page)?.[1]);
  };
  const shipBy = async (number: string) => (await stage.order(number)).ship_by as Date | null;
  /** An order created just now whose deadline is so long after. */
  const undecided = async (form: string, afterSeconds: number) => {
    const script = { shipBy: { form, afterSeconds } };
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: UNDECIDED, script });
    await stage.reaches(number, { hold_reason: 'cancel_pending' });
    return number;
  };

  test('in each form that Lazada writes them, and orders without one that can be read go on', async () => {
    const hour = 3_600;
    const late = await undecided('plain', -hour);
    const later = await undecided('epoch', -2 * hour);
    const soon = await undecided('iso', 3 * hour);
    const far = await undecided('iso', 5 * hour);
    const without = [await undecided('junk', -hour), await undecided('missing', -hour)];

    for (const number of without) expect(await shipBy(number)).toBeNull();
    expect(await lateOrders()).toEqual([
      [later, (await shipBy(later))?.toISOString()],
      [late, (await shipBy(late))?.toISOString()],
    ]);
    expect([await gauge('sof_orders_late'), await gauge('sof_orders_due_soon')]).toEqual([2, 1]);
    const left = ((await shipBy(far))?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(4.9 * hour * 1_000);

    for (const number of [late, later, soon, ...without]) {
      await stage.lazada.post(`/control/orders/${number}/events`, { event: 'endAskCancel' });
      await stage.timePasses(number);
    }
    for (const number of [late, later, soon, ...without])
      await stage.reaches(number, { state: 'shipped', ship_by: null });
    expect(await lateOrders()).toEqual([]);
    const ended = async () => (await gauge('sof_orders_late')) === 0 && (await gauge('sof_orders_due_soon')) === 0;
    await until(ended, { what: 'nothing is late any more', withinMs: 10_000 });
  }, 90_000);
});
