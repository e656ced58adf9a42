import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

let host: TestDb;
let orderId: string;
beforeAll(async () => {
  host = await openDbForTest();
  orderId = await host.order(await host.account({ name: 'shop' }), { order_number: '400100' });
  await host.order(await host.account({ name: 'other' }), { order_number: '400200' });
});
afterAll(() => host.close());

const ASKED = [
  { account: 'shop', orderNumber: '400100' },
  { account: 'shop', orderNumber: '400200' },
  { account: 'nobody', orderNumber: '400100' },
  { account: 'shop', orderNumber: 'no number' },
  { account: 'shop', orderNumber: '0400100' },
  { account: 'shop', orderNumber: '9'.repeat(100) },
  { account: 'shop', orderNumber: '400100' },
];
const answers = () => [
  { orderId },
  { missing: 'order' },
  { missing: 'account' },
  { missing: 'order' },
  { missing: 'order' },
  { missing: 'order' },
  { orderId },
];

test('orders asked for together are found each, or told what is missing', async () => {
  expect(await Promise.all(ASKED.map(host.db.findOrder))).toEqual(answers());
});

test.each(['bigint', 'varchar(6)', 'numeric'])('so they are where the host numbers its orders by %s', async (type) => {
  await host.sql(`alter table public.orders alter column order_number type ${type} using order_number::text::${type}`);
  const { findOrder } = host.another();
  expect(await Promise.all(ASKED.map(findOrder))).toEqual(answers());
});
