import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type BackfillRange, backfillBounds, recordItems } from '@lazada-sof/orders';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import { fillTable, openExplainingPool } from '../orders/plans.fixture.ts';
import type { BegunBackfill } from './backfills.ts';
import { nextPiece, WALK } from './pieces.ts';

let host: TestDb;
let accountId: string;
let range: BackfillRange;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(async () => {
  await host.sql('truncate account.lazada cascade');
  accountId = await host.account();
  range = { accountId, from: '2026-03-01', to: '2026-03-14' };
});

const bounds = backfillBounds({ from: '2026-03-01', to: '2026-03-14' }, 'Asia/Singapore');
const ask = () => host.db.backfills.ask(range, bounds);
const standing = () => host.db.backfills.standing(range);
const begin = ({ force = false } = {}) => host.db.backfills.begin(range, { bounds, force });
async function begun(): Promise<BegunBackfill> {
  const one = await begin();
  if (!one) throw new Error('nothing is to be done');
  return one;
}
/** `count` orders with numbers of their own, made at this time. */
const addOrders = (count: number, createdAt: string | null = '2026-03-05T00:00:00Z', account = accountId) =>
  host.sql(
    `insert into public.orders (account_id, order_number, created_at)
     select $1, 'N' || lpad((n + (select count(*) from public.orders))::text, 8, '0'), $3 from generate_series(1, $2) n`,
    [account, count, createdAt],
  );
const waits = (code = 'no') => ({ waitsUntil: new Date(Date.now() + 3_600_000), tries: 3, code, error: 'in words' });
const later = () =>
  host.sql(
    "update lazada_backfill_run set due_at = due_at - interval '2 h', waits_until = waits_until - interval '2 h'",
  );

describe('which orders', () => {
  test.each<[says: string, createdAt: string | null, counts: boolean]>([
    ['of the first moment of the first day', '2026-02-28T16:00:00Z', true],
    ['of the moment before', '2026-02-28T15:59:59.999Z', false],
    ['of the last moment of the last day', '2026-03-14T15:59:59.999Z', true],
    ['of the moment after', '2026-03-14T16:00:00Z', false],
    ['of which nobody knows when they were made', null, true],
  ])('those %s', async (_, createdAt, counts) => {
    await addOrders(3, createdAt);
    await addOrders(2, createdAt, await host.account());
    expect(await host.db.backfills.count(range, bounds)).toBe(counts ? 3 : 0);
    await ask();
    expect((await host.db.backfills.piece(await begun())).orders).toHaveLength(counts ? 3 : 0);
  });

  test('each once, fifty at a time, in the order of their numbers, and the last piece is told', async () => {
    await addOrders(120);
    await ask();
    const seen: string[] = [];
    const sizes: [number, boolean][] = [];
    for (let piece = null, done = false; !done; done = piece.isLast) {
      const run = await begun();
      piece = await host.db.backfills.piece(run);
      seen.push(...piece.orders.map(({ orderNumber }) => orderNumber));
      sizes.push([piece.orders.length, piece.isLast]);
      await host.db.backfills.advance(run, { ...piece, done: piece.orders.length, leftOut: [] });
    }
    expect(sizes).toEqual([
      [50, false],
      [50, false],
      [20, true],
    ]);
    expect([new Set(seen).size, seen]).toEqual([120, seen.toSorted()]);
    expect(await standing()).toMatchObject({ state: 'finished', orders: 120, done: 120, leftOut: 0 });
  });

  test('a hundred end with the second piece', async () => {
    await addOrders(100);
    await ask();
    const first = await begun();
    const piece = await host.db.backfills.piece(first);
    expect([piece.orders.length, piece.isLast]).toEqual([50, false]);
    const second = await host.db.backfills.piece({ ...first, after: piece.after });
    expect([second.orders.length, second.isLast]).toEqual([50, true]);
  });

  test('few among many of other days become one piece', async () => {
    await addOrders(10);
    await addOrders(WALK + 10, '2025-01-01T00:00:00Z');
    await addOrders(10);
    await ask();
    const piece = await host.db.backfills.piece(await begun());
    expect([piece.orders.length, piece.isLast]).toEqual([20, true]);
  });

  test('an order that somebody has read since it began is told', async () => {
    await addOrders(2);
    await ask();
    const [first] = (await host.db.backfills.piece(await begun())).orders;
    await host.db.manyChanges.change(first?.orderId ?? '', (order, now) => recordItems(order, [], now, now));
    const piece = await host.db.backfills.piece(await begun());
    expect(piece.orders.map(({ isRead }) => isRead)).toEqual([true, false]);
  });

  test('a host whose numbers are no text, and whose times have no zone', async () => {
    await addOrders(3);
    await host.sql('update public.orders set order_number = id');
    await host.sql(
      `alter table public.orders alter order_number type bigint using order_number::bigint,
                                 alter created_at type timestamp using created_at at time zone 'UTC'`,
    );
    try {
      await ask();
      const run = await begun();
      const { orders } = await host.db.backfills.piece(run);
      expect(orders).toHaveLength(3);
      const rest = await host.db.backfills.piece({ ...run, after: orders[0]?.orderNumber ?? null });
      expect(rest.orders.map(({ orderNumber }) => orderNumber)).toEqual(orders.slice(1).map((one) => one.orderNumber));
    } finally {
      await host.sql(`alter table public.orders alter order_number type text, alter created_at type timestamptz(6)`);
    }
  });
});

describe('how it stands', () => {
  beforeEach(() => addOrders(60));
  const firstPiece = async () => {
    const run = await begun();
    const piece = await host.db.backfills.piece(run);
    return { run, piece: { ...piece, done: piece.orders.length, leftOut: [] } };
  };
  const finish = async () => {
    const run = await begun();
    await host.db.backfills.advance(run, { after: 'Z', isLast: true, done: 1, leftOut: [] });
  };

  test('asked for twice it is one, and goes on where it is', async () => {
    expect(await ask()).toBeNull();
    const { run, piece } = await firstPiece();
    await host.db.backfills.advance(run, piece);
    expect(await ask()).toBe('running');
    expect(await standing()).toMatchObject({ state: 'running', done: 50 });
  });

  test('finished and asked for again it begins anew, with the orders that there are by then', async () => {
    await ask();
    await finish();
    expect(await begin()).toBeNull();
    await addOrders(5);
    expect(await ask()).toBe('finished');
    expect(await standing()).toMatchObject({ state: 'running', orders: 65, done: 0 });
  });

  test('stopped nobody goes on with it, until it is asked for again: then from where it was', async () => {
    await ask();
    const { run, piece } = await firstPiece();
    expect(await host.db.backfills.stop(range)).toMatchObject({ state: 'stopped', done: 0 });
    // The piece that was under way counts; it is the last.
    expect(await host.db.backfills.advance(run, piece)).toBeNull();
    expect(await begin()).toBeNull();
    expect(await begin({ force: true })).toBeNull();
    await later();
    expect(await host.db.backfills.take()).toEqual([]);
    expect(await ask()).toBe('stopped');
    expect(await standing()).toMatchObject({ state: 'running', done: 50 });
    expect((await begun()).after).toBe(piece.after);
  });

  test('one that there is not is not stopped', async () => {
    expect(await host.db.backfills.stop(range)).toBeNull();
  });

  test('a piece that two processes have done counts once', async () => {
    await ask();
    const { run, piece } = await firstPiece();
    const both = await Promise.all([host.db.backfills.advance(run, piece), host.db.backfills.advance(run, piece)]);
    expect(both.filter(Boolean)).toEqual([{ state: 'running', orders: 60, done: 50 }]);
  });

  test('what an older run does counts nothing for one that was begun anew', async () => {
    await ask();
    const { run, piece } = await firstPiece();
    await finish();
    await ask();
    expect(await host.db.backfills.advance(run, piece)).toBeNull();
    await host.db.backfills.fail(run, waits());
    expect(await standing()).toMatchObject({ state: 'running', done: 0, error: null });
  });

  test('those left out are counted, and the first of them told', async () => {
    await ask();
    const leftOut = (n: number) => Array.from({ length: n }, (_, i) => ({ orderNumber: `${i}`, reason: 'no' }));
    const first = await begun();
    await host.db.backfills.advance(first, { after: 'A', isLast: false, done: 50, leftOut: leftOut(20) });
    await host.db.backfills.advance(await begun(), { after: 'B', isLast: false, done: 10, leftOut: leftOut(10) });
    expect(await standing()).toMatchObject({ done: 60, leftOut: 30, troubles: leftOut(20) });
  });

  test('what waits is left alone until its time, unless somebody forces it, and a piece ends its failures', async () => {
    await ask();
    const run = await begun();
    await host.db.backfills.fail(run, waits());
    expect(await standing()).toMatchObject({ state: 'running', error: 'in words', waitsUntil: expect.any(Date) });
    expect([await begin(), await host.db.backfills.take()]).toEqual([null, []]);
    expect(await begin({ force: true })).toMatchObject({ tries: 3, errorCode: 'no' });
    await later();
    expect(await host.db.backfills.take()).toEqual([range]);
    const again = await begun();
    await host.db.backfills.advance(again, { after: 'A', isLast: false, done: 50, leftOut: [] });
    expect(await begun()).toMatchObject({ tries: 0, errorCode: null, after: 'A' });
  });

  test('the wait is counted from when its reason began', async () => {
    await ask();
    await host.db.backfills.fail(await begun(), waits());
    await host.sql("update lazada_backfill_run set since = since - interval '1 h', waits_until = now()");
    const { since } = await begun();
    await host.db.backfills.fail(await begun(), waits());
    await later();
    expect((await begun()).since).toEqual(since);
    await host.db.backfills.fail(await begun(), waits('other'));
    await later();
    expect((await begun()).since > since).toBe(true);
  });

  test('given up it waits for somebody: asked for or forced it goes on where it was', async () => {
    await ask();
    const give = async () => host.db.backfills.fail(await begun(), { ...waits(), waitsUntil: null });
    await give();
    expect(await standing()).toMatchObject({ state: 'given_up', error: 'in words' });
    expect(await begin()).toBeNull();
    expect(await begin({ force: true })).toMatchObject({ tries: 0 });
    await give();
    expect(await ask()).toBe('given_up');
    expect(await standing()).toMatchObject({ state: 'running', error: null });
  });

  test('a job of which there is no row makes it', async () => {
    expect(await begin()).toMatchObject({ after: null, tries: 0 });
    expect(await standing()).toMatchObject({ state: 'running', orders: 60 });
  });

  test('two schedulers take it once, and again when nobody has gone on with it for two minutes', async () => {
    await ask();
    const [one, other] = [host.another(), host.another()];
    const taken = await Promise.all([one.backfills.take(), other.backfills.take()]);
    expect(taken.flat()).toEqual([range]);
    expect(await one.backfills.take()).toEqual([]);
    await later();
    expect(await one.backfills.take()).toEqual([range]);
  });

  test.each([
    ['parked', { status: 'auth_failed' }],
    ['disabled', { enabled: false }],
    ['no longer sof', { delivery_type: 'pickup' }],
  ])('of an account that is %s it waits until that is mended', async (_, columns) => {
    await ask();
    const [[name, value] = []] = Object.entries(columns);
    await host.sql(`update account.lazada set ${name} = $2 where id = $1`, [accountId, value]);
    expect(await host.db.backfills.take()).toEqual([]);
    await host.sql("update account.lazada set status = 'active', enabled = true, delivery_type = 'sof'");
    expect(await host.db.backfills.take()).toEqual([range]);
  });
});

test('a piece reads the account’s own orders and no others, wherever they lie', async () => {
  await fillTable(host);
  const { pool, plans } = openExplainingPool(host.url);
  try {
    const days = backfillBounds({ from: '2000-01-01', to: '2099-12-31' }, 'Asia/Singapore');
    const rows = await host.sql<{ id: string; name: string }>('select id::text, name from account.lazada');
    for (const { id } of rows) {
      const wish = { accountId: id, bounds: days, begunAt: '2099-01-01' };
      const first = await nextPiece(pool, { ...wish, after: null });
      await nextPiece(pool, { ...wish, after: first.after ?? '0' });
    }
    expect(plans.length).toBeGreaterThan(rows.length);
    expect(plans.flatMap(({ wholeTables }) => wholeTables)).toEqual([]);
    expect(Math.max(...plans.map(({ rows: read }) => read))).toBeLessThanOrEqual(2 * WALK);
  } finally {
    await pool.end();
  }
}, 120_000);
