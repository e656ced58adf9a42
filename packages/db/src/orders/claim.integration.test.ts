import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hostClient, openDbForTest, READY, type TestDb } from '../db.fixture.ts';
import { CLAIM } from './claim.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));

const many = (accountId: string, count: number) =>
  host.sql(
    `insert into orders (account_id, order_number, update_shipping, tool_status)
     select $1, 'n' || n, 1, 'ready_for_delivery' from generate_series(1, $2) n`,
    [accountId, count],
  );
const leaseOf = async (orderId: string) =>
  (
    await host.sql<{ seconds: number }>(
      'select extract(epoch from next_attempt_at - now())::float8 as seconds from order_lazada where order_id = $1',
      [orderId],
    )
  )[0]?.seconds;

test('what is due is claimed, and offered again after 30 s', async () => {
  const orderId = await host.order(await host.account(), READY);
  const claims = await host.db.claims.take();
  expect(claims).toMatchObject([{ orderId, accountId: expect.any(String) }]);
  expect(await leaseOf(orderId)).toBeGreaterThan(28);
  expect(await host.db.claims.take()).toEqual([]);
  await host.sql("update order_lazada set next_attempt_at = next_attempt_at - interval '31 s'");
  expect(await host.db.claims.take()).toMatchObject([{ orderId }]);
});

test('claimers at the same time never share an order, and leave none out', async () => {
  for (let n = 0; n < 10; n++) await many(await host.account(), 150);
  const claimers = Array.from({ length: 4 }, () => host.another());
  const claimed: string[] = [];
  const claimAll = async ({ claims }: TestDb['db']) => {
    for (let empty = 0; empty < 2; ) {
      const taken = await claims.take(100);
      claimed.push(...taken.map(({ orderId }) => orderId));
      empty = taken.length === 0 ? empty + 1 : 0;
    }
  };
  await Promise.all(claimers.map(claimAll));
  expect(claimed).toHaveLength(1_500);
  expect(new Set(claimed).size).toBe(1_500);
});

test('a round takes at most 200 of an account, and its share of the whole', async () => {
  await many(await host.account(), 300);
  await many(await host.account(), 300);
  const perAccount = (claims: readonly { accountId: string }[]) =>
    Object.values(Object.groupBy(claims, ({ accountId }) => accountId)).map((list) => list?.length);
  expect(perAccount(await host.db.claims.take())).toEqual([200, 200]);
  expect(perAccount(await host.db.claims.take(100))).toEqual([50, 50]);
});

test('a round is dealt out to the accounts that have something due: idle ones take no part of it', async () => {
  for (let n = 0; n < 9; n++) await host.account();
  await many(await host.account(), 300);
  expect(await host.db.claims.take(100)).toHaveLength(100);
});

test.each([
  ['parked', { status: 'auth_failed' }],
  ['disabled', { enabled: false }],
  ['not sof', { delivery_type: 'dropship' }],
])('orders of an account that is %s are left where they are', async (_, columns) => {
  const accountId = await host.account(columns);
  await host.order(accountId, READY);
  await host.sql('update order_lazada set next_attempt_at = now()');
  expect(await host.db.claims.take()).toEqual([]);
  expect(await host.db.claims.nextInMs()).toBeNull();
});

test('an order that somebody holds is left out, its neighbours are not', async () => {
  const accountId = await host.account();
  const [held, free] = [await host.order(accountId, READY), await host.order(accountId, READY)];
  const other = await hostClient(host.url);
  await other.query('begin');
  await other.query('select from order_lazada where order_id = $1 for update', [held]);
  expect((await host.db.claims.take()).map(({ orderId }) => orderId)).toEqual([free]);
  await other.query('commit');
  expect((await host.db.claims.take()).map(({ orderId }) => orderId)).toEqual([held]);
  await other.end();
});

describe('resting', () => {
  test('a claimed order to which nothing is owed gets its own time', async () => {
    const orderId = await host.order(await host.account(), READY);
    const [claim] = await host.db.claims.take();
    if (!claim) throw new Error('nothing was claimed');
    await host.db.claims.rest([{ claim, nextAt: null }]);
    expect(await leaseOf(orderId)).toBeNull();
  });

  test('one that the host changed meanwhile stays due', async () => {
    const orderId = await host.order(await host.account(), READY);
    const [claim] = await host.db.claims.take();
    if (!claim) throw new Error('nothing was claimed');
    await host.sql('update order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
    await host.db.claims.rest([{ claim, nextAt: null }]);
    expect(await leaseOf(orderId)).toBeLessThanOrEqual(0);
  });

  test('nothing to rest asks nothing', async () => {
    await expect(host.db.claims.rest([])).resolves.toBeUndefined();
  });
});

describe('whether a claimed order is still untouched', () => {
  const claimTwo = async () => {
    const accountId = await host.account();
    const orderIds = [await host.order(accountId, READY), await host.order(accountId, READY)];
    const claims = await host.db.claims.take();
    return orderIds.map((orderId) => claims.find((claim) => claim.orderId === orderId) as (typeof claims)[number]);
  };

  test('it is until somebody writes when to look again', async () => {
    const claims = await claimTwo();
    expect(await host.db.claims.untouched(claims)).toEqual(claims);
    await host.sql('update order_lazada set next_attempt_at = now() where order_id = $1', [claims[0]?.orderId]);
    expect(await host.db.claims.untouched(claims)).toEqual([claims[1]]);
  });

  test('of none there is nothing to ask', async () => {
    expect(await host.db.claims.untouched([])).toEqual([]);
  });
});

describe('an order that cannot be read', () => {
  const shelved = async (reason = 'its time is "yesterday"') => {
    const orderId = await host.order(await host.account(), READY);
    const [claim] = await host.db.claims.take();
    if (!claim) throw new Error('nothing was claimed');
    await host.db.claims.shelve([{ claim, reason }]);
    return { orderId, claim };
  };
  const isDue = async () => (await host.db.claims.take()).length === 1;

  test('rests, and tells in its row why', async () => {
    const { orderId } = await shelved();
    expect(await leaseOf(orderId)).toBeNull();
    expect(await host.sql('select last_error_code, last_error from order_lazada')).toEqual([
      { last_error_code: 'unreadable', last_error: 'its time is "yesterday"' },
    ]);
    expect(await isDue()).toBe(false);
  });

  test.each([
    ['the host writes its row, whatever column', "update orders set created_at = now() - interval '1 day'"],
    ['somebody mends our row', "update order_lazada set items = '[]'"],
    ['somebody asks for it', 'update order_lazada set next_attempt_at = now()'],
  ])('is due again when %s', async (_, write) => {
    await shelved();
    await host.sql(write);
    expect(await isDue()).toBe(true);
  });

  test('is left alone where somebody wrote it meanwhile', async () => {
    const orderId = await host.order(await host.account(), READY);
    const [claim] = await host.db.claims.take();
    if (!claim) throw new Error('nothing was claimed');
    await host.sql('update order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
    await host.db.claims.shelve([{ claim, reason: 'unreadable then' }]);
    expect(await isDue()).toBe(true);
  });

  test('is forgotten as such once it can be read: whatever is written next tells the truth', async () => {
    const { orderId } = await shelved();
    await host.sql('update order_lazada set next_attempt_at = now()');
    await host.db.orders.change(orderId, (order) => ({ order, events: [] }));
    expect(await host.sql('select last_error_code, last_error from order_lazada')).toEqual([
      { last_error_code: null, last_error: null },
    ]);
  });

  test('writes of other orders wake nobody', async () => {
    const { orderId } = await shelved();
    await host.order(await host.account());
    await host.sql('update orders set created_at = now() where id <> $1', [orderId]);
    expect(await isDue()).toBe(false);
  });
});

test('the next due time is the earliest of the active accounts', async () => {
  const [a, b] = [await host.account(), await host.account()];
  const [late, soon] = [await host.order(a), await host.order(b)];
  expect(await host.db.claims.nextInMs()).toBeNull();
  await host.sql("update order_lazada set next_attempt_at = now() + interval '1 h' where order_id = $1", [late]);
  await host.sql("update order_lazada set next_attempt_at = now() + interval '10 s' where order_id = $1", [soon]);
  const ms = await host.db.claims.nextInMs();
  expect(ms).toBeGreaterThan(5_000);
  expect(ms).toBeLessThanOrEqual(10_000);
});

test('the claim reads the index by account and time, and never the whole table', async () => {
  for (let n = 0; n < 3; n++) await many(await host.account(), 1_000);
  await host.sql("update order_lazada set next_attempt_at = now() + interval '1 h' where order_id % 50 <> 0");
  await host.sql('analyze order_lazada');
  const plan = await host.sql<{ 'QUERY PLAN': string }>(`explain ${CLAIM.replace('$1::int', '2000')}`);
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).toContain('order_lazada_due');
  expect(text).not.toMatch(/Seq Scan on order_lazada/);
});
