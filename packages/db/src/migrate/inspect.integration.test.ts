/** A database as whoever looks sees it, connected as different logins; and that nothing is changed by a look. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeOnPgBouncer, openEmptyDatabase, openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { inspectDatabase } from './inspect.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());
const asCli = () => inspectDatabase({ url: database.as('cli') });

test('all is well for the command line', async () => {
  expect(await asCli()).toEqual({
    version: expect.stringMatching(/^\d+\.\d+$/),
    versionNumber: expect.any(Number),
    isDirect: true,
    isReadOnly: false,
    clock: { theirs: expect.any(Date), askedAt: expect.any(Date), answeredAt: expect.any(Date) },
    migrations: { missing: [], begun: [], edited: [], unknown: [] },
    backfill: null,
    rights: {
      login: 'sof_cli',
      isSuperuser: false,
      memberOf: ['lazada_sof_api', 'lazada_sof_services'],
      absentRoles: [],
      unusedRoles: [],
      missing: [],
      functionsRunAs: [],
    },
  });
});

test('a right that was taken back is missing to the role, and to its member', async () => {
  await database.sql(`
    revoke select, insert on public.order_lazada_event from lazada_sof_services, lazada_sof_api;
    grant select on public.order_lazada_event to lazada_sof_api;
    revoke update (sof_token) on account.lazada from lazada_sof_services`);
  const { rights } = await asCli();
  const event = { on: 'public.order_lazada_event', columns: [] };
  const token = { on: 'account.lazada', verb: 'update', columns: ['sof_token'] };
  expect(rights.missing).toEqual([
    { who: 'lazada_sof_api', verb: 'insert', ...event },
    { who: 'lazada_sof_services', ...token },
    { who: 'lazada_sof_services', verb: 'insert', ...event },
    { who: 'lazada_sof_services', verb: 'select', ...event },
    { who: 'sof_cli', ...token },
    { who: 'sof_cli', verb: 'insert', ...event },
  ]);
});

test('a reader lacks what the command line needs, and nothing is refused to the look', async () => {
  const { rights, migrations } = await inspectDatabase({ url: database.as('reader') });
  expect(rights).toMatchObject({ login: 'sof_reader', memberOf: ['lazada_sof_reader'] });
  expect(rights.missing.every(({ who }) => who === 'sof_reader')).toBe(true);
  expect(rights.missing).toContainEqual({ who: 'sof_reader', on: 'public.console_user', verb: 'select', columns: [] });
  expect(migrations).toMatchObject({ missing: [] });
});

test('a schema that nobody may enter', async () => {
  await database.sql('revoke usage on schema account from lazada_sof_services, lazada_sof_api, lazada_sof_reader');
  const { rights } = await asCli();
  expect(rights.missing).toContainEqual({ who: 'sof_cli', on: 'schema account', verb: 'usage', columns: [] });
});

test('a ledger that may not be seen', async () => {
  await database.sql('revoke all on public._prisma_migrations from lazada_sof_services, lazada_sof_api');
  expect((await asCli()).migrations).toBeNull();
});

test('a migration that is missing, and triggers that run as whoever migrated', async () => {
  await database.sql(`delete from _prisma_migrations where migration_name like '%\\_manifests\\_by\\_day';
    alter function public.sof_orders_updated() owner to current_user`);
  const { migrations, rights } = await asCli();
  expect(migrations?.missing).toEqual(['20261123080400_manifests_by_day']);
  expect(rights.functionsRunAs).toEqual([new URL(database.url).username]);
});

test('what removes, and runs as somebody who may do more', async () => {
  await database.sql('alter function public.sof_remove_imports(int, int) owner to current_user');
  expect((await asCli()).rights.functionsRunAs).toEqual([new URL(database.url).username]);
});

test('orders of before that have no rows yet', async () => {
  await database.sql('update public.order_lazada_backfill set finished_at = null');
  expect((await asCli()).backfill).toMatch(/^about \d+ % of the orders/);
});

test('a database that takes no writes', async () => {
  const url = new URL(database.as('cli'));
  url.searchParams.set('options', '-c default_transaction_read_only=on');
  expect(await inspectDatabase({ url: url.href })).toMatchObject({ isReadOnly: true });
});

test('nothing in it, and looked at by its owner', async () => {
  const empty = await openEmptyDatabase();
  const { migrations, backfill, rights } = await inspectDatabase({ url: empty.url });
  expect(migrations?.missing.length).toBeGreaterThan(5);
  expect({
    backfill,
    isSuperuser: rights.isSuperuser,
    missing: rights.missing.filter(({ on }) => !/^schema/.test(on)),
  }).toEqual({
    backfill: undefined,
    isSuperuser: true,
    missing: [],
  });
  await empty.close();
});

test('that the ledger may be seen is granted by the next migration of a database of before', async () => {
  await database.sql('revoke all on public._prisma_migrations from lazada_sof_services, lazada_sof_api');
  await migrate({ url: database.url });
  expect((await asCli()).migrations).toMatchObject({ missing: [] });
});

test('nobody there', async () => {
  await expect(inspectDatabase({ url: 'postgres://u:hush@127.0.0.1:1/d' })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

await describeOnPgBouncer('behind a pooler', (through) => {
  test('it is looked at all the same, and the pooler is told', async () => {
    expect(await inspectDatabase({ url: through(database.as('cli')) })).toMatchObject({
      isDirect: false,
      rights: { missing: [] },
    });
  });
});
