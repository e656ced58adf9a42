import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnEachPostgres, type TestDatabase, until } from '@lazada-sof/testkit';
import type pg from 'pg';
import { hostClient } from '../db.fixture.ts';
import { applyMigrations } from './migrate.ts';

const INDEX = '-- Why.\ncreate index concurrently if not exists things_name_idx\n  on public.things (name);\n';

await describeOnEachPostgres('an index that is built while the host goes on', (openEmpty) => {
  let database: TestDatabase;
  let host: pg.Client;
  let folder: string;
  let said: string[];
  const log = { info: () => undefined, warn: (message: string) => void said.push(message) };
  const put = (name: string, text: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'migration.sql'), text);
  };

  beforeEach(async () => {
    said = [];
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    database = await openEmpty();
    host = await hostClient(database.url);
    await host.query(
      'create table things (id int primary key, name text); insert into things values (1, null), (2, null)',
    );
    put('1_index', INDEX);
  });
  afterEach(async () => {
    await host.end();
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const apply = () => applyMigrations({ url: database.url, folder, log, patience: { tries: 2, pauseMs: 10 } });
  const index = async () =>
    (
      await database.sql("select indisvalid as valid from pg_index where indexrelid = to_regclass('things_name_idx')")
    )[0];
  const tellsWhomItWaitsFor = () =>
    until(() => said.some((line) => /^waiting for a transaction that has been open for \d+ s .*the host/.test(line)), {
      what: 'a word about the host’s transaction',
      withinMs: 10_000,
    });

  test('waits for a transaction of the host that is open, names it, and keeps nobody waiting', async () => {
    await host.query("set application_name = 'the host'; begin; update things set name = 'held' where id = 1");
    const applying = apply();
    await tellsWhomItWaitsFor();
    await database.sql("set statement_timeout = '1s'; update things set name = 'other' where id = 2");
    await host.query('commit');
    expect(await applying).toEqual(['1_index']);
    expect(await index()).toEqual({ valid: true });
  });

  test('goes, where it is of no use any more, and keeps nobody waiting either', async () => {
    await apply();
    put('2_drop', '-- Why.\ndrop index concurrently if exists public.things_name_idx;\n');
    await host.query("set application_name = 'the host'; begin; update things set name = 'held' where id = 1");
    const applying = apply();
    await tellsWhomItWaitsFor();
    await database.sql("set statement_timeout = '1s'; update things set name = 'other' where id = 2");
    await host.query('commit');
    expect([await applying, await index(), await apply()]).toEqual([['2_drop'], undefined, []]);
  });

  test('was broken off and is built again', async () => {
    await host.query("set application_name = 'the host'; begin; update things set name = 'held' where id = 1");
    const applying = apply().catch((error: Error) => error);
    await tellsWhomItWaitsFor();
    await host.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lazada-sof migrate' and datname = current_database()",
    );
    expect(await applying).toBeInstanceOf(Error);
    expect(await index()).toEqual({ valid: false });
    await host.query('commit');
    expect(await apply()).toEqual(['1_index']);
    expect(await index()).toEqual({ valid: true });
    expect(await apply()).toEqual([]);
  });

  test.each([
    ['began and did not end', 'set finished_at = null'],
    ['skipped as being there', 'set applied_steps_count = 1'],
  ])('is built again where Prisma’s engine %s', async (_, left) => {
    await apply();
    await host.query(`update _prisma_migrations ${left};
      update pg_index set indisvalid = false where indexrelid = 'things_name_idx'::regclass`);
    expect(await apply()).toEqual(['1_index']);
    expect(await index()).toEqual({ valid: true });
    expect(await database.sql('select count(*)::int, count(finished_at)::int as done from _prisma_migrations')).toEqual(
      [{ count: 1, done: 1 }],
    );
  });

  test('cannot be built: nothing remains', async () => {
    await host.query("update things set name = 'twice'");
    put('1_index', INDEX.replace('index', 'unique index'));
    await expect(apply()).rejects.toThrow(/^migration 1_index was not applied: .*things_name_idx/);
    expect(await index()).toBeUndefined();
  });

  test('two that migrate at once build it once', async () => {
    expect((await Promise.all([apply(), apply()])).flat()).toEqual(['1_index']);
  });

  test('a file that holds more than that is refused before anything is done', async () => {
    put('0_table', 'create table public.one (id int)');
    put('2_two', `${INDEX} select 1;`);
    await expect(apply()).rejects.toThrow(/^migration 2_two: what is built concurrently is one statement alone/);
    expect(await database.sql("select from pg_tables where tablename = 'one'")).toEqual([]);
  });
});
