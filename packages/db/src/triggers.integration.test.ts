import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { hostClient, openDbForTest, READY, type TestDb } from './db.fixture.ts';

let host: TestDb;
let listener: pg.Client;
let heard = 0;
let accountId: string;

beforeAll(async () => {
  host = await openDbForTest();
  listener = await hostClient(host.url);
  listener.on('notification', () => heard++);
  await listener.query('listen sof_due');
  accountId = await host.account();
});
afterAll(async () => {
  await listener.end();
  await host.close();
});
beforeEach(async () => {
  await notifications();
});

/** How many came since the last question; a round trip later all of them have arrived. */
async function notifications(): Promise<number> {
  await listener.query('select 1');
  const count = heard;
  heard = 0;
  return count;
}

type LazadaRow = {
  account_id: string;
  due: boolean;
  next_attempt_at: Date | null;
  delivered_at: Date | null;
  not_delivered_at: Date | null;
  not_delivered_released_at: Date | null;
};
const lazada = async (orderId: string): Promise<LazadaRow> => {
  const [row] = await host.sql<LazadaRow>(
    'select *, coalesce(next_attempt_at <= now(), false) as due from order_lazada where order_id = $1',
    [orderId],
  );
  if (!row) throw new Error(`order ${orderId} has no row`);
  return row;
};
const rests = (orderId: string) =>
  host.sql('update order_lazada set next_attempt_at = null where order_id = $1', [orderId]);
const eventsOf = (orderId: string) =>
  host.sql<{ kind: string; source: string; data: Record<string, unknown> }>(
    'select kind, source, data from order_lazada_event where order_id = $1 order by id',
    [orderId],
  );

describe('orders', () => {
  test.each<[string, Record<string, unknown>, { due: boolean; notified: number }]>([
    ['an order that arrives ready is due at once', READY, { due: true, notified: 1 }],
    ['an order that arrives in another state waits for the host', { update_shipping: 0 }, { due: false, notified: 0 }],
    [
      'an order whose flag is set but whose state is another is not due',
      { update_shipping: 1, tool_status: 'new' },
      { due: false, notified: 0 },
    ],
  ])('%s', async (_, columns, { due, notified }) => {
    const orderId = await host.order(accountId, columns);
    expect(await lazada(orderId)).toMatchObject({ account_id: accountId, due });
    expect(await notifications()).toBe(notified);
  });

  test('an order of another delivery type has its row and is not due', async () => {
    const dropship = await host.account({ delivery_type: 'dropship' });
    const orderId = await host.order(dropship, READY);
    expect(await lazada(orderId)).toMatchObject({ account_id: dropship, due: false });
    expect(await notifications()).toBe(0);
  });

  test.each<[string, string, { due: boolean; notified: number }]>([
    ['setting update_shipping wakes the order', 'update_shipping = 1', { due: true, notified: 1 }],
    ['a new tool_status wakes the order', "tool_status = 'packed'", { due: true, notified: 1 }],
    ['a column that is the host’s own business does not', 'updated_at = now()', { due: false, notified: 0 }],
    ['writing the same values again does not', 'update_shipping = update_shipping', { due: false, notified: 0 }],
  ])('%s', async (_, assignment, { due, notified }) => {
    const orderId = await host.order(accountId);
    await rests(orderId);
    await notifications();
    await host.sql(`update orders set ${assignment} where id = $1`, [orderId]);
    expect((await lazada(orderId)).due).toBe(due);
    expect(await notifications()).toBe(notified);
  });

  test('an upsert of the host wakes the order as an update does', async () => {
    const orderId = await host.order(accountId, { order_number: 'upsert-1' });
    await host.sql(
      `insert into orders (account_id, order_number, update_shipping) values ($1, 'upsert-1', 1)
       on conflict (account_id, order_number) do update set update_shipping = excluded.update_shipping`,
      [accountId],
    );
    expect((await lazada(orderId)).due).toBe(true);
  });

  test('a thousand orders in one statement are one notification', async () => {
    await host.sql(
      `insert into orders (account_id, order_number, update_shipping, tool_status)
       select $1, 'many-' || n, 1, 'ready_for_delivery' from generate_series(1, 1000) n`,
      [accountId],
    );
    expect(await notifications()).toBe(1);
    const [{ count } = { count: '' }] = await host.sql<{ count: string }>(
      `select count(*) from order_lazada join orders on id = order_id
        where order_number like 'many-%' and next_attempt_at <= now()`,
    );
    expect(count).toBe('1000');
  });

  test('an order that moves to another account takes its row along', async () => {
    const other = await host.account();
    const orderId = await host.order(accountId);
    await host.sql('update orders set account_id = $2 where id = $1', [orderId, other]);
    expect(await lazada(orderId)).toMatchObject({ account_id: other, due: true });
  });

  test('a row that was lost comes back when its order is written, due where it is ready and its account sof', async () => {
    const dropship = await host.account({ delivery_type: 'dropship' });
    const [ready, waits, other] = [
      await host.order(accountId, READY),
      await host.order(accountId),
      await host.order(dropship, READY),
    ];
    await host.sql('delete from order_lazada where order_id = any ($1::bigint[])', [[ready, waits, other]]);
    await notifications();
    await host.sql('update orders set updated_at = now() where id = any ($1::bigint[])', [[ready, waits, other]]);
    expect(await lazada(ready)).toMatchObject({ account_id: accountId, due: true });
    expect(await lazada(waits)).toMatchObject({ account_id: accountId, due: false });
    expect(await lazada(other)).toMatchObject({ account_id: dropship, due: false });
    expect(await notifications()).toBe(1);
  });

  test('so do thousands in one statement, and what the others wait for stays', async () => {
    await host.sql(
      `insert into orders (account_id, order_number, update_shipping, tool_status)
       select $1, 'lost-' || n, n % 2, 'ready_for_delivery' from generate_series(1, 5000) n`,
      [accountId],
    );
    const ours = "order_id in (select id from orders where order_number like 'lost-%')";
    await host.sql(`update order_lazada set next_attempt_at = null where ${ours}`);
    await host.sql(`delete from order_lazada where ${ours} and order_id % 5 <> 0`);
    await notifications();
    await host.sql("update orders set updated_at = now() where order_number like 'lost-%'");
    expect(
      await host.sql(
        `select count(*)::int, count(*) filter (where
           (next_attempt_at is not null) = (update_shipping = 1 and order_id % 5 <> 0))::int as right
           from order_lazada join orders on id = order_id where ${ours}`,
      ),
    ).toEqual([{ count: 5000, right: 5000 }]);
    expect(await notifications()).toBe(1);
  });

  test('an order that is deleted takes everything of ours along', async () => {
    const orderId = await host.order(accountId);
    await host.sql(
      `with p as (insert into order_lazada_package (order_id, package_id, state) values ($1, 'P1', 'packed') returning id)
       insert into order_lazada_attempt (order_id, package_id, status, occurred_at) select $1, id, 'shipped', now() from p`,
      [orderId],
    );
    await host.sql('delete from orders where id = $1', [orderId]);
    expect(await host.sql('select from order_lazada_attempt where order_id = $1', [orderId])).toEqual([]);
  });
});

describe('instructions', () => {
  test.each<[string, { before?: string; act: string; expected: Partial<LazadaRow> }]>([
    [
      'a flag with its time is due, and the time stays as it was said',
      {
        act: "update_delivered = 1, delivered_at = '2026-01-02 03:04:05.678901+00'",
        expected: { due: true, delivered_at: new Date('2026-01-02T03:04:05.678Z') },
      },
    ],
    [
      'an instruction that is taken back leaves no time behind',
      {
        before: "update_delivered = 1, delivered_at = '2026-01-02'",
        act: 'update_delivered = 0',
        expected: { due: true, delivered_at: null },
      },
    ],
    [
      'null, 2 and anything else take it back as 0 does',
      { before: 'update_not_delivered = 1', act: 'update_not_delivered = 2', expected: { not_delivered_at: null } },
    ],
    [
      'an instruction that takes back its release with it',
      {
        before: 'update_not_delivered = 1, not_delivered_released_at = now()',
        act: 'update_not_delivered = null',
        expected: { not_delivered_released_at: null, not_delivered_at: null },
      },
    ],
    [
      'an instruction that was sent keeps its time when its flag is cleared',
      {
        before: "update_delivered = 1, delivered_at = '2026-01-02'",
        act: 'update_delivered = 0, delivered_sent_at = now()',
        expected: { delivered_at: new Date('2026-01-02T00:00:00Z') },
      },
    ],
    ['a shipped time wakes the order', { act: 'shipped_at = now()', expected: { due: true } }],
    ['a carrier’s number wakes the order', { act: "carrier_tracking_number = 'JJD1'", expected: { due: true } }],
    [
      'a release by hand wakes the order',
      {
        before: 'update_not_delivered = 1',
        act: 'not_delivered_released_at = now()',
        expected: { due: true, not_delivered_released_at: expect.any(Date) as unknown as Date },
      },
    ],
    ['a reason alone wakes nobody', { act: "not_delivered_reason = 'moved'", expected: { due: false } }],
    [
      'a statement that says itself when to look again is believed',
      { act: "update_delivered = 1, next_attempt_at = '2099-01-01'", expected: { due: false } },
    ],
  ])('%s', async (_, { before, act, expected }) => {
    const orderId = await host.order(accountId);
    if (before) await host.sql(`update order_lazada set ${before} where order_id = $1`, [orderId]);
    await rests(orderId);
    await host.sql(`update order_lazada set ${act} where order_id = $1`, [orderId]);
    expect(await lazada(orderId)).toMatchObject(expected);
  });

  test('a missing time is the moment at which the flag arrived', async () => {
    const orderId = await host.order(accountId);
    const [before] = await host.sql<{ now: Date }>('select clock_timestamp() as now');
    await host.sql('update order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
    const { delivered_at } = await lazada(orderId);
    expect(delivered_at?.getTime()).toBeGreaterThanOrEqual(before?.now.getTime() ?? Number.POSITIVE_INFINITY);
    expect(await eventsOf(orderId)).toEqual([
      { kind: 'flag_set', source: 'host', data: { status: 'delivered', at: expect.any(String), timeFilled: true } },
    ]);
  });

  test('events: a flag that is set, and one that is taken back, with who did it', async () => {
    const orderId = await host.order(accountId);
    await host.sql(`begin; set local lazada_sof.source = 'api';
      update order_lazada set update_not_delivered = 1, not_delivered_at = '2026-01-02T00:00:00Z' where order_id = ${orderId}; commit`);
    await host.sql('update order_lazada set update_not_delivered = 0 where order_id = $1', [orderId]);
    const data = { status: 'not_delivered', at: '2026-01-02T00:00:00+00:00' };
    expect(await eventsOf(orderId)).toEqual([
      { kind: 'flag_set', source: 'api', data },
      { kind: 'withdrawn', source: 'host', data },
    ]);
  });

  test('clearing a flag that was sent is told as nothing', async () => {
    const orderId = await host.order(accountId);
    await host.sql('update order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
    await host.sql('update order_lazada set update_delivered = 0, delivered_sent_at = now() where order_id = $1', [
      orderId,
    ]);
    expect((await eventsOf(orderId)).map(({ kind }) => kind)).toEqual(['flag_set']);
  });

  test('both flags at once are two events and one notification', async () => {
    const orderId = await host.order(accountId);
    await notifications();
    await host.sql('update order_lazada set update_delivered = 1, update_not_delivered = 1 where order_id = $1', [
      orderId,
    ]);
    expect((await eventsOf(orderId)).map(({ data }) => data.status)).toEqual(['delivered', 'not_delivered']);
    expect(await notifications()).toBe(1);
  });

  test.each([
    { says: 'made due by hand, an order is looked at at once', act: 'now()', notified: 1 },
    { says: 'made due later, it wakes nobody before', act: "now() + interval '30 s'", notified: 0 },
    { says: 'made due never, it wakes nobody', act: 'null', notified: 0 },
  ])('$says', async ({ act, notified }) => {
    const orderId = await host.order(accountId);
    await host.sql("update order_lazada set next_attempt_at = now() + interval '1 h' where order_id = $1", [orderId]);
    await notifications();
    await host.sql(`update order_lazada set next_attempt_at = ${act} where order_id = $1`, [orderId]);
    expect(await notifications()).toBe(notified);
    expect(await eventsOf(orderId)).toEqual([]);
  });

  test('a writer of whole orders is believed in everything', async () => {
    const orderId = await host.order(accountId);
    await rests(orderId);
    await notifications();
    await host.sql(`begin; set local lazada_sof.whole = on;
      update order_lazada set update_delivered = 1 where order_id = ${orderId}; commit`);
    expect(await lazada(orderId)).toMatchObject({ delivered_at: null, next_attempt_at: null });
    expect([await eventsOf(orderId), await notifications()]).toEqual([[], 0]);
  });
});

describe('accounts', () => {
  const parked = {
    status: 'auth_failed',
    status_reason: 'wrong password',
    sof_token: 'old',
    sof_token_expires_at: new Date(),
  };
  const account = async (id: string) => (await host.sql('select * from account.lazada where id = $1', [id]))[0];

  test.each([
    ["sof_password = 'new'"],
    ["sof_username = 'new'"],
    ["app_key = 'new'"],
    ["app_secret = 'new'"],
    ["access_token = 'new'"],
    ["refresh_token = 'new'"],
    ["country = 'MY'"],
    ["timezone = 'Asia/Bangkok'"],
    ["invoice_path_template = '{order_number}.pdf'"],
    ["shipment_provider = 'Seller Own Fleet'"],
  ])('%s un-parks the account, forgets its token and notifies', async (assignment) => {
    const id = await host.account(parked);
    await notifications();
    await host.sql(`update account.lazada set ${assignment} where id = $1`, [id]);
    expect(await account(id)).toMatchObject({
      status: 'active',
      status_reason: null,
      sof_token: null,
      sof_token_expires_at: null,
    });
    expect(await notifications()).toBe(1);
    expect(await host.sql('select kind, source from order_lazada_event where account_id = $1', [id])).toEqual([
      { kind: 'account_unparked', source: 'host' },
    ]);
  });

  test('our own encrypting and refreshing changes nothing else and notifies nobody', async () => {
    const id = await host.account(parked);
    await notifications();
    await host.sql(`begin; set local lazada_sof.source = 'tokens';
      update account.lazada set sof_password = 'enc:…', access_token = 'enc:…' where id = ${id}; commit`);
    expect(await account(id)).toMatchObject({ status: 'auth_failed', sof_token: 'old' });
    expect(await notifications()).toBe(0);
  });

  test('a column that parks no account leaves it parked', async () => {
    const id = await host.account(parked);
    await host.sql("update account.lazada set sof_rts = 'legacy' where id = $1", [id]);
    expect(await account(id)).toMatchObject({ status: 'auth_failed', sof_token: 'old' });
  });

  test.each<[string, string, { due: boolean }]>([
    ['another provider', "shipment_provider = 'Ninja Van'", { due: true }],
    ['whoever finds that packing goes on', 'status_reason = null', { due: true }],
    ['a reason in other words', "status_reason = 'nothing is packed: …'", { due: false }],
    ['a column that has nothing to do with it', "sof_rts = 'legacy'", { due: false }],
  ])('orders that packing waits for are due by %s: %j', async (_, assignment, { due }) => {
    const why = { status_reason: 'nothing is packed: Lazada offers "Ninja Van" (NV)' };
    const [id, other] = [await host.account(why), await host.account(why)];
    const orders = await Promise.all([host.order(id), host.order(id), host.order(other)]);
    const [waits, waitsForItems, others] = orders;
    const row =
      "insert into order_lazada_step (order_id, step, due_at, error_code) values ($1, 'ready_to_ship', now() + interval '1 hour', $2)";
    for (const orderId of [waits, others]) await host.sql(row, [orderId, 'unknown_provider']);
    await host.sql(row, [waitsForItems, 'ready_to_ship_pending']);
    for (const orderId of orders) await rests(orderId);
    await notifications();
    await host.sql(`update account.lazada set ${assignment} where id = $1`, [id]);
    const found = await Promise.all(orders.map((orderId) => lazada(orderId)));
    expect(found.map((one) => one.due)).toEqual([due, false, false]);
    if (due) expect(await notifications()).toBeGreaterThan(0);
  });

  test('when each secret was set is remembered, and not when another was', async () => {
    const id = await host.account({ app_secret: 's' });
    const first = (await account(id))?.secrets_set_at as Record<string, string>;
    expect(Object.keys(first).sort()).toEqual(['app_secret', 'sof_password']);
    await host.sql("update account.lazada set sof_password = 'new' where id = $1", [id]);
    const second = (await account(id))?.secrets_set_at as Record<string, string>;
    expect(second.app_secret).toBe(first.app_secret);
    expect(second.sof_password).not.toBe(first.sof_password);
  });

  test.each<[string, string, { due: boolean }]>([
    [
      'an order held for its release is due when the account sends by itself',
      "hold_reason = 'awaiting_release'",
      { due: true },
    ],
    [
      'and one whose release waits behind another hold',
      "hold_reason = 'awaiting_tracking', update_not_delivered = 1",
      { due: true },
    ],
    ['an order held for something else is not', "hold_reason = 'too_early', update_delivered = 1", { due: false }],
    ['an order that is not held is not', 'hold_reason = null', { due: false }],
  ])('%s', async (_, columns, { due }) => {
    const id = await host.account();
    const orderId = await host.order(id);
    await host.sql(`update order_lazada set ${columns} where order_id = $1`, [orderId]);
    await rests(orderId);
    await notifications();
    await host.sql('update account.lazada set auto_send_not_delivered = true where id = $1', [id]);
    expect((await lazada(orderId)).due).toBe(due);
    expect(await notifications()).toBe(1);
  });

  test.each<[string, { order?: object; flag?: string; due: boolean }]>([
    ['an order with update_shipping is due when its account becomes sof', { order: { update_shipping: 1 }, due: true }],
    ['an order with a flag is due when its account becomes sof', { flag: 'update_delivered = 1', due: true }],
    ['an order of which nothing was asked is not', { due: false }],
  ])('%s', async (_, { order, flag, due }) => {
    const id = await host.account({ delivery_type: 'dropship' });
    const orderId = await host.order(id, { ...order });
    if (flag) await host.sql(`update order_lazada set ${flag} where order_id = $1`, [orderId]);
    await rests(orderId);
    await notifications();
    await host.sql("update account.lazada set delivery_type = 'sof' where id = $1", [id]);
    expect((await lazada(orderId)).due).toBe(due);
    expect(await notifications()).toBe(1);
  });

  test.each([['enabled = true'], ["status = 'active'"]])('%s again is told to the scheduler', async (assignment) => {
    const id = await host.account({ enabled: false, status: 'auth_failed' });
    await notifications();
    await host.sql(`update account.lazada set ${assignment} where id = $1`, [id]);
    expect(await notifications()).toBe(1);
  });

  test.each([
    ['without a password', { sof_password: null }],
    ['with an empty user name', { sof_username: '' }],
  ])('an enabled sof account %s is refused', async (_, columns) => {
    await expect(host.account(columns)).rejects.toThrow('lazada_sof_needs_username_and_password');
  });

  test.each([
    ['without a country', { country: null }],
    ['with an empty country', { country: '' }],
    ['with a country that is misspelt', { country: 'Singapore' }],
    ['with driver dbs and a country that Lazada is not in', { sof_driver: 'dbs', country: 'DE' }],
  ])('an enabled sof account %s is refused', async (_, columns) => {
    await expect(host.account(columns)).rejects.toThrow('lazada_sof_needs_country');
  });

  test.each([
    ['without a country while it is disabled', { country: null, enabled: false }],
    ['without a country and of another delivery type', { country: null, delivery_type: 'pickup' }],
    ['with a country in small letters', { country: ' sg ' }],
  ])('an account %s is taken', async (_, columns) => {
    await expect(host.account(columns)).resolves.toMatch(/^\d+$/);
  });

  test('a country cannot be taken away from an enabled sof account', async () => {
    const id = await host.account();
    await expect(host.sql('update account.lazada set country = null where id = $1', [id])).rejects.toThrow(
      'lazada_sof_needs_country',
    );
  });

  test.each([
    ['while it is disabled', { enabled: false }],
    ['with driver dbs', { sof_driver: 'dbs' }],
    ['with another delivery type', { delivery_type: 'pickup' }],
  ])('an account without password is taken %s', async (_, columns) => {
    await expect(host.account({ sof_password: null, ...columns })).resolves.toMatch(/^\d+$/);
  });
});

describe('attempts', () => {
  const begin = (packageId: string, status: string, outcome: string, number = 'T1') =>
    host.sql(
      `insert into order_lazada_attempt (order_id, package_id, tracking_number, status, occurred_at, outcome)
       select order_id, id, $2, $3, now(), $4 from order_lazada_package where id = $1`,
      [packageId, number, status, outcome],
    );
  const packageRow = async () => {
    const orderId = await host.order(accountId);
    const text =
      "insert into order_lazada_package (order_id, package_id, state) values ($1, 'P1', 'shipped') returning id::text as id";
    return (await host.sql<{ id: string }>(text, [orderId]))[0]?.id ?? '';
  };

  test.each<[string, [string, string, string?], [string, string, string?], boolean]>([
    ['the same status twice', ['shipped', 'accepted'], ['shipped', 'sending'], false],
    ['the other end while one is under way', ['delivered', 'unknown'], ['not_delivered', 'sending'], false],
    ['an end after shipped', ['shipped', 'accepted'], ['delivered', 'sending'], true],
    ['again after a clear no', ['shipped', 'refused'], ['shipped', 'sending'], true],
    ['again after it did not arrive', ['shipped', 'void'], ['shipped', 'sending'], true],
    ['again for a new tracking number', ['shipped', 'accepted'], ['shipped', 'sending', 'T2'], true],
  ])('%s', async (_, first, second, allowed) => {
    const id = await packageRow();
    await begin(id, ...first);
    const outcome = await begin(id, ...second).then(
      () => true,
      (error: Error) => !error.message.includes('order_lazada_attempt_slot'),
    );
    expect(outcome).toBe(allowed);
  });
});
