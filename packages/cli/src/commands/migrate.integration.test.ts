import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openEmptyDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { runSof } from '../cli.fixture.ts';

let database: TestDatabase;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  database = await openEmptyDatabase();
  env = { DATABASE_URL: database.url };
});
afterAll(() => database.close());

const migrations = async () => {
  const rows = await database.sql<{ name: string }>('select migration_name as name from _prisma_migrations order by 1');
  return rows.map(({ name }) => name);
};

test('makes the tables with DATABASE_URL alone, tells which migrations it applied, and a second time applies none', async () => {
  const first = await runSof('migrate --json', { env });
  expect(first).toMatchObject({ code: 0, err: '' });
  // As they were applied: what is built concurrently comes last.
  const { applied, backfilled } = JSON.parse(first.out) as { applied: string[]; backfilled: number };
  expect({ applied: applied.toSorted(), backfilled }).toEqual({ applied: await migrations(), backfilled: 0 });
  const second = await runSof('migrate', { env });
  expect(second).toEqual({ code: 0, out: 'The database is up to date.\n', err: '' });
  expect(JSON.parse((await runSof('migrate --json', { env })).out)).toEqual({ applied: [], backfilled: 0 });
});

test('says how many orders of before have their rows', async () => {
  await database.sql("insert into account.lazada (id, name) values (1, 'shop')");
  await database.sql('insert into orders (account_id, order_number) select 1, n from generate_series(1, 1234) n');
  await database.sql('delete from order_lazada; delete from order_lazada_backfill');
  expect(await runSof('migrate', { env })).toEqual({
    code: 0,
    out: '1,234 orders of before have their rows.\nThe database is up to date.\n',
    err: '',
  });
});

test('warns on standard error, also where it prints JSON', async () => {
  await database.sql("update _prisma_migrations set checksum = 'edited'");
  const { code, out, err } = await runSof('migrate --json', { env });
  expect({ code, applied: JSON.parse(out).applied }).toEqual({ code: 0, applied: [] });
  expect(err).toMatch(/^warning: migration \S+ was edited after it was applied here$/m);
});

test('fails with the reason where a migration cannot be applied', async () => {
  const last = (await migrations()).find((name) => name.endsWith('_triggers'));
  await database.sql('delete from _prisma_migrations where migration_name = $1', [last]);
  await database.sql('drop table order_lazada cascade');
  const { code, err } = await runSof('migrate', { env });
  expect(code).toBe(1);
  expect(err).toContain(`migration ${last} was not applied, nothing of it remains: `);
});
