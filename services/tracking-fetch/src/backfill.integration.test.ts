import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { marketplaceLazada } from '@lazada-sof/connectors';
import { type Db, isPassing } from '@lazada-sof/db';
import { type BackfillRange, Failure, type Marketplace } from '@lazada-sof/orders';
import { ended, openWorkerStage, recordedLog, type WorkerStage } from '@lazada-sof/testkit';
import { type BackfillTools, backfill } from './backfill.ts';
import { createTurns } from './turns.ts';

const [ONE, MANY] = ['/order/items/get', '/orders/items/get'] as const;
const READY = { status: 'ready_to_ship' } as const;

let stage: WorkerStage;
let marketplace: Marketplace;
let range: BackfillRange;
let shop: string;
let sellerId: string;
let made = 0;
beforeAll(async () => {
  stage = await openWorkerStage('tracking-fetch');
  marketplace = marketplaceLazada(stage.outside().lazada);
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.calm();
  shop = `shop-${++made}`;
  const { accountId, sellerId: seller } = await stage.addAccount(shop);
  sellerId = seller;
  range = { accountId, from: '2026-03-01', to: '2026-03-31' };
});
afterEach(() => stage.lazada.remove('/faults'));

/** Orders of March that are ready to ship at Lazada, and of which our rows know nothing. */
const addOrders = (count: number) =>
  stage.addOrders({ account: shop, items: 1, count, ...READY }, { created_at: '2026-03-05T00:00:00Z' });
const calls = async () => {
  const { calls: made, batches } = await stage.lazada.counts();
  return { one: made[ONE] ?? 0, many: made[MANY] ?? 0, orders: batches[MANY]?.elements ?? 0 };
};
const readOrders = async () => {
  const [row] = await stage.sql(
    'select count(*)::int as n from public.order_lazada where account_id = $1 and items is not null',
    [range.accountId],
  );
  return row?.n;
};
const standing = () => stage.db.backfills.standing(range);

type Rig = Partial<Omit<BackfillTools, 'marketplace'>> & { marketplace?: Partial<Marketplace> };
function rig({ marketplace: other = {}, ...tools }: Rig = {}) {
  const { log, lines } = recordedLog();
  const { db } = stage;
  const job = backfill({
    backfills: db.backfills,
    orders: db.manyChanges,
    accounts: db.accounts,
    marketplace: { ...marketplace, ...other },
    turns: createTurns(100),
    callsPerSecond: 10,
    isPassing,
    log,
    random: () => 0.5,
    ...tools,
  });
  const run = ({ force = false, signal = new AbortController().signal } = {}) =>
    ended(job(range, { force, signal, attemptsMade: 0, job: { id: '1', addedAt: new Date(0) } }));
  /** As the queue does: the same job again, until it is over. */
  const runs = async () => {
    for (let times = 1; ; times++) {
      const result = await run();
      if (result.outcome !== 'snoozed') return { ...result, times };
    }
  };
  return { run, runs, lines };
}

test('done: every order is read, fifty a call, and what it shows is written', async () => {
  const [number = ''] = await addOrders(120);
  expect(await rig().runs()).toEqual({ outcome: 'done', times: 3 });
  expect([await calls(), await readOrders()]).toEqual([{ one: 0, many: 3, orders: 120 }, 120]);
  expect(await standing()).toMatchObject({ state: 'finished', orders: 120, done: 120, leftOut: 0 });
  expect((await stage.order(number)).packages).toMatchObject([{ state: 'ready_to_ship' }]);
  // Whoever reads hands on nothing: the scheduler finds what is owed since, at the account's pace.
  const [due] = await stage.sql(
    'select count(*)::int as n from public.order_lazada where account_id = $1 and next_attempt_at <= now()',
    [range.accountId],
  );
  expect([due?.n, stage.woken]).toEqual([120, []]);
}, 30_000);

test('after each piece the hand is given back, for long enough that others have three of four calls', async () => {
  await addOrders(60);
  expect(await rig().run()).toEqual({
    outcome: 'snoozed',
    code: '',
    reason: `${shop}/2026-03-01 to 2026-03-31: 50 of 60 orders are done`,
  });
});

test('run twice: the second is superseded, and asks nobody', async () => {
  await addOrders(3);
  await rig().runs();
  const before = await calls();
  expect(await rig().run()).toEqual({ outcome: 'superseded' });
  expect(await calls()).toEqual(before);
});

test('nothing to read: done without a call', async () => {
  expect(await rig().run()).toEqual({ outcome: 'done' });
  expect([await calls(), await standing()]).toMatchObject([
    { one: 0, many: 0 },
    { state: 'finished', done: 0 },
  ]);
});

test('of an account that is no more: superseded', async () => {
  await stage.sql('delete from account.lazada where id = $1', [range.accountId]);
  expect(await rig().run()).toEqual({ outcome: 'superseded' });
});

test('a process that dies before it has told a piece costs no call again for what was written', async () => {
  await addOrders(60);
  const dies: Db['backfills'] = { ...stage.db.backfills, advance: () => Promise.reject(new Error('killed')) };
  await expect(rig({ backfills: dies }).run()).rejects.toThrow('killed');
  expect(await standing()).toMatchObject({ done: 0 });
  expect(await rig().runs()).toEqual({ outcome: 'done', times: 2 });
  expect([await calls(), await standing()]).toMatchObject([
    { many: 2, orders: 60 },
    { state: 'finished', done: 60 },
  ]);
}, 30_000);

test('a worker that closes hands the piece back, and nothing is told of it', async () => {
  await addOrders(3);
  const closing = new AbortController();
  const readItems: Marketplace['readItems'] = async (...asked) => {
    closing.abort(new Error('closing'));
    return marketplace.readItems(...asked);
  };
  await expect(rig({ marketplace: { readItems } }).run({ signal: closing.signal })).rejects.toThrow('closing');
  expect(await standing()).toMatchObject({ state: 'running', done: 0, error: null });
});

test('an order that Lazada does not know is told and left out, and the others go on', async () => {
  const [number = ''] = await addOrders(3);
  await stage.sql("update public.orders set order_number = '999999999999999' where order_number = $1", [number]);
  const { runs, lines } = rig();
  expect(await runs()).toMatchObject({ outcome: 'done' });
  expect(await standing()).toMatchObject({
    state: 'finished',
    done: 3,
    leftOut: 1,
    troubles: [{ orderNumber: '999999999999999', reason: expect.stringContaining('999999999999999') }],
  });
  expect([await readOrders(), lines.map(({ message }) => message)]).toEqual([2, ['a backfill leaves an order out']]);
});

test('orders whose rows the host has locked are come back for, and none is left out', async () => {
  const numbers = await addOrders(3);
  const letGo = await stage.holdRows(`public.orders where order_number = any ('{${numbers.join(',')}}')`);
  try {
    expect(await rig().run()).toMatchObject({ outcome: 'snoozed', code: 'locked' });
    expect(await standing()).toMatchObject({ state: 'running', done: 0, error: 'somebody has its rows locked' });
  } finally {
    await letGo();
  }
  await stage.sql('update public.lazada_backfill_run set waits_until = now()');
  expect(await rig().runs()).toMatchObject({ outcome: 'done' });
  expect([await readOrders(), await standing()]).toMatchObject([3, { state: 'finished', done: 3, leftOut: 0 }]);
});

test('one that the host has locked for more than an hour is told and left out, and the others go on', async () => {
  const [number = ''] = await addOrders(3);
  const letGo = await stage.holdRows(`public.orders where order_number = '${number}'`);
  try {
    await rig().run();
    await stage.sql('update public.lazada_backfill_run set tries = 10, waits_until = now()');
    expect(await rig().runs()).toMatchObject({ outcome: 'done' });
    expect(await standing()).toMatchObject({
      leftOut: 1,
      troubles: [{ orderNumber: number, reason: 'somebody has its rows locked' }],
    });
  } finally {
    await letGo();
  }
});

test('one whose rows cannot be used is told and left out at once', async () => {
  const [number = ''] = await addOrders(3);
  const order = await stage.order(number);
  const orders: BackfillTools['orders'] = {
    change: (orderId, decide) =>
      orderId === order.orderId
        ? Promise.reject(new Error('what is this?'))
        : stage.db.manyChanges.change(orderId, decide),
  };
  expect(await rig({ orders }).runs()).toMatchObject({ outcome: 'done' });
  expect(await standing()).toMatchObject({
    leftOut: 1,
    troubles: [{ orderNumber: number, reason: 'its rows cannot be used: what is this?' }],
  });
});

test.each([
  { says: 'an answer of 503', fault: { status: 503 }, code: 'http_503' },
  { says: 'an answer that breaks off', fault: { drop: 'half' }, code: 'reset' },
])('transient: $says costs the piece a try, and the next one goes through', async ({ fault, code }) => {
  await addOrders(3);
  await stage.lazada.post('/faults', { path: MANY, times: 1, ...fault });
  expect(await rig().run()).toMatchObject({ outcome: 'snoozed', code });
  expect(await standing()).toMatchObject({ state: 'running', done: 0, waitsUntil: expect.any(Date) });
  // Not before its time.
  await stage.sql("update public.lazada_backfill_run set waits_until = now() + interval '1 min'");
  expect(await rig().run()).toEqual({ outcome: 'superseded' });
  await stage.sql('update public.lazada_backfill_run set waits_until = now()');
  expect(await rig().runs()).toMatchObject({ outcome: 'done' });
  expect(await standing()).toMatchObject({ state: 'finished', done: 3, leftOut: 0 });
});

test('while Lazada is away it waits in its row, then it is given up, and a forced job goes on', async () => {
  await addOrders(3);
  const readItems: Marketplace['readItems'] = async () => {
    throw new Failure('transient', 'Lazada is away', { code: 'http_503' });
  };
  const away = rig({ marketplace: { readItems } });
  const tries = (count: number) =>
    stage.sql(
      "update public.lazada_backfill_run set tries = $1, error_code = 'http_503', waits_until = now(), due_at = now()",
      [count],
    );
  await away.run();
  await tries(9);
  expect(await away.run()).toEqual({ outcome: 'done' });
  expect(await standing()).toMatchObject({ state: 'running', error: 'Lazada is away' });
  await tries(15);
  expect(await away.run()).toMatchObject({
    outcome: 'failed',
    reason: `${shop}/2026-03-01 to 2026-03-31: Lazada is away`,
  });
  expect(await standing()).toMatchObject({ state: 'given_up', error: 'Lazada is away', done: 0 });
  expect(await rig().run()).toEqual({ outcome: 'superseded' });
  expect(await rig().run({ force: true })).toEqual({ outcome: 'done' });
  expect(await standing()).toMatchObject({ state: 'finished', done: 3 });
});

test('rate-limited: it waits as long as is asked, without a try', async () => {
  await addOrders(3);
  stage.limiter.refuse = new Failure('rate-limited', 'no slot comes soon', { code: 'no_slot', waitMs: 5_000 });
  expect(await rig().run()).toMatchObject({ outcome: 'snoozed', code: 'no_slot' });
  const [row] = await stage.sql('select tries from public.lazada_backfill_run where account_id = $1', [
    range.accountId,
  ]);
  expect(row).toEqual({ tries: 0 });
});

test('misconfigured: the account is parked, the backfill waits, and goes on when it is mended', async () => {
  await addOrders(3);
  await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['access', 'refresh'] });
  expect(await rig().run()).toEqual({ outcome: 'done' });
  expect((await stage.db.accounts.byId(range.accountId))?.status).toBe('reauth_required');
  const before = await calls();
  expect([await rig().run(), await calls()]).toEqual([{ outcome: 'done' }, before]);
  expect(await standing()).toMatchObject({ state: 'running', done: 0, error: null });
});

test('stopped while it reads: that piece is the last', async () => {
  await addOrders(60);
  const readItems: Marketplace['readItems'] = async (...asked) => {
    await stage.db.backfills.stop(range);
    return marketplace.readItems(...asked);
  };
  expect(await rig({ marketplace: { readItems } }).run()).toEqual({ outcome: 'done' });
  expect(await rig().run()).toEqual({ outcome: 'superseded' });
  expect(await standing()).toMatchObject({ state: 'stopped', done: 50 });
});

test('two of one account that overlap are fine: one has its turn, the other comes after it', async () => {
  await addOrders(3);
  const turns = createTurns(100);
  const endTurn = turns.take(range.accountId);
  expect(await rig({ turns }).run()).toMatchObject({
    outcome: 'snoozed',
    reason: expect.stringContaining('their turn'),
  });
  endTurn?.();
  expect(await rig({ turns }).runs()).toMatchObject({ outcome: 'done' });
  range = { ...range, to: '2026-04-30' };
  expect(await rig({ turns }).runs()).toMatchObject({ outcome: 'done' });
  expect(await standing()).toMatchObject({ state: 'finished', done: 3 });
});
