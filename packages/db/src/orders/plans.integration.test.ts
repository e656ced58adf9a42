/** At five million orders a read that looks at a whole table takes seconds: what people and Prometheus ask must not. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import { openCarriers } from './carriers.ts';
import { orderFinder } from './find-orders.ts';
import { readGauges } from './gauges.ts';
import { type OrderFilter, openOrderList } from './order-list.ts';
import { fillTable, openExplainingPool, type Plan, ROWS } from './plans.fixture.ts';

let host: TestDb;
let pool: pg.Pool;
let plans: Plan[];
beforeAll(async () => {
  host = await openDbForTest();
  await fillTable(host);
  ({ pool, plans } = openExplainingPool(host.url));
}, 120_000);
afterAll(async () => {
  await pool.end();
  await host.close();
});

/** What the work asked of the database. */
async function plansOf(work: () => Promise<unknown>): Promise<Plan[]> {
  plans.length = 0;
  await work();
  expect(plans.length).toBeGreaterThan(0);
  return [...plans];
}

/** A page of ten, looked for in eight statuses of five accounts, with room to spare: a hundredth of what there is. */
const FEW = { rows: 200, pages: 200 };
const tooMuch = (read: readonly Plan[]) =>
  read.filter(({ wholeTables, rows, pages }) => wholeTables.length > 0 || rows > FEW.rows || pages > FEW.pages);

test('the table is large enough to tell: a look at all of it is more than a list may take', async () => {
  for (const table of ['order_lazada', 'orders', 'order_lazada_package']) {
    const [plan] = await plansOf(() => pool.query(`select count(*) from public.${table} where ctid is not null`));
    expect(plan?.wholeTables).toEqual([table]);
    expect(plan?.rows).toBe(ROWS);
  }
});

test('the gauges read what they count and nothing else', async () => {
  let counted = 0;
  const read = await plansOf(async () => {
    const { open, held, blocked, invoicesOpen, late, dueSoon } = await readGauges(pool);
    expect(Object.keys(open).sort()).toEqual(['new', 'packed', 'partially_delivered', 'ready_to_ship', 'shipped']);
    expect(late).toMatchObject({ oldest: 200, mixed: 0 });
    counted = [open, held, blocked, invoicesOpen, late, dueSoon]
      .flatMap(Object.values)
      .reduce((all, one) => all + one, 0);
  });
  expect(counted).toBeGreaterThan(300);
  expect(read.flatMap(({ wholeTables }) => wholeTables)).toEqual([]);
  expect(read.reduce((sum, { rows }) => sum + rows, 0)).toBe(counted);
});

const FILTERS: readonly Omit<OrderFilter, 'limit'>[] = [
  {},
  ...(['new', 'packed', 'shipped', 'delivered', 'cancelled'] as const).map((status) => ({ status })),
  ...(['conflict', 'tracking_missing', 'account_blocked'] as const).map((hold) => ({ hold })),
  ...(['tracking', 'ready_to_ship'] as const).map((blocked) => ({ blocked })),
  ...(['none', 'waiting', 'render_failed', 'uploaded'] as const).map((invoiceStatus) => ({ invoiceStatus })),
  { late: true },
  { late: true, status: 'shipped' },
  { late: true, hold: 'account_blocked' },
  { status: 'shipped', invoiceStatus: 'missing' },
  { status: 'delivered', invoiceStatus: 'none' },
  { status: 'packed', hold: 'too_early', blocked: 'shipped' },
];
const ACCOUNTS = [undefined, 'oldest', 'ended', 'dropship', 'mixed', 'parked', 'nobody'];

describe.each(FILTERS.map((filter) => [JSON.stringify(filter), filter] as const))('a list of %s', (_, filter) => {
  test.each(ACCOUNTS)('of account %s', async (account) => {
    const list = openOrderList(pool);
    const first = await plansOf(() => list.list({ ...filter, account, limit: 10 }));
    const [low, high] = filter.late ? [`${Date.now() - 2 * 86_400_000}-150`, '1-1'] : ['150', '30000'];
    const deep = await plansOf(() => list.list({ ...filter, account, cursor: low, limit: 10 }));
    const middle = await plansOf(() => list.list({ ...filter, account, cursor: high, limit: 10 }));
    expect(tooMuch([...first, ...deep, ...middle])).toEqual([]);
  });
});

test.each(['mixed', 'ended'])('an order of account %s by its number', async (account) => {
  const find = orderFinder(pool);
  await find({ account, orderNumber: '0' }); // it looks at the type of the number once
  const read = await plansOf(async () => void (await find({ account, orderNumber: '700000000025000' })));
  expect(tooMuch(read)).toEqual([]);
});

test.each([
  ['orders', 'order_number'],
  ['order_lazada', 'carrier_tracking_number'],
  ['order_lazada_package', 'tracking_number'],
  ['order_lazada_package', 'package_id'],
  ['order_lazada_package', 'carrier_tracking_number'],
])('of %s: %s alone finds its rows', async (table, column) => {
  const read = await plansOf(() => pool.query(`select * from public.${table} where ${column} = $1`, ['T77']));
  expect(tooMuch(read)).toEqual([]);
});

test('a carrier that somebody begins to ask finds its parcels by their index', async () => {
  await host.sql(
    "update order_lazada_package set state = 'shipped', carrier = 'DHL', carrier_tracking_number = id::text where id % 1000 = 0",
  );
  await host.sql('analyze order_lazada_package');
  const read = await plansOf(() => openCarriers(pool).ask('dhl'));
  expect(read.flatMap(({ wholeTables }) => wholeTables).filter((table) => table !== 'lazada_carrier')).toEqual([]);
});
