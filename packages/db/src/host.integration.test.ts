import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { quiet } from '@lazada-sof/orders';
import type pg from 'pg';
import { hostClient, openDbForTest, READY, type TestDb } from './db.fixture.ts';

let host: TestDb;
let accountId: string;

beforeAll(async () => {
  host = await openDbForTest();
  accountId = await host.account();
});
afterAll(() => host.close());

describe('a host whose role has only the rights that it needs', () => {
  const ROLE = `host_${Math.random().toString(36).slice(2)}`;
  let client: pg.Client;

  beforeAll(async () => {
    await host.sql(`
      create role ${ROLE} login password 'host';
      grant usage on schema public, account to ${ROLE};
      grant select, insert, update on public.orders to ${ROLE};
      grant usage on sequence public.orders_id_seq to ${ROLE};
      grant select, update (sof_password, auto_send_not_delivered, delivery_type) on account.lazada to ${ROLE};
      grant select (order_id), update (update_delivered, delivered_at, update_not_delivered, not_delivered_at,
        not_delivered_reason, shipped_at, carrier, carrier_tracking_number) on public.order_lazada to ${ROLE}`);
    const url = new URL(host.url);
    client = await hostClient(Object.assign(url, { username: ROLE, password: 'host' }).href);
  });
  afterAll(async () => {
    await client.end();
    await host.sql(`drop owned by ${ROLE}; drop role ${ROLE}`);
  });

  test('adds an order, and we have its row', async () => {
    const { rows } = await client.query(
      "insert into orders (account_id, order_number, update_shipping, tool_status) values ($1, 'rights-1', 1, 'ready_for_delivery') returning id",
      [accountId],
    );
    expect(await host.sql('select order_id from order_lazada where order_id = $1', [rows[0]?.id])).toHaveLength(1);
  });

  test('sets a flag without a time: it is filled, the event is written, the order is due', async () => {
    const orderId = await host.order(accountId);
    await client.query('update order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
    expect(
      await host.sql(
        `select l.delivered_at is not null as filled, next_attempt_at <= now() as due, e.kind
           from order_lazada l join order_lazada_event e using (order_id) where order_id = $1`,
        [orderId],
      ),
    ).toEqual([{ filled: true, due: true, kind: 'flag_set' }]);
  });

  test.each([
    ["update orders set update_shipping = 1, tool_status = 'ready_for_delivery' where order_number = 'rights-1'"],
    [
      "update order_lazada set carrier = 'DHL', carrier_tracking_number = 'J1', shipped_at = now(), update_not_delivered = 1",
    ],
    ["update account.lazada set sof_password = 'new', auto_send_not_delivered = true"],
  ])('%s', async (statement) => {
    await expect(client.query(statement)).resolves.toBeDefined();
  });

  test('cannot write what is ours', async () => {
    await expect(client.query('update order_lazada set delivered_sent_at = now()')).rejects.toThrow(
      'permission denied',
    );
  });
});

test('ten thousand orders updated by the host while we write: none of its transactions fails', async () => {
  const busy = await host.account();
  await host.sql(
    `insert into orders (account_id, order_number, update_shipping, tool_status)
     select $1, 'busy-' || n, 0, 'new' from generate_series(1, 10000) n`,
    [busy],
  );
  const ids = (await host.sql<{ id: string }>('select id::text as id from orders where account_id = $1', [busy])).map(
    ({ id }) => id,
  );
  let going = true;
  let changed = 0;
  const worker = async () => {
    while (going) {
      const some = shuffled(ids).slice(0, 150);
      const answers = await Promise.all(
        some.map((id) => host.db.orders.change(id, (order, now) => quiet({ ...order, itemsReadAt: now }))),
      );
      changed += answers.filter((answer) => typeof answer === 'object').length;
    }
  };
  const scheduler = async () => {
    while (going) await host.db.claims.rest((await host.db.claims.take(500)).map((claim) => ({ claim, nextAt: null })));
  };
  const ours = [worker(), worker(), scheduler()];
  const clients = await Promise.all([hostClient(host.url), hostClient(host.url)]);
  const parts = [ids.filter((_, index) => index % 2 === 0), ids.filter((_, index) => index % 2 === 1)];
  // Each in its own way: one large statement, and many small transactions in whatever order over both tables.
  await Promise.all(clients.map((client, index) => hostsDay(client, parts[index] ?? [], index === 0)));
  going = false;
  await Promise.all(ours);
  await Promise.all(clients.map((client) => client.end()));
  const [{ ready } = { ready: '' }] = await host.sql<{ ready: string }>(
    "select count(*) as ready from orders where account_id = $1 and tool_status = 'ready_for_delivery'",
    [busy],
  );
  expect(ready).toBe('10000');
  expect(changed).toBeGreaterThan(0);
});

async function hostsDay(client: pg.Client, ids: readonly string[], atOnce: boolean): Promise<void> {
  const size = atOnce ? ids.length : 250;
  for (let from = 0; from < ids.length; from += size) {
    const some = shuffled(ids.slice(from, from + size));
    await client.query('begin');
    await client.query('update orders set update_shipping = $2, tool_status = $3 where id = any ($1::bigint[])', [
      some,
      READY.update_shipping,
      READY.tool_status,
    ]);
    await client.query('update order_lazada set update_delivered = 1 where order_id = any ($1::bigint[])', [some]);
    await client.query('commit');
  }
}

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
