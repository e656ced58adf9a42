/** What a transaction promises while its statements travel together. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestDatabase, type TestDatabase, until } from '@lazada-sof/testkit';
import type pg from 'pg';
import { reached } from '../db.fixture.ts';
import { isOutage, openPool } from './pool.ts';
import { snapshot, transaction } from './transaction.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await openTestDatabase();
  pool = openPool({ url: reached(database.url), max: 2 });
  await pool.query('create table public.numbers (n int primary key)');
});
afterAll(async () => {
  await pool?.end();
  await database?.close();
});

const numbers = async () =>
  (await pool.query<{ n: number }>('select n from public.numbers order by n')).rows.map(({ n }) => n);
const INSERT = 'insert into public.numbers values ($1)';

test('what was sent and never waited for is there once it is committed', async () => {
  await transaction(pool, {}, async (client) => {
    client.send(INSERT, [1]);
    client.send(INSERT, [2]);
  });
  expect(await numbers()).toEqual([1, 2]);
});

test.each([
  ['at the commit, where nobody waits', async () => 'answered'],
  ['to whoever waits for a statement behind it', (query: () => Promise<unknown>) => query()],
])('a write that fails undoes everything, and its own error is told %s', async (_, goOn) => {
  const failing = transaction(pool, {}, async (client) => {
    client.send(INSERT, [7]);
    client.send(INSERT, [1]);
    return goOn(() => client.query('select 1'));
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await numbers()).toEqual([1, 2]);
});

test('work that throws undoes what it has sent', async () => {
  const failing = transaction(pool, {}, async (client) => {
    client.send(INSERT, [8]);
    throw new Error('changed its mind');
  });
  await expect(failing).rejects.toThrow('changed its mind');
  expect(await numbers()).toEqual([1, 2]);
});

test('a transaction that cannot begin writes nothing', async () => {
  const failing = transaction(pool, { lockTimeoutMs: -2 }, async (client) => {
    await client.query('select 1');
    client.send(INSERT, [9]);
  });
  await expect(failing).rejects.toMatchObject({ code: '22023' });
  expect(await numbers()).toEqual([1, 2]);
});

test('a snapshot is asked for nothing after its end', async () => {
  const late = snapshot(pool, async (client) => {
    await client.query('select 1');
    return client.query('select 2');
  });
  await expect(late).rejects.toThrow('a snapshot was asked after its end');
});

test('a snapshot sees one state, whatever is written while it looks', async () => {
  const counting = 'select count(*)::int as count from public.numbers';
  const looking = snapshot(pool, (client) =>
    Promise.all([counting, 'select pg_sleep(0.3)', counting].map((text) => client.query<{ count: number }>(text))),
  );
  const writing = pool.query(INSERT, [3]);
  const [first, , last] = (await looking).map(({ rows }) => rows[0]?.count);
  await writing;
  expect(last).toBe(first);
  expect(await numbers()).toEqual([1, 2, 3]);
});

test('a connection serves on after a transaction that failed', async () => {
  const one = openPool({ url: reached(database.url), max: 1 });
  try {
    for (let round = 1; round <= 3; round++)
      await expect(transaction(one, {}, (client) => client.query('select 1 / 0'))).rejects.toMatchObject({
        code: '22012',
      });
    expect((await one.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await one.end();
  }
});

test.each([
  ['asks nothing', () => undefined],
  ['waits for an answer', (query: () => Promise<unknown>) => query()],
])(
  'a connection that breaks while its transaction %s fails that alone, and the process lives on',
  async (_, during) => {
    const failing = transaction(pool, {}, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const running = during(() => client.query('select pg_sleep(60)'));
      await database.sql('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await running;
      let broken: unknown;
      const tried = async () => {
        await client.query('select 1').catch((error: unknown) => {
          broken = error;
        });
        return broken !== undefined;
      };
      await until(tried, { what: 'the connection is broken', withinMs: 10_000 });
      throw broken;
    });
    expect(isOutage(await failing.catch((error: unknown) => error))).toBe(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  },
);
