import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnPgBouncer, openEmptyDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { FOLDER, readMigrations } from '../migrate/files.ts';
import { applyMigrations, migrate } from '../migrate/migrate.ts';
import { openDb } from '../open.ts';
import { openPool } from '../sql/pool.ts';

await describeOnPgBouncer('migrating behind PgBouncer', (through) => {
  let database: TestDatabase;
  let folder: string;
  beforeEach(async () => {
    database = await openEmptyDatabase();
    folder = mkdtempSync(join(tmpdir(), 'lazada-sof-migrations-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await database.close();
  });

  /** As the pooler's connections, each of them, answer it. */
  const onEach = async (text: string) => {
    const pool = openPool({ url: through(database.url), max: 10 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => pool.query<{ seen: string }>(`select pg_sleep(0.05)::text, ${text} as seen`)),
    );
    await pool.end();
    return [...new Set(answers.flatMap(({ rows }) => rows.map(({ seen }) => seen)))];
  };

  test('it goes through, and whoever uses the same login next has nothing of its settings', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.sql(`alter database ${name} set statement_timeout = '1h'`);
    await migrate({ url: through(database.url), log: { info: () => undefined, warn: () => undefined } });
    expect(await onEach("current_setting('search_path')")).toEqual(['"$user", public']);
    expect(await onEach("current_setting('statement_timeout')")).toEqual(['1h']);
    const db = openDb({ url: through(database.url), source: 'test' });
    expect(await db.ready()).toEqual({ database: true });
    await db.close();
  });

  test('a migration runs with settings of its own all the same', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.sql(`alter database ${name} set statement_timeout = '1h'`);
    await database.sql(`alter database ${name} set default_transaction_read_only = on`);
    mkdirSync(join(folder, '1_seen'));
    writeFileSync(
      join(folder, '1_seen', 'migration.sql'),
      "create table public.seen as select current_setting('search_path') as path, current_setting('statement_timeout') as statement",
    );
    await applyMigrations({ url: through(database.url), folder });
    expect(await database.sql('select * from public.seen')).toEqual([{ path: 'pg_catalog, pg_temp', statement: '0' }]);
  });

  test('two that migrate at once do it once', async () => {
    const both = await Promise.all([1, 2].map(() => migrate({ url: through(database.url) })));
    const all = readMigrations(FOLDER).map(({ name }) => name);
    expect(both.flatMap(({ applied }) => applied).sort()).toEqual(all);
    expect(await migrate({ url: through(database.url) })).toEqual({ applied: [], backfilled: 0 });
  });
});
