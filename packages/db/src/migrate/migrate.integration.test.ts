import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnEachPostgres, type TestDatabase } from '@lazada-sof/testkit';
import type pg from 'pg';
import { hostClient } from '../db.fixture.ts';
import { FOLDER, readMigrations } from './files.ts';
import { applyMigrations, migrate } from './migrate.ts';

const HOST = `
  create schema account;
  create table account.lazada (
    id bigint primary key default (floor(extract(epoch from clock_timestamp()) * 1000000))::bigint,
    name text not null unique, country text, app_key text, app_secret text, access_token text, refresh_token text,
    access_token_expires_at timestamptz, refresh_token_expires_at timestamptz, shipment_provider text,
    delivery_type text, warehouse text not null default 'main');
  create sequence public.host_ids start 5000;
  create table public.orders (
    id bigint primary key default nextval('public.host_ids'),
    account_id bigint not null references account.lazada (id), order_number varchar(40) not null, tool_status varchar(40),
    update_shipping smallint not null default 0, tracking_number varchar(80),
    created_at timestamp not null default now(), updated_at timestamp, buyer text not null default 'somebody',
    unique (account_id, order_number));
  create table public.order_items (
    id bigint primary key default nextval('public.host_ids'), order_id bigint not null references public.orders (id),
    order_item_id text not null, price numeric, tracking_number text);
  insert into account.lazada (id, name, country, delivery_type) values
    (1, 'old-sof', 'SG', 'sof'), (2, 'warehouse', 'MY', 'send_to_warehouse');
  insert into public.orders (id, account_id, order_number, tool_status, update_shipping) values
    (11, 1, '111', 'ready_for_delivery', 1), (12, 1, '112', 'ready_for_delivery', 0),
    (13, 1, '113', 'packed', 1), (14, 2, '114', 'ready_for_delivery', 1);
  insert into public.order_items (order_id, order_item_id) values (11, '1'), (11, '2');`;

await describeOnEachPostgres('migrating', (openEmpty) => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeEach(async () => {
    database = await openEmpty();
    client = await hostClient(database.url);
  });
  afterEach(async () => {
    await client.end();
    await database.close();
  });

  const url = () => database.url;
  const sql = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows;

  test('an empty database has every table afterwards, and a second time changes nothing', async () => {
    const first = await migrate({ url: url() });
    expect(first.applied.length).toBeGreaterThan(0);
    expect(await migrate({ url: url() })).toEqual({ applied: [], backfilled: 0 });
    const tables = await sql(
      "select table_name from information_schema.tables where table_name like 'order_lazada%' order by 1",
    );
    expect(tables.map(({ table_name }) => table_name)).toEqual([
      'order_lazada',
      'order_lazada_attempt',
      'order_lazada_backfill',
      'order_lazada_document',
      'order_lazada_event',
      'order_lazada_index',
      'order_lazada_package',
      'order_lazada_step',
    ]);
  });

  test('indexes that have successors are not there, also where they were built behind all else', async () => {
    await migrate({ url: url() });
    const gone = [
      ...['order_lazada_document_without_pdf', 'order_lazada_ship_by'],
      ...['order_lazada_event_account_id_id_idx', 'order_lazada_event_package_id_idx'],
    ];
    expect(await sql('select relname from pg_class where relname = any ($1)', [gone])).toEqual([]);
  });

  test('two that migrate at once do it once', async () => {
    const both = await Promise.all([migrate({ url: url() }), migrate({ url: url() })]);
    const all = readMigrations(FOLDER).map(({ name }) => name);
    expect(both.flatMap(({ applied }) => applied).sort()).toEqual(all);
  });

  test('documents are stored as they are, and dead rows of order_lazada are cleaned up soon', async () => {
    await migrate({ url: url() });
    const stored = await sql(
      `select attrelid::regclass || '.' || attname as name from pg_attribute
      where atttypid = 'bytea'::regtype and attstorage = 'e' and attrelid::regclass::text not like 'pg_%' order by 1`,
    );
    expect(stored.map(({ name }) => name)).toEqual([
      'import_chunk.bytes',
      'marketplace_manifests.file',
      'order_lazada_document.pdf',
      'order_lazada_document.source',
    ]);
    const [{ options } = { options: [] }] = await sql(
      "select reloptions as options from pg_class where relname = 'order_lazada'",
    );
    expect(options).toContain('autovacuum_vacuum_scale_factor=0.01');
  });

  describe('a database in which the host lives already', () => {
    const due = () =>
      sql('select order_id, account_id, next_attempt_at <= now() as due from order_lazada order by order_id');

    beforeEach(async () => {
      await client.query(HOST);
    });

    test('each existing order has its row; those that are ready are due at once', async () => {
      await migrate({ url: url() });
      expect(await due()).toEqual([
        { order_id: '11', account_id: '1', due: true },
        { order_id: '12', account_id: '1', due: null },
        { order_id: '13', account_id: '1', due: null },
        { order_id: '14', account_id: '2', due: null },
      ]);
    });

    test('old sof accounts without credentials are named and disabled', async () => {
      const said: string[] = [];
      const log = { info: () => undefined, warn: (message: string) => void said.push(message) };
      await migrate({ url: url(), log });
      expect(said).toEqual([expect.stringMatching(/^account old-sof \(id 1\).*disabled/)]);
      expect(await sql('select name, enabled from account.lazada order by id')).toEqual([
        { name: 'old-sof', enabled: false },
        { name: 'warehouse', enabled: true },
      ]);
    });

    test('old sof accounts without a country of the six are named and disabled', async () => {
      await migrate({ url: url() });
      await client.query(`
      alter table account.lazada drop constraint lazada_sof_needs_country;
      insert into account.lazada (id, name, country, delivery_type, sof_username, sof_password) values
        (3, 'no-country', null, 'sof', 'u', 'p'), (4, 'misspelt', 'Singapur', 'sof', 'u', 'p'),
        (5, 'small', 'sg', 'sof', 'u', 'p'), (6, 'no-matter', null, 'dropship', null, null);
      drop table _prisma_migrations`);
      const said: string[] = [];
      const log = { info: () => undefined, warn: (message: string) => void said.push(message) };
      await migrate({ url: url(), log });
      expect(said).toEqual([
        expect.stringMatching(/^account no-country \(id 3\).*no country.*disabled/),
        expect.stringMatching(/^account misspelt \(id 4\).*"Singapur".*disabled/),
      ]);
      expect(await sql('select name, enabled from account.lazada where id > 2 order by id')).toEqual([
        { name: 'no-country', enabled: false },
        { name: 'misspelt', enabled: false },
        { name: 'small', enabled: true },
        { name: 'no-matter', enabled: true },
      ]);
    });

    test('rows, columns, id defaults and constraints of the host stay as they were', async () => {
      const before = await sql('select * from orders order by id');
      await migrate({ url: url() });
      expect(await sql('select * from orders order by id')).toEqual(before);
      expect((await sql("insert into orders (account_id, order_number) values (2, '115') returning id"))[0]?.id).toBe(
        '5002',
      );
      const indexes = await sql("select indexname from pg_indexes where tablename = 'orders' order by 1");
      expect(indexes.map(({ indexname }) => indexname)).toEqual([
        'orders_account_id_order_number_key',
        'orders_order_number_idx',
        'orders_pkey',
      ]);
    });

    test('a table of the host without the index that finds its rows gets a plain one', async () => {
      await migrate({ url: url() });
      const indexes = await sql(
        "select indexdef from pg_indexes where tablename = 'order_items' and indexname like '%item_id%'",
      );
      expect(indexes.map(({ indexdef }) => indexdef)).toEqual([
        expect.stringMatching(/^CREATE INDEX .*\(order_id, order_item_id\)$/),
      ]);
    });

    test('a second time, also after our record of it is lost, nothing is done twice', async () => {
      await migrate({ url: url() });
      await client.query('update order_lazada set next_attempt_at = null; drop table _prisma_migrations');
      await migrate({ url: url() });
      expect((await due()).map((row) => row.due)).toEqual([null, null, null, null]);
      expect(await sql("select from pg_trigger where tgname like 'sof_%'")).toHaveLength(8);
    });

    test('orders that the host adds afterwards have their rows, under whatever id', async () => {
      await migrate({ url: url() });
      await client.query("insert into orders (id, account_id, order_number) values (-7, 2, '7')");
      expect(await sql('select account_id from order_lazada where order_id = -7')).toEqual([{ account_id: '2' }]);
    });
  });

  describe('what can go wrong', () => {
    let folder: string;
    const put = (name: string, text: string) => {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'migration.sql'), text);
    };
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    test('a migration that fails leaves nothing behind, and goes through once its cause is gone', async () => {
      put('1_one', 'create table public.one (id int)');
      put('2_two', 'create table public.two (id int); select nonsense from nowhere');
      await expect(applyMigrations({ url: url(), folder })).rejects.toThrow(
        'migration 2_two was not applied, nothing of it remains: relation "nowhere" does not exist',
      );
      expect(await sql("select tablename from pg_tables where tablename in ('one', 'two')")).toEqual([
        { tablename: 'one' },
      ]);
      put('2_two', 'create table public.two (id int)');
      expect(await applyMigrations({ url: url(), folder })).toEqual(['2_two']);
    });

    test('a migration that was edited after it was applied is named and left alone', async () => {
      put('1_one', 'create table public.one (id int)');
      await applyMigrations({ url: url(), folder });
      put('1_one', 'create table public.one (id bigint)');
      const said: string[] = [];
      const log = { info: () => undefined, warn: (message: string) => void said.push(message) };
      expect(await applyMigrations({ url: url(), folder, log })).toEqual([]);
      expect(said).toEqual(['migration 1_one was edited after it was applied here']);
    });

    test('one that Prisma’s own engine left half done stops everything', async () => {
      put('1_one', 'create table public.one (id int)');
      await applyMigrations({ url: url(), folder });
      await client.query('update _prisma_migrations set finished_at = null');
      await expect(applyMigrations({ url: url(), folder })).rejects.toThrow(
        /1_one failed earlier.*prisma migrate resolve/,
      );
    });

    test('a table that is in use is waited for briefly', async () => {
      put('1_one', 'create table public.one (id int)');
      await applyMigrations({ url: url(), folder });
      put('2_two', 'alter table public.one add column more int');
      const other = await hostClient(url());
      await other.query('begin; lock table one');
      const patience = { tries: 2, pauseMs: 10 };
      await expect(applyMigrations({ url: url(), folder, patience })).rejects.toThrow('a table is in use');
      await other.end();
    });

    test('a folder that is not there is named', async () => {
      await expect(applyMigrations({ url: url(), folder: '/nowhere' })).rejects.toThrow('no migrations at /nowhere');
    });
  });
});
