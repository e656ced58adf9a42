/** Processes that share two connections of the server, as they do behind a pooler in transaction mode. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Decide, quiet, type SofToken } from '@lazada-sof/orders';
import { aPackage } from '@lazada-sof/orders/fixture';
import { describeOnPgBouncer, until } from '@lazada-sof/testkit';
import type pg from 'pg';
import { hostClient, openDbForTest, type TestDb } from '../db.fixture.ts';
import type { Db } from '../open.ts';
import { isPassing, openPool } from '../sql/pool.ts';

const CONNECTIONS = 2;
const packed: Decide = (order) => ({
  order: { ...order, packages: order.packages.length > 0 ? order.packages : [aPackage({ id: '' })] },
  events: [{ kind: 'ready_to_ship', packageId: 'FP1' }],
});
/** Holds every connection that the pooler has for these clients. Answers how to let them go. */
async function holdAll(url: string): Promise<() => Promise<void>> {
  const holders = await Promise.all(Array.from({ length: CONNECTIONS }, () => hostClient(url)));
  await Promise.all(holders.map((holder) => holder.query('begin')));
  return async () => {
    await Promise.all(holders.map((holder) => holder.end()));
  };
}

await describeOnPgBouncer('two processes and two connections', (through) => {
  let host: TestDb;
  let accountId: string;
  let processes: { source: string; db: Db }[];
  beforeAll(async () => {
    host = await openDbForTest();
    accountId = await host.account();
    processes = ['status-sync', 'tracking-fetch'].map((source) => ({
      source,
      db: host.another({ url: through(host.cliUrl), source }),
    }));
  });
  afterAll(() => host?.close());

  const addOrders = async (count: number) =>
    (await Promise.all(Array.from({ length: count }, () => host.order(accountId)))).sort(
      (one, other) => Number(one) - Number(other),
    );
  /** Every other one by the other process. */
  const byTurns = <Answer>(ids: readonly string[], work: (db: Db, id: string) => Promise<Answer>) =>
    ids.map((id, index) => work(processOf(index).db, id));
  const processOf = (index: number) => processes[index % 2] as (typeof processes)[number];
  const ofOrders = <Answer>(ids: readonly string[], work: (db: Db, id: string) => Promise<Answer>) =>
    Promise.allSettled(byTurns(ids, work));
  const packagesOf = async (ids: readonly string[]) =>
    (
      await host.sql<{ packages: number }>(
        `select count(p.*)::int as packages from unnest($1::bigint[]) with ordinality as wanted (id, place)
           left join order_lazada_package p on p.order_id = wanted.id group by wanted.id, place order by place`,
        [ids],
      )
    ).map((row) => row.packages);
  const shared = async <Row extends pg.QueryResultRow>(text: string) => {
    const pool = openPool({ url: through(host.cliUrl), max: 10 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => pool.query<Row>(text)));
    await pool.end();
    return answers.flatMap(({ rows }) => rows);
  };

  test('everything of both goes over them, and each event names its own writer', async () => {
    const ids = await addOrders(100);
    for (let round = 1; round <= 3; round++) {
      const loaded = await ofOrders(ids, (db, id) => db.orders.load(id));
      expect(loaded.map((one) => one.status === 'fulfilled' && one.value?.order.orderId)).toEqual(ids);
      const changed = await ofOrders(ids, (db, id) => db.orders.change(id, packed));
      expect(changed.every((one) => one.status === 'fulfilled' && typeof one.value === 'object')).toBe(true);
    }
    const events = await host.sql<{ source: string }>(
      "select order_id::text as id, source from order_lazada_event where kind = 'ready_to_ship' and order_id = any ($1::bigint[]) order by order_id, id",
      [ids],
    );
    expect(events).toEqual(
      ids.flatMap((id, index) => Array.from({ length: 3 }, () => ({ id, source: processOf(index).source }))),
    );
    const [{ count } = { count: 0 }] = await host.sql<{ count: number }>(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and usename = 'sof_cli'",
    );
    expect(count).toBeLessThanOrEqual(CONNECTIONS);
  });

  test('no setting of a transaction is left to whoever has the connection next', async () => {
    await ofOrders(await addOrders(20), (db, id) => db.orders.change(id, packed));
    const settings = await shared(`
      select pg_sleep(0.05)::text as slept, coalesce(nullif(current_setting(name, true), ''), 'none') as setting
        from unnest('{lazada_sof.source,lazada_sof.whole,lazada_sof.held}'::text[]) name`);
    expect(new Set(settings.map((row) => row.setting))).toEqual(new Set(['none']));
    const limits = await shared(`
      select pg_sleep(0.05)::text as slept, current_setting('lock_timeout') as lock,
             current_setting('idle_in_transaction_session_timeout') as idle`);
    expect(new Set(limits.map(({ lock, idle }) => `${lock} ${idle}`))).toEqual(new Set(['0 0']));
  });

  test('rules that throw and orders that the database refuses fail alone', async () => {
    const ids = await addOrders(40);
    const answers = await ofOrders(ids, (db, id) =>
      db.orders.change(id, (order, now) => {
        const index = ids.indexOf(id);
        if (index % 10 === 3) throw new Error('this order is strange');
        const state = index % 10 === 6 ? ('nowhere' as 'packed') : 'packed';
        return index % 10 === 6 ? quiet({ ...order, packages: [aPackage({ id: '', state })] }) : packed(order, now);
      }),
    );
    const bad = (index: number) => [3, 6].includes(index % 10);
    expect(answers.map(({ status }) => status)).toEqual(ids.map((_, n) => (bad(n) ? 'rejected' : 'fulfilled')));
    expect(await packagesOf(ids)).toEqual(ids.map((_, n) => (bad(n) ? 0 : 1)));
  });

  test('an order that somebody holds is busy for both, and the others go on', async () => {
    const ids = await addOrders(20);
    const holder = await hostClient(host.url);
    await holder.query('begin');
    await holder.query('select from orders where id = any ($1::bigint[]) for update', [ids.slice(0, 2)]);
    const answers = await ofOrders(ids, (db, id) => db.orders.change(id, packed));
    expect(answers.map((one) => one.status === 'fulfilled' && one.value === 'busy')).toEqual(ids.map((_, n) => n < 2));
    await holder.end();
    const again = await ofOrders(ids, (db, id) => db.orders.change(id, packed));
    expect(again.map((one) => one.status === 'fulfilled' && one.value === 'busy')).toEqual(ids.map(() => false));
  });

  test('as many sign-ins as there are connections delay everybody else, no longer than they last', async () => {
    const accounts = [await host.account(), await host.account()];
    const [orderId = ''] = await addOrders(1);
    const answer = Promise.withResolvers<SofToken>();
    const login = jest.fn(() => answer.promise);
    const tokens = byTurns(accounts, (db, id) => db.tokens.sof(id, login));
    await until(() => login.mock.calls.length === CONNECTIONS, { what: 'both are signing in', withinMs: 10_000 });
    const loading = processes[0]?.db.orders.load(orderId);
    answer.resolve({ token: 'token-1', expiresAt: new Date(Date.now() + 3_600_000) });
    expect(await Promise.all(tokens)).toEqual(['token-1', 'token-1']);
    expect((await loading)?.order.orderId).toBe(orderId);
  });
});

await describeOnPgBouncer(
  'a pooler that lets nobody wait for longer than a second',
  (through) => {
    let host: TestDb;
    beforeAll(async () => {
      host = await openDbForTest();
    });
    afterAll(() => host?.close());

    test('what found no connection may be tried again, and then goes through', async () => {
      const orderId = await host.order(await host.account());
      const { orders } = host.another({ url: through(host.cliUrl) });
      const letGo = await holdAll(through(host.cliUrl));
      // Told as query_wait_timeout, or by the connection that is closed, whichever comes first.
      expect(isPassing(await orders.change(orderId, packed).catch((error: unknown) => error))).toBe(true);
      await letGo();
      expect(await orders.change(orderId, packed)).toBeInstanceOf(Object);
    });
  },
  { query_wait_timeout: 1 },
);
