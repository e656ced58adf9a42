import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnEachPostgres, type TestDatabase, until } from '@lazada-sof/testkit';
import type pg from 'pg';
import { hostClient } from '../db.fixture.ts';
import { backfillNote } from './backfill.ts';
import { type MigrateOptions, migrate } from './migrate.ts';

const HOST = `
  create schema account;
  create table account.lazada (
    id bigint primary key, name text not null, country text, delivery_type text, sof_username text, sof_password text);
  create table public.orders (
    id bigint primary key, account_id bigint, order_number text not null, tool_status text,
    update_shipping smallint not null default 0, note text);
  create table public.order_items (id bigserial primary key, order_id bigint not null, order_item_id text not null);
  insert into account.lazada values (1, 'sof', 'SG', 'sof', 'u', 'p'), (2, 'other', 'SG', 'dropship', null, null);`;

await describeOnEachPostgres('orders of before', (openEmpty) => {
  let database: TestDatabase;
  let host: pg.Client;
  const more: pg.Client[] = [];

  beforeEach(async () => {
    database = await openEmpty();
    host = await hostClient(database.url);
    await host.query(HOST);
  });
  afterEach(async () => {
    await Promise.all([host, ...more.splice(0)].map((client) => client.end()));
    await database.close();
  });

  const anotherHost = async () => {
    const client = await hostClient(database.url);
    more.push(client);
    return client;
  };
  const sql = async (text: string) => (await host.query(text)).rows;
  const value = async (text: string) => Object.values((await sql(text))[0] ?? {})[0];
  const run = (options: Partial<MigrateOptions> = {}) => migrate({ url: database.url, ...options });
  /** Orders of before, of account 1, a third of them ready. */
  const orders = (from: number, to: number) =>
    sql(`insert into orders (id, account_id, order_number, tool_status, update_shipping)
         select n, 1, 'before-' || n, 'ready_for_delivery', (n % 3 = 0)::int from generate_series(${from}, ${to}) n`);
  const WITHOUT_ROW =
    'select count(*)::int from orders o where not exists (select from order_lazada l where l.order_id = o.id)';
  const FORGOTTEN = `select count(*)::int from orders o join order_lazada l on l.order_id = o.id
    where o.update_shipping = 1 and l.next_attempt_at is null`;
  /** Breaks the run off after so many pieces. */
  const brokenOffAfter = (pieces: number) => {
    let seen = 0;
    const onProgress = () => {
      if (++seen === pieces) throw new Error('broken off');
    };
    return run({ onProgress });
  };
  const PATIENCE = { tries: 2, pauseMs: 10 };

  test('a host that writes while 300,000 of them get their rows never waits 2 s, and none is left out', async () => {
    await orders(1, 300_000);
    const writer = await anotherHost();
    let ended = false;
    let longest = 0;
    let statements = 0;
    const timed = async (text: string) => {
      const begun = performance.now();
      await writer.query(text);
      longest = Math.max(longest, performance.now() - begun);
      statements++;
    };
    const writing = (async () => {
      for (let round = 0; !ended; round++) {
        const old = 1 + ((round * 7919) % 300_000);
        await timed(`insert into orders (id, account_id, order_number, tool_status, update_shipping)
          values (${-1 - round}, 1, 'meanwhile-${round}', 'ready_for_delivery', 1)`);
        await timed(
          `update orders set update_shipping = 1, note = 'meanwhile' where id between ${old} and ${old + 20}`,
        );
        await timed('begin');
        await timed(`select from orders where id = ${old + 30} for update`);
        await timed(`update orders set note = 'held' where id = ${old + 30}`);
        await timed('commit');
        await timed(`delete from orders where id = ${old + 40}`);
        await timed(`update orders set id = ${1_000_000 + round} where id = ${old + 50}`);
        await timed(`update account.lazada set name = 'sof-${round}' where id = 1`);
        await timed(`insert into order_items (order_id, order_item_id) values (${-1 - round}, '${round}')`);
      }
    })();
    const begun = performance.now();
    const { backfilled } = await run().finally(() => {
      ended = true;
    });
    const seconds = (performance.now() - begun) / 1_000;
    await writing;
    expect(backfilled).toBeGreaterThan(290_000);
    expect(await value(WITHOUT_ROW)).toBe(0);
    expect(await value(FORGOTTEN)).toBe(0);
    expect(longest).toBeLessThan(2_000);
    if (process.env.SHOW_FIGURES) console.log({ seconds, longest, statements, backfilled });
  });

  test('a run that was broken off goes on where it was, and what was written meanwhile has its row', async () => {
    await orders(1, 10_000);
    await expect(brokenOffAfter(2)).rejects.toThrow('broken off');
    expect(await value(WITHOUT_ROW)).toBe(6_000);
    await sql("insert into orders (id, account_id, order_number) values (-5, 1, 'late')");
    await sql("update orders set note = 'late' where id = 9000");
    const seen: number[] = [];
    expect(await run({ onProgress: ({ added }) => seen.push(added) })).toMatchObject({ backfilled: 5_999 });
    expect(seen).toEqual([6_000, 8_000, 9_999]);
    expect(await value(WITHOUT_ROW)).toBe(0);
    expect(await run()).toEqual({ applied: [], backfilled: 0 });
  });

  test('while it is not over it is told how far it is', async () => {
    await orders(1, 10_000);
    await expect(brokenOffAfter(2)).rejects.toThrow('broken off');
    await sql('analyze orders');
    expect(await backfillNote(host as never)).toMatch(/^about 40 % of the orders of before have their rows/);
    await run();
    expect(await backfillNote(host as never)).toBeNull();
  });

  test('where everything is there and only the record of it is lost, nothing is done and it is over', async () => {
    await orders(1, 5_000);
    await run();
    await sql('update order_lazada set next_attempt_at = null; delete from order_lazada_backfill');
    expect(await backfillNote(host as never)).toMatch(/^about 0 %/);
    expect(await run()).toEqual({ applied: [], backfilled: 0 });
    expect(await value('select count(next_attempt_at)::int from order_lazada')).toBe(0);
    expect(await backfillNote(host as never)).toBeNull();
  });

  test('two runs at once share it', async () => {
    await orders(1, 30_000);
    const both = await Promise.all([run(), run()]);
    expect(both.reduce((sum, { backfilled }) => sum + backfilled, 0)).toBe(30_000);
    expect(await value(WITHOUT_ROW)).toBe(0);
  });

  test('ids far apart, below zero and at the ends of what there is', async () => {
    const ids = ['-9223372036854775808', '-1', '0', '5', '9223372036854775807'];
    await sql(
      `insert into orders (id, account_id, order_number) select n, 2, n::text from unnest('{${ids}}'::bigint[]) n`,
    );
    expect((await run()).backfilled).toBe(5);
    expect(await value(WITHOUT_ROW)).toBe(0);
  });

  test('orders of no account have their rows, and are not due', async () => {
    await sql(`insert into orders (id, account_id, order_number, tool_status, update_shipping)
      values (1, null, '1', 'ready_for_delivery', 1), (2, 77, '2', 'ready_for_delivery', 1)`);
    await run();
    expect(await sql('select order_id, account_id, next_attempt_at from order_lazada order by 1')).toEqual([
      { order_id: '1', account_id: null, next_attempt_at: null },
      { order_id: '2', account_id: '77', next_attempt_at: null },
    ]);
  });

  test('a host whose columns have types of their own', async () => {
    await sql(`create type flag as enum ('0', '1'); create domain status as varchar(30);
      alter table orders alter update_shipping drop default;
      alter table orders alter update_shipping type flag using update_shipping::text::flag, alter tool_status type status,
        alter id type int, alter account_id type numeric`);
    await sql(
      "insert into orders (id, account_id, order_number, tool_status, update_shipping) values (-3, 1, '1', 'ready_for_delivery', '1')",
    );
    await run();
    expect(await sql('select order_id, next_attempt_at is not null as due from order_lazada')).toEqual([
      { order_id: '-3', due: true },
    ]);
  });

  test('a host whose accounts have no numbers as ids is told, and nothing of it is touched', async () => {
    await orders(1, 5);
    await sql('alter table orders alter account_id type varchar(40)');
    const said: string[] = [];
    const log = { info: () => undefined, warn: (message: string) => void said.push(message) };
    expect((await run({ log })).backfilled).toBe(0);
    expect(said).toContainEqual(expect.stringContaining('while their ids are no numbers'));
    expect(await backfillNote(host as never)).toMatch(/^about 0 %/);
  });

  describe.each([
    ['an order', 'select from orders where id = 3 for update', 3],
    ['an account', 'select from account.lazada where id = 1 for update', 5_000],
  ])('%s that somebody holds', (_, hold, held) => {
    beforeEach(async () => {
      await orders(1, 5_000);
      await sql("insert into orders (id, account_id, order_number) values (6000, 2, 'free')");
      // The migrations before need the tables for themselves.
      await expect(brokenOffAfter(1)).rejects.toThrow('broken off');
      await sql('delete from order_lazada; delete from order_lazada_backfill');
    });

    test('keeps nothing else waiting, and is named where it takes too long', async () => {
      const holder = await anotherHost();
      await holder.query(`set application_name = 'the host'; begin; ${hold}`);
      const said: string[] = [];
      const log = { info: () => undefined, warn: (message: string) => void said.push(message) };
      await expect(run({ patience: { tries: 8, pauseMs: 10 }, log })).rejects.toThrow(
        'orders of before have no row yet, since somebody holds them',
      );
      expect(await value(WITHOUT_ROW)).toBe(held === 3 ? 1 : held);
      expect(said).toContainEqual(expect.stringMatching(/^waiting for a transaction.*the host/));
    });

    test('is taken up when it is let go', async () => {
      const holder = await anotherHost();
      await holder.query(`begin; ${hold}`);
      const running = run();
      await until(
        async () => (await value('select count(*)::int from order_lazada')) === 5_001 - (held === 3 ? 1 : held),
        {
          what: 'all others have their rows',
          withinMs: 20_000,
        },
      );
      await sleep(100);
      await holder.query('commit');
      await running;
      expect(await value(WITHOUT_ROW)).toBe(0);
      expect(await value(FORGOTTEN)).toBe(0);
    });
  });

  test('an account that becomes sof meanwhile has its ready orders due', async () => {
    await orders(1, 3_000);
    await sql("update account.lazada set delivery_type = 'dropship' where id = 1");
    await expect(brokenOffAfter(1)).rejects.toThrow('broken off');
    const account = await anotherHost();
    await account.query("begin; update account.lazada set delivery_type = 'sof' where id = 1");
    const running = run();
    await sleep(300);
    await account.query('commit');
    await running;
    expect(await value(FORGOTTEN)).toBe(0);
  });

  test('a host whose transaction stays open keeps the migrations waiting, and is told', async () => {
    const holder = await anotherHost();
    await holder.query("set application_name = 'the host'; begin; update account.lazada set name = name");
    await expect(run({ patience: PATIENCE })).rejects.toThrow('a table is in use');
    await holder.query('commit');
    await run({ patience: PATIENCE });
  });
});
