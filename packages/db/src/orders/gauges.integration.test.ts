import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());

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
  const { tokenEndsInSeconds, ...counts } = await host.db.gauges();
  expect(counts).toEqual({
    open: { new: 1, shipped: 2 },
    held: { conflict: 1 },
    blocked: { tracking: 1 },
    invoicesOpen: { waiting: 1, missing: 1 },
  });
  expect(tokenEndsInSeconds).toEqual({ shop: expect.any(Number) });
  expect(tokenEndsInSeconds.shop).toBeGreaterThan(3_500);
});
