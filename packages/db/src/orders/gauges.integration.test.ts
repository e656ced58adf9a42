import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openDbForTest, READY, type TestDb } from '../db.fixture.ts';

let host: TestDb;
beforeEach(async () => {
  host = await openDbForTest();
});
afterEach(() => host.close());

test('orders are counted where they stand, and not once they have ended', async () => {
  const accountId = await host.account({ name: 'shop', access_token_expires_at: new Date(Date.now() + 3_600_000) });
  await host.account({ name: 'parked', status: 'auth_failed', access_token_expires_at: new Date() });
  for (const columns of [
    "status = 'shipped', invoice_status = 'waiting'",
    "status = 'shipped', invoice_status = 'uploaded'",
    "status = 'delivered', invoice_status = 'missing'",
    "hold_reason = 'conflict'",
  ]) {
    const orderId = await host.order(accountId);
    await host.sql(`update order_lazada set ${columns} where order_id = $1`, [orderId]);
    await host.sql("insert into order_lazada_step (order_id, step, blocked) values ($1, 'tracking', $2)", [
      orderId,
      columns.includes('missing'),
    ]);
  }
  await host.account({ name: 'disabled', enabled: false });
  const deadline = (hours: number, account: string) =>
    host
      .order(account)
      .then((id) =>
        host.sql('update order_lazada set ship_by = now() + make_interval(hours => $2) where order_id = $1', [
          id,
          hours,
        ]),
      );
  const [{ id: parked = '' } = {}] = await host.sql<{ id: string }>(
    "select id::text from account.lazada where name = 'parked'",
  );
  const [{ id: disabled = '' } = {}] = await host.sql<{ id: string }>(
    "select id::text from account.lazada where name = 'disabled'",
  );
  for (const hours of [-30, -1, 1, 3, 5]) await deadline(hours, accountId);
  await deadline(-1, parked);
  await deadline(-1, disabled);
  const { tokenEndsInSeconds, ...counts } = await host.db.gauges();
  expect(counts).toEqual({
    open: { new: 1, shipped: 2 },
    held: { conflict: 1 },
    blocked: { tracking: 1 },
    invoicesOpen: { waiting: 1, missing: 1 },
    indexesMissing: {},
    late: { shop: 2, parked: 1 },
    dueSoon: { shop: 2, parked: 0 },
  });
  expect(tokenEndsInSeconds).toEqual({ shop: expect.any(Number) });
  expect(tokenEndsInSeconds.shop).toBeGreaterThan(3_500);
});

test('tokens end when nobody but the seller can make new ones', async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  const columns = { refresh_token: 'r', access_token_expires_at: inDays(5) };
  await host.account({ name: 'renewed', ...columns, refresh_token_expires_at: inDays(90) });
  await host.account({ name: 'last', ...columns, refresh_token: '' });
  await host.account({ name: 'untold', refresh_token: 'r' });
  const { tokenEndsInSeconds } = await host.db.gauges();
  const days = Object.entries(tokenEndsInSeconds).map(([name, seconds]) => [name, Math.round(seconds / 86_400)]);
  expect(Object.fromEntries(days)).toEqual({ renewed: 90, last: 5 });
});

describe('a new order counts as open once something was asked for it', () => {
  const open = async () => (await host.db.gauges()).open;
  const update = (columns: string, orderId: string) =>
    host.sql(`update order_lazada set ${columns} where order_id = $1`, [orderId]);

  test('none that the host has beside, of whatever kind of account, also while it writes them', async () => {
    const dropship = await host.account({ delivery_type: 'dropship' });
    const parked = await host.account({ status: 'auth_failed' });
    await host.order(dropship, READY);
    await host.order(dropship);
    const orderId = await host.order(parked);
    await host.sql("update orders set tool_status = 'pending', update_shipping = 1 where id = $1", [orderId]);
    expect(await open()).toEqual({});
  });

  test.each([{ status: 'auth_failed' }, { enabled: false }])(
    'one to be set ready to ship, of an account that is %j',
    async (columns) => {
      const accountId = await host.account(columns);
      await host.order(accountId, READY);
      const orderId = await host.order(accountId);
      await host.sql("update orders set update_shipping = 1, tool_status = 'ready_for_delivery' where id = $1", [
        orderId,
      ]);
      expect(await open()).toEqual({ new: 2 });
    },
  );

  test('one that was to be set ready to ship before its account became sof', async () => {
    const accountId = await host.account({ delivery_type: 'dropship' });
    await host.order(accountId, READY);
    await host.order(accountId, { update_shipping: 1 });
    await host.sql("update account.lazada set delivery_type = 'sof' where id = $1", [accountId]);
    expect(await open()).toEqual({ new: 1 });
  });

  test('one that came back after its row was lost', async () => {
    const orderId = await host.order(await host.account(), READY);
    await host.sql('delete from order_lazada where order_id = $1', [orderId]);
    await host.sql('update orders set updated_at = now() where id = $1', [orderId]);
    expect(await open()).toEqual({ new: 1 });
  });

  test.each([
    'update_delivered = 1',
    'update_not_delivered = 1',
    'shipped_at = now()',
    "carrier_tracking_number = '00340434'",
    'items_read_at = now()',
    "hold_reason = 'too_early'",
    "blocked_step = 'ready_to_ship'",
  ])('one with %s', async (columns) => {
    await update(columns, await host.order(await host.account()));
    expect(await open()).toEqual({ new: 1 });
  });

  test('one whose claims come and go, and whose instruction was taken back', async () => {
    const orderId = await host.order(await host.account());
    await update('update_delivered = 1', orderId);
    await update('update_delivered = 0', orderId);
    await update('next_attempt_at = null', orderId);
    expect(await open()).toEqual({ new: 1 });
  });
});
