/**
 * Two filters at once may meet next to nothing among millions of orders. Then a page looks at so many and says where it ended;
 * whoever follows gets every order once.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import { type OrderFilter, openOrderList } from './order-list.ts';
import { LOOKED_AT } from './order-walks.ts';
import { openExplainingPool, type Plan } from './plans.fixture.ts';
import { fillWithRare, pretendRows, ROWS } from './rare.fixture.ts';

/** Some two thousand reads, on a machine that may have other things to do. */
const LONG_MS = 300_000;

let host: TestDb;
let pool: pg.Pool;
let plans: Plan[];
beforeAll(async () => {
  host = await openDbForTest();
  await fillWithRare(host);
  ({ pool, plans } = openExplainingPool(host.url));
}, LONG_MS);
afterAll(async () => {
  await pool.end();
  await host.close();
});

type Filter = Omit<OrderFilter, 'limit' | 'cursor'>;
const either = <const Value>(...values: readonly Value[]) => [undefined, ...values] as const;

const FILTERS: readonly Filter[] = either('crowded').flatMap((account) =>
  either('new', 'shipped', 'delivered').flatMap((status) =>
    either('conflict', 'account_blocked').flatMap((hold) =>
      either('invoice_fetch').flatMap((blocked) =>
        either('none', 'fetched', 'uploaded').flatMap((invoiceStatus) =>
          either(true).map((late) => ({ account, status, hold, blocked, invoiceStatus, late })),
        ),
      ),
    ),
  ),
);

const LIMIT = 10;
/** In each of eight statuses of four accounts one page, and what is read of each order that is shown. */
const A_PAGE = 8 * 4 * (LIMIT + 1) + 4 * LIMIT;
/** What is looked for without an index of its own. */
const unindexed = ({ status, hold, blocked, invoiceStatus, late }: Filter): boolean => {
  const sought = [status, hold === 'account_blocked' ? undefined : hold, blocked, invoiceStatus, late || undefined];
  return sought.filter((value) => value !== undefined).length > 1;
};

/** The filters whose page reads more than it may: counts of rows, which the machine's haste does not change. */
async function tooMuch(filters: readonly Filter[], cursors: (filter: Filter) => readonly (string | undefined)[]) {
  const list = openOrderList(pool);
  const found: string[] = [];
  for (const filter of filters) {
    for (const cursor of cursors(filter)) {
      plans.length = 0;
      const { items, nextCursor } = await list.list({ ...filter, cursor, limit: LIMIT });
      expect(items.length === LIMIT || nextCursor === null || unindexed(filter)).toBe(true);
      const rows = plans.reduce((sum, plan) => sum + plan.rows, 0);
      const whole = plans.flatMap(({ wholeTables }) => wholeTables);
      const most = A_PAGE + (unindexed(filter) ? LOOKED_AT : 0);
      if (rows > most || whole.length > 0)
        found.push(`${JSON.stringify(filter)} from ${cursor}: ${rows} rows ${whole}`);
    }
  }
  return found;
}

/** Page by page. */
async function follow(filter: Filter): Promise<string[]> {
  const list = openOrderList(pool);
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < ROWS / 1_000; page++) {
    const { items, nextCursor } = await list.list({ ...filter, cursor, limit: 200 });
    seen.push(...items.map(({ orderId }) => orderId));
    if (nextCursor === null) return seen;
    expect(nextCursor).not.toBe(cursor);
    cursor = nextCursor;
  }
  throw new Error(`${JSON.stringify(filter)} does not come to its end`);
}

/** What a list has to show, without the list. */
async function asked({ account, status, hold, blocked, invoiceStatus, late }: Filter): Promise<string[]> {
  const rows = await host.sql<{ id: string }>(
    `select l.order_id::text as id from public.order_lazada l join account.lazada a on a.id = l.account_id
      where ($1::text is null or a.name = $1) and ($2::text is null or l.status = $2)
        and case $3::text when 'account_blocked' then a.name in ('parked', 'dropship')
                          else $3 is null or l.hold_reason = $3 and a.name not in ('parked', 'dropship') end
        and ($4::text is null or l.blocked_step = $4) and ($5::text is null or l.invoice_status = $5)
        and ($6::bool is null or l.ship_by <= now())
      order by case when $6 then l.ship_by end, case when $6 then l.order_id end, l.order_id desc`,
    [account, status, hold, blocked, invoiceStatus, late],
  );
  return rows.map(({ id }) => id);
}

describe.each([
  ['as many as there are', ROWS],
  ['five million', 5_000_000],
])('where the planner sees %s', (_, rows) => {
  beforeAll(() => pretendRows(host, rows));

  test(
    'no first page reads more than it may, whatever is asked for at once',
    async () => {
      expect(await tooMuch(FILTERS, () => [undefined])).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'nor does a page from the middle, or from among orders with one deadline',
    async () => {
      const deadline = (await asked({ late: true })).length;
      expect(deadline).toBeGreaterThan(40_000);
      const [{ at } = { at: '' }] = await host.sql<{ at: string }>(
        'select (extract(epoch from max(ship_by)) * 1000)::bigint::text as at from public.order_lazada',
      );
      expect(await tooMuch(FILTERS, ({ late }) => [late ? `${at}-${ROWS / 2}` : String(ROWS / 2)])).toEqual([]);
    },
    LONG_MS,
  );
});

test(
  'whoever follows a list that finds little gets each order once, in its order',
  async () => {
    const rare: [Filter, string[]][] = [];
    for (const filter of FILTERS.filter((_, place) => place % 5 === 0)) {
      const orders = await asked(filter);
      if (orders.length < 100) rare.push([filter, orders]);
    }
    expect(rare.length).toBeGreaterThan(50);
    expect(rare.filter(([, orders]) => orders.length > 0).length).toBeGreaterThan(20);
    for (const [filter, orders] of rare) expect([filter, await follow(filter)]).toEqual([filter, orders]);
  },
  LONG_MS,
);
