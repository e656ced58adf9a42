/** A seller without a host system: an order's whole life by calls of the HTTP API alone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDb } from '@lazada-sof/db';
import { type ApiClient, apiClient } from '../src/http/index.ts';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const ORDER = '/v1/orders/{account}/{orderNumber}';
const STATUS = '/v1/orders/{account}/{orderNumber}/status';

await describeOnRedis('an order by HTTP alone', () => {
  let stage: Stage;
  let client: ApiClient;
  let number = '';
  beforeAll(async () => {
    const services = ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'api'] as const;
    stage = await openStage({ queue: 'redis', services });
    await stage.addAccount('demo-sg');
    const db = openDb({ url: stage.system.databaseUrl, source: 'test' });
    const key = await db.access.createKey('erp', ['orders:read', 'orders:write']);
    client = apiClient(stage.system.url('api'), { headers: { authorization: `Bearer ${key}` } });
    await db.close();
    const made = (await stage.lazada.post('/control/orders', { account: 'demo-sg', items: 2 })) as {
      orders: { orderNumber: string }[];
    };
    number = made.orders[0]?.orderNumber ?? '';
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const path = () => ({ account: 'demo-sg', orderNumber: number });
  const named = () => ({ path: path(), header: { 'idempotency-key': randomUUID() } });

  test('is put, and set ready to ship and shipped', async () => {
    const { items } = await stage.lazada.order(number);
    const told = items.map(({ orderItemId }) => ({ orderItemId }));
    const body = { toolStatus: 'ready_for_delivery', updateShipping: 1, items: told } as const;
    const put = await client.PUT(ORDER, { params: { path: path() }, body });
    expect(put.response.status).toBe(201);
    const row = await stage.reaches(number, { update_shipping: 0, state: 'shipped' }, 45_000);
    const written = await stage.sql(
      'select distinct i.tracking_number from order_items i join orders o on o.id = i.order_id where o.order_number = $1',
      [number],
    );
    expect(written).toEqual([{ tracking_number: row.tracking_number }]);
  }, 60_000);

  test('is told delivered before anybody told when it was placed, and Lazada hears it', async () => {
    const told = await client.POST(STATUS, { params: named(), body: { status: 'delivered' } });
    expect(told.response.status).toBe(202);
    expect(told.data?.order).toBe(`/v1/orders/demo-sg/${number}`);
    await stage.reaches(number, { state: 'delivered', update_delivered: 0, status: 'delivered' }, 30_000);
    expect(await stage.lazada.statuses(number)).toEqual([['shipped', 'delivered']]);
  }, 60_000);

  test('contradicted, it names what Lazada has accepted', async () => {
    const { package_id } = await stage.order(number);
    const body = { status: 'withdraw', packageId: String(package_id) } as const;
    const withdrawn = await client.POST(STATUS, { params: named(), body });
    expect(withdrawn.response.status).toBe(409);
    expect(withdrawn.error?.sent).toEqual([
      { packageId: package_id, status: 'delivered', sentAt: expect.stringMatching(/Z$/) },
    ]);
    const { data } = await client.GET(ORDER, { params: { path: path() } });
    expect(data?.timeline.map(({ kind, source }) => `${kind} ${source}`)).toEqual(
      expect.arrayContaining(['flag_set api', 'ready_to_ship status-sync', 'status_accepted status-sync', 'noted api']),
    );
  });
});
