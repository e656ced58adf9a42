/** An administrator's script, run by his own program on an empty database, and the life of a database after it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate } from '@lazada-sof/db';
import { findProgram, type Login, urlAs, withClient } from '@lazada-sof/local';
import { leaveOut } from './servers/left-out.ts';
import { describeOnEachPostgres } from './servers/suites.ts';
import type { TestDatabase } from './servers/test-database.ts';

const SCRIPT = fileURLToPath(new URL('../../../deploy/roles.sql', import.meta.url));
const LOGINS: readonly Login[] = ['migrate', 'services', 'api', 'cli', 'reader', 'host'];
const psql = findProgram('psql');

const TITLE = 'deploy/roles.sql';

function suite(openEmpty: () => Promise<TestDatabase>): void {
  let database: TestDatabase;
  const said: string[] = [];
  const runScript = async () => {
    const passwords = LOGINS.map((login) => `--set=${login}_password=${new URL(database.as(login)).password}`);
    await promisify(execFile)(psql ?? '', [
      '--no-psqlrc',
      '--quiet',
      `--dbname=${database.url}`,
      `--file=${SCRIPT}`,
      ...passwords,
    ]);
  };
  const log = { info: () => undefined, warn: (line: string) => void said.push(line) };
  beforeAll(async () => {
    database = await openEmpty();
    await runScript();
    await migrate({ url: database.as('migrate'), log });
  }, 60_000);
  afterAll(() => database?.close());

  const as = (login: Login, text: string) =>
    withClient(urlAs(database.url, login), async (client) => (await client.query(text)).rows);

  test('leaves nothing for an administrator to do', () => {
    expect(said).toEqual([]);
  });

  test('nobody of ours is a superuser, or may make roles', async () => {
    const mighty = await database.sql(
      "select rolname from pg_roles where rolname ~ '^(lazada_)?sof_' and (rolsuper or rolcreaterole or rolcreatedb)",
    );
    expect(mighty.filter(({ rolname }) => LOGINS.some((login) => rolname === `sof_${login}`))).toEqual([]);
  });

  test('the functions belong to roles of their own, which may make nothing', async () => {
    const owners = await database.sql(
      "select distinct proowner::regrole::text as owner from pg_proc where proname like 'sof\\_%' and prosecdef order by 1",
    );
    expect(owners).toEqual([{ owner: 'lazada_sof_definer' }, { owner: 'lazada_sof_retention' }]);
    expect(
      await database.sql("select has_schema_privilege('lazada_sof_definer', 'public', 'create') as makes"),
    ).toEqual([{ makes: false }]);
  });

  test('a host writes its tables, and what follows is there for the services', async () => {
    await as(
      'host',
      "insert into account.lazada (name, country, delivery_type, sof_username, sof_password) values ('shop', 'SG', 'sof', 'u', 'p')",
    );
    await as(
      'host',
      "insert into public.orders (account_id, order_number, update_shipping, tool_status) select id, '1', 1, 'ready_for_delivery' from account.lazada",
    );
    await as('host', 'update public.order_lazada set update_delivered = 1');
    expect(
      await as('services', 'select next_attempt_at <= now() as due, update_delivered as flag from public.order_lazada'),
    ).toEqual([{ due: true, flag: 1 }]);
  });

  test('readers write nothing and look briefly', async () => {
    expect(await as('reader', 'show statement_timeout')).toEqual([{ statement_timeout: '5s' }]);
    await expect(as('reader', 'create temp table mine (id int)')).rejects.toThrow('read-only');
  });

  test('both may run again', async () => {
    await runScript();
    expect(await migrate({ url: database.as('migrate'), log })).toEqual({ applied: [], backfilled: 0 });
    expect(said).toEqual([]);
  }, 60_000);
}

if (psql) await describeOnEachPostgres(TITLE, suite);
else {
  const why = 'there is no psql';
  leaveOut({ what: TITLE, why, remedy: 'on Debian: sudo apt-get install postgresql-client' });
  describe.skip(TITLE, () => suite(() => Promise.reject(new Error(why))));
}
