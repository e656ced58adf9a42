/** A seller without a host system: an order's whole life by calls of the HTTP API alone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDb } from '@lazada-sof/db';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

type Answered = {
  readonly order?: string;
  readonly sent?: readonly object[];
  readonly timeline?: readonly { readonly kind: string; readonly source: string }[];
};

await describeOnRedis('an order by HTTP alone', () => {
  let stage: Stage;
  let key = '';
  let number = '';
  beforeAll(async () => {
    const services = ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'api'] as const;
    stage = await openStage({ queue: 'redis', services });
    await stage.addAccount('demo-sg');
    const db = openDb({ url: stage.system.databaseUrl, source: 'test' });
    key = (await db.access.createKey('erp', ['orders:read', 'orders:write'])) ?? '';
    await db.close();
    const made = (await stage.lazada.post('/control/orders', { account: 'demo-sg', items: 2 })) as {
      orders: { orderNumber: string }[];
    };
    number = made.orders[0]?.orderNumber ?? '';
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${stage.system.url('api')}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'idempotency-key': randomUUID(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Answered };
  };
  const path = () => `/v1/orders/demo-sg/${number}`;

  test('is put, and set ready to ship and shipped', async () => {
    const { items } = await stage.lazada.order(number);
    const put = await call('PUT', path(), {
      ...{ toolStatus: 'ready_for_delivery', updateShipping: 1 },
      items: items.map(({ orderItemId }) => ({ orderItemId })),
    });
    expect(put.status).toBe(201);
    const row = await stage.reaches(number, { update_shipping: 0, state: 'shipped' }, 45_000);
    const written = await stage.sql(
      'select distinct i.tracking_number from order_items i join orders o on o.id = i.order_id where o.order_number = $1',
      [number],
    );
    expect(written).toEqual([{ tracking_number: row.tracking_number }]);
  }, 60_000);

  test('is told delivered before anybody told when it was placed, and Lazada hears it', async () => {
    const told = await call('POST', `${path()}/status`, { status: 'delivered' });
    expect(told.status).toBe(202);
    expect(told.json.order).toBe(path());
    await stage.reaches(number, { state: 'delivered', update_delivered: 0, status: 'delivered' }, 30_000);
    expect(await stage.lazada.statuses(number)).toEqual([['shipped', 'delivered']]);
  }, 60_000);

  test('contradicted, it names what Lazada has accepted', async () => {
    const { package_id } = await stage.order(number);
    const withdrawn = await call('POST', `${path()}/status`, { status: 'withdraw', packageId: String(package_id) });
    expect(withdrawn.status).toBe(409);
    expect(withdrawn.json.sent).toEqual([
      { packageId: package_id, status: 'delivered', sentAt: expect.stringMatching(/Z$/) },
    ]);
    const { json } = await call('GET', path());
    expect(json.timeline?.map(({ kind, source }) => `${kind} ${source}`)).toEqual(
      expect.arrayContaining(['flag_set api', 'ready_to_ship status-sync', 'status_accepted status-sync', 'noted api']),
    );
  });
});
