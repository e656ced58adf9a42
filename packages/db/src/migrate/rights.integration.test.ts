/** Who may what, tried as they would; and attacks that went through once. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';
import pg from 'pg';
import { migrate } from './migrate.ts';
import { RIGHTS, ROLES, WAY_IN } from './rights.ts';

type Login = Parameters<TestDatabase['as']>[0];

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql(`
    insert into account.lazada (name, country, delivery_type, sof_username, sof_password, app_secret)
      values ('shop', 'SG', 'sof', 'courier', 'plain-password', 'plain-secret');
    insert into public.orders (account_id, order_number) select id, '4711' from account.lazada;
    insert into public.api_key (name, key_sha256, scopes) values ('partner', '\\x00', '{}')`);
});
afterAll(() => database.close());

/** What somebody does in a session of his own; answers the rows of the last statement. */
async function run(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await client.query(text);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}
const as = (login: Login, text: string) => run(database.as(login), text);

test('every table says who may what in it', async () => {
  const tables = await database.sql<{ name: string }>(`
    select format('%s.%s', schemaname, tablename) as name from pg_tables
     where schemaname in ('account', 'public') order by 1`);
  const told = Object.entries(RIGHTS).filter(([, rights]) => Object.keys(rights).length > 0);
  expect(tables.map(({ name }) => name)).toEqual(told.map(([name]) => name).sort());
});

test.each<{ says: string; login: Login; text: string }>([
  { says: 'services drop no table', login: 'services', text: 'drop table public.order_lazada' },
  { says: 'nor make one', login: 'services', text: 'create table public.mine (id int)' },
  { says: 'nor read keys', login: 'services', text: 'select key_sha256 from public.api_key' },
  { says: 'nor people', login: 'services', text: 'select from public.console_user' },
  { says: 'nor add orders to the host', login: 'services', text: 'insert into public.orders default values' },
  { says: 'nor change what happened', login: 'services', text: "update public.order_lazada_event set kind = 'x'" },
  { says: 'nor remove it', login: 'services', text: 'delete from public.order_lazada_event' },
  { says: 'nor hang it on another order', login: 'services', text: 'update public.order_lazada set order_id = 55' },
  { says: 'nor remove an attempt', login: 'services', text: 'delete from public.order_lazada_attempt' },
  {
    says: 'nor say that it was another',
    login: 'services',
    text: "update public.order_lazada_attempt set status = 'x'",
  },
  ...['access_token', 'refresh_token', 'sof_password', 'sof_token'].map((column) => ({
    says: `the api does not read ${column}`,
    login: 'api' as const,
    text: `select ${column} from account.lazada`,
  })),
  { says: 'nor compare it', login: 'api', text: "select from account.lazada where sof_password = 'guess'" },
  { says: 'nor change what happened', login: 'api', text: "update public.order_lazada_event set kind = 'x'" },
  { says: 'nor drop a table', login: 'api', text: 'drop table public.order_lazada' },
  { says: 'nor remove an order of the host', login: 'api', text: 'delete from public.orders' },
  { says: 'nor hang it on another account', login: 'api', text: 'update public.orders set account_id = 1' },
  { says: 'nor remove an item', login: 'api', text: 'delete from public.order_items' },
  { says: 'nor choose an id', login: 'api', text: 'insert into public.orders (id) values (1)' },
  ...(['services', 'api'] as const).flatMap((login) => [
    { says: `${login} change nothing in the audit log`, login, text: "update public.audit_log set act = 'x'" },
    { says: 'nor remove of it', login, text: 'delete from public.audit_log' },
    { says: 'nor all of it', login, text: 'truncate public.audit_log' },
    { says: 'nor its guard', login, text: 'drop trigger audit_log_only_grows on public.audit_log' },
    {
      says: 'nor say that it was at another time',
      login,
      text: "insert into public.audit_log (at, actor_kind, act, status) values ('2020-01-01', 'nobody', 'x', 200)",
    },
  ]),
  {
    says: 'nor add to it, who answer nobody',
    login: 'services',
    text: "insert into public.audit_log (actor_kind, act, status) values ('nobody', 'x', 200)",
  },
  { says: 'a reader reads no secret', login: 'reader', text: 'select app_secret from account.lazada' },
  { says: 'nor hashes of keys', login: 'reader', text: 'select key_sha256 from public.api_key' },
  { says: 'nor of passwords', login: 'reader', text: 'select password_hash from public.console_user' },
  { says: 'nor writes anything', login: 'reader', text: 'update public.order_lazada set update_delivered = 1' },
  { says: 'a host does not write what is ours', login: 'host', text: "update public.order_lazada set status = 'new'" },
  { says: 'nor a status sent', login: 'host', text: 'update public.order_lazada set delivered_sent_at = now()' },
  {
    says: 'nor events',
    login: 'host',
    text: "insert into public.order_lazada_event (kind, source) values ('x', 'api')",
  },
  { says: 'nor reads documents', login: 'host', text: 'select from public.order_lazada_document' },
])('may not: $says', async ({ login, text }) => {
  await expect(as(login, text)).rejects.toThrow(/permission denied|must be owner|read-only/);
});

test.each(["update public.audit_log set act = 'x'", 'delete from public.audit_log', 'truncate public.audit_log'])(
  'whoever owns the audit log does not by mistake: %s',
  async (text) => {
    await as('api', "insert into public.audit_log (actor_kind, act, status) values ('nobody', 'kept', 200)");
    await expect(database.sql(text)).rejects.toThrow('audit_log only grows');
    expect(await as('reader', "select act from public.audit_log where act = 'kept' limit 1")).toEqual([
      { act: 'kept' },
    ]);
  },
);

test('a host gives its instructions, without a right on what follows from them', async () => {
  const columns = WAY_IN.map((column) => (column.startsWith('update_') ? `${column} = 0` : `${column} = null`));
  await as('host', `update public.order_lazada set ${columns.join(', ')}`);
  await as('host', 'update public.order_lazada set update_delivered = 1');
  await as('host', "update public.orders set update_shipping = 1, tool_status = 'ready_for_delivery'");
  const [row] = await as('reader', 'select delivered_at, next_attempt_at from public.order_lazada');
  expect(row).toEqual({ delivered_at: expect.any(Date), next_attempt_at: expect.any(Date) });
  expect(await as('reader', "select source from public.order_lazada_event where kind = 'flag_set'")).toEqual([
    { source: 'host' },
  ]);
});

test('the api sets secrets, and sees that they are set', async () => {
  const [row] = await as('api', "update account.lazada set sof_password = 'another' returning secrets_set_at");
  expect(Object.keys(row?.secrets_set_at ?? {}).sort()).toEqual(['app_secret', 'sof_password']);
});

test('an api of the version before goes on signing people in until it is replaced', async () => {
  await database.sql("insert into public.console_user (name, password_hash, role) values ('ann', '', 'viewer')");
  await as(
    'api',
    "update public.console_user set failed_tries = failed_tries + 1, locked_until = now() where name = 'ann'",
  );
  expect(await as('api', "select failed_tries, locked_until from public.console_user where name = 'ann'")).toEqual([
    { failed_tries: 1, locked_until: expect.any(Date) },
  ]);
});

describe('marks of a session', () => {
  test('of a host count for nothing: it is the host, and its instruction is followed', async () => {
    await as('host', 'update public.order_lazada set update_delivered = 0');
    await database.sql('update public.order_lazada set next_attempt_at = null; delete from public.order_lazada_event');
    await as(
      'host',
      `begin; set local lazada_sof.source = 'api'; set local lazada_sof.whole = on;
       update public.order_lazada set update_delivered = 1; commit`,
    );
    const [row] = await as('reader', 'select delivered_at, next_attempt_at from public.order_lazada');
    expect(row).toEqual({ delivered_at: expect.any(Date), next_attempt_at: expect.any(Date) });
    expect(await as('reader', 'select kind, source from public.order_lazada_event')).toEqual([
      { kind: 'flag_set', source: 'host' },
    ]);
  });

  test.each<Login>(['services', 'api'])('of %s count', async (login) => {
    await database.sql('update public.order_lazada set update_delivered = 0; delete from public.order_lazada_event');
    await as(
      login,
      "begin; set local lazada_sof.source = 'import'; update public.order_lazada set update_delivered = 1; commit",
    );
    expect(await as('reader', 'select source from public.order_lazada_event')).toEqual([{ source: 'import' }]);
  });
});

describe('attacks', () => {
  /** Of a role that may connect and make temporary tables, which everybody may. */
  const nobody = async () => {
    await database.sql(
      `do $$ begin create role sof_nobody login password 'nobody'; exception when duplicate_object then null; end $$`,
    );
    return Object.assign(new URL(database.url), { username: 'sof_nobody', password: 'nobody' }).href;
  };
  const KEYS = async () => (await database.sql('select from public.api_key')).length;

  test('a function that runs as us is put on nobody’s own table', async () => {
    const functions = await database.sql<{ name: string }>(
      "select oid::regprocedure::text as name from pg_proc where proname like 'sof\\_%' and prosecdef and prorettype = 'trigger'::regtype",
    );
    expect(functions.length).toBeGreaterThan(3);
    for (const { name } of functions) {
      await expect(
        run(
          await nobody(),
          `create temp table new_orders (id bigint);
           create trigger mine after insert on new_orders for each statement execute function ${name}`,
        ),
      ).rejects.toThrow('permission denied for function');
    }
  });

  test('a host that gives its column a type with a cast of its own runs nothing as us', async () => {
    const before = await KEYS();
    await database.sql(`
      create schema evil;
      grant usage on schema evil to public;
      create type evil.status as enum ('ready_for_delivery', 'other');
      create function evil.to_text(evil.status) returns text language plpgsql volatile as $$
      begin
        if current_user = '${ROLES.definer}' or (select rolsuper from pg_roles where rolname = current_user) then
          raise exception 'code of the host ran as %', current_user;
        end if;
        return 'ready_for_delivery';
      end $$;
      alter table public.orders alter column tool_status type evil.status using 'other'::evil.status;
      create cast (evil.status as text) with function evil.to_text(evil.status) as implicit`);
    await as('host', "update public.orders set tool_status = 'ready_for_delivery', update_shipping = 1");
    await as(
      'host',
      "update account.lazada set status = 'auth_failed'; update account.lazada set delivery_type = 'dropship'; update account.lazada set delivery_type = 'sof'",
    );
    await as(
      'host',
      "insert into public.orders (account_id, order_number, tool_status, update_shipping) select id, '4712', 'ready_for_delivery', 1 from account.lazada",
    );
    expect(
      await database.sql('select count(*)::int as due from public.order_lazada where next_attempt_at is not null'),
    ).toEqual([{ due: 2 }]);
    expect(await KEYS()).toBe(before);
  });

  test('a host that puts a policy or a view in the way of its rows runs nothing as us', async () => {
    const code = `raise exception 'code of the host ran as %', current_user; return true;`;
    await database.sql(`create function evil.f() returns boolean language plpgsql as $$ begin ${code} end $$`);
    const becomesSof =
      "update account.lazada set delivery_type = 'dropship'; update account.lazada set delivery_type = 'sof'";
    await database.sql(
      'alter table public.orders enable row level security; create policy p on public.orders using (evil.f())',
    );
    await database.sql('grant all on account.lazada to sof_host');
    await as('host', becomesSof);
    await database.sql('drop policy p on public.orders; alter table public.orders disable row level security');
    await database.sql(
      `begin; alter table public.orders rename to orders_of_old;
       create view public.orders as select * from public.orders_of_old where evil.f();
       grant select on public.orders to public; commit`,
    );
    await as('host', becomesSof);
    await database.sql('drop view public.orders; alter table public.orders_of_old rename to orders');
  });

  test('a host whose ids are of a type of its own is told, and not followed', async () => {
    const events = async () => (await database.sql('select from public.order_lazada_event')).length;
    await database.sql('create domain evil.id as bigint; alter table account.lazada alter column id type evil.id');
    const [before, notices] = [await events(), [] as (string | undefined)[]];
    const host = new pg.Client({ connectionString: database.as('host') });
    host.on('notice', ({ message }) => notices.push(message));
    await host.connect();
    await host.query("update account.lazada set status = 'auth_failed'");
    await host.end();
    expect(notices).toContainEqual(
      expect.stringContaining('follows no order or account while their ids are no numbers'),
    );
    expect(await events()).toBe(before);
    await database.sql('alter table account.lazada alter column id type bigint');
  });

  test('what the functions run as has no key, no user, no secret, and each knows where its names are', async () => {
    const may = await database.sql<{ name: string }>(`
      select format('%s.%s', table_schema || '.' || table_name, column_name) as name
        from information_schema.columns
       where table_schema in ('account', 'public')
         and has_column_privilege('${ROLES.definer}', format('%I.%I', table_schema, table_name), column_name, 'select, insert, update')
         and table_name not in ('order_lazada', 'order_lazada_event')
       order by 1`);
    expect(may.map(({ name }) => name)).toEqual(
      [
        ...['account.lazada.delivery_type', 'account.lazada.id'],
        ...['account_id', 'id', 'tool_status', 'update_shipping'].map((column) => `public.orders.${column}`),
        ...['not_delivered_at', 'not_delivered_sent_at', 'order_id'].map(
          (column) => `public.order_lazada_package.${column}`,
        ),
        ...['error_code', 'order_id', 'step'].map((column) => `public.order_lazada_step.${column}`),
      ].sort(),
    );
    const paths = await database.sql(
      "select distinct proconfig::text as path from pg_proc where proname like 'sof\\_%' and prosecdef",
    );
    expect(paths).toEqual([{ path: '{"search_path=pg_catalog, pg_temp"}' }]);
  });
});

describe('columns of the host of other types', () => {
  test.each([
    { status: 'char(40)', flag: 'smallint', value: 1 },
    { status: 'varchar', flag: 'numeric(3,1)', value: 1 },
    { status: 'text', flag: 'boolean', value: true },
  ])('an order is ready by $status and $flag too', async ({ status, flag, value }) => {
    const own = await openTestDatabase();
    try {
      await own.sql(`
        alter table public.orders alter column tool_status type ${status},
          alter column update_shipping drop default, alter column update_shipping type ${flag} using null;
        alter table account.lazada drop constraint lazada_sof_needs_country,
          drop constraint lazada_sof_needs_username_and_password, alter column delivery_type type char(20);
        insert into account.lazada (name, country, delivery_type, sof_username, sof_password)
          values ('shop', 'SG', 'sof', 'u', 'p')`);
      const add = `insert into public.orders (account_id, order_number, tool_status, update_shipping)
        select id, $1, $2, $3 from account.lazada`;
      await own.sql(add, ['1', 'ready_for_delivery', value]);
      await own.sql(add, ['2', 'other', null]);
      await own.sql(
        "update public.orders set tool_status = 'ready_for_delivery', update_shipping = $1 where order_number = '2'",
        [value],
      );
      expect(
        await own.sql(
          'select asked_at is not null as asked, next_attempt_at is not null as due from public.order_lazada',
        ),
      ).toEqual([
        { asked: true, due: true },
        { asked: true, due: true },
      ]);
    } finally {
      await own.close();
    }
  });
});

describe('whoever migrates', () => {
  test('does not run or take over what a host calls as ours is called', async () => {
    empty = await openEmptyDatabase();
    await empty.sql(`
      create table public.told (who text);
      create function public.concat(smallint) returns text language plpgsql as $$
        begin insert into public.told values (current_user); return '1'; end $$;
      create function public.sof_gift() returns text language sql security definer as $$ select 'x' $$;
      create schema account; create table account.lazada (id bigint primary key, name text);
      create table public.orders (id bigint primary key, account_id bigint, order_number text, tool_status text, update_shipping smallint);
      insert into account.lazada values (1, 'shop'); insert into public.orders values (1, 1, '1', 'x', 1)`);
    await migrate({ url: empty.url });
    expect(await empty.sql('select from public.told')).toEqual([]);
    const owners = await empty.sql(
      "select proowner::regrole::text <> $1 as kept from pg_proc where proname = 'sof_gift'",
      [ROLES.definer],
    );
    expect(owners).toEqual([{ kept: true }]);
    await empty.close();
  });

  const TRIGGER = "returns trigger language plpgsql as 'begin return null; end'";
  test.each([
    ['sof_follows(regtype[])', `sof_follows(variadic regtype[]) returns boolean language sql as 'select true'`],
    ['sof_audit_only_grows()', `sof_audit_only_grows() ${TRIGGER}`],
    ['sof_kept_until(integer)', `sof_kept_until(int) returns timestamptz language sql as 'select now()'`],
    ['sof_document_came_back()', `sof_document_came_back() ${TRIGGER}`],
  ])('stops where a function of one of our names is somebody else’s: %s', async (signature, made) => {
    const who = `stopped_by_${signature.replace(/\(.*/, '')}`;
    await expect(migratedBy(who, 'superuser', `create function public.${made}`)).rejects.toThrow(
      `belong to somebody else: public.${signature}`,
    );
    await empty.close();
  });

  let empty: TestDatabase;
  afterAll(() => empty?.close());

  const migratedBy = async (name: string, more: string, before = 'select') => {
    empty = await openEmptyDatabase();
    await empty.sql(before);
    await empty.sql(`create role ${name} login password 'migrator' ${more}`);
    await empty.sql(
      `alter database ${new URL(empty.url).pathname.slice(1)} owner to ${name}; alter schema public owner to ${name}`,
    );
    const url = Object.assign(new URL(empty.url), { username: name, password: 'migrator' }).href;
    const said: string[] = [];
    await migrate({ url, log: { info: () => undefined, warn: (line) => void said.push(line) } });
    return { url, said };
  };
  const OWNERS = `select distinct proowner::regrole::text as owner from pg_proc where proname like 'sof\\_%' and prosecdef order by 1`;

  test('who has the role of the triggers alone, as before there was another, is told; what removes runs as himself', async () => {
    const { url, said } = await migratedBy('sof_of_before', `; grant ${ROLES.definer} to sof_of_before`);
    // No more than that: deploy/roles.sql would set six passwords anew.
    expect(said).toEqual([
      `what should run as ${ROLES.retention} runs as sof_of_before, with all rights of that login; an administrator runs: grant ${ROLES.retention} to sof_of_before; and then sof migrate runs again`,
    ]);
    expect(await run(url, OWNERS)).toEqual([{ owner: ROLES.definer }, { owner: 'sof_of_before' }]);
    await empty.sql(`grant ${ROLES.retention} to sof_of_before`);
    await migrate({ url });
    expect(await run(url, OWNERS)).toEqual([{ owner: ROLES.definer }, { owner: ROLES.retention }]);
    await empty.close();
  });

  test('needs no superuser, but the roles of the functions', async () => {
    const { url, said } = await migratedBy(
      'sof_migrator',
      `createrole; grant ${ROLES.definer}, ${ROLES.retention} to sof_migrator`,
    );
    expect(said).toEqual([]);
    expect(await run(url, OWNERS)).toEqual([{ owner: ROLES.definer }, { owner: ROLES.retention }]);
    const may = await run(url, `select has_schema_privilege('${ROLES.definer}', 'public', 'create') as create`);
    expect(may).toEqual([{ create: false }]);
    await empty.close();
  });

  test('may be one login for everything; then the way to more is told', async () => {
    const { url, said } = await migratedBy('sof_everything', '');
    const [, toRun = ''] =
      /an administrator runs .*or: (.*); and then sof migrate runs again$/s.exec(said.join()) ?? [];
    expect(await run(url, OWNERS)).toEqual([{ owner: 'sof_everything' }]);
    await run(
      url,
      `insert into account.lazada (name, country, delivery_type, sof_username, sof_password) values ('shop', 'SG', 'sof', 'u', 'p');
       insert into public.orders (account_id, order_number, update_shipping, tool_status)
         select id, '1', 1, 'ready_for_delivery' from account.lazada;
       begin; set local lazada_sof.source = 'api'; update public.order_lazada set update_delivered = 1; commit`,
    );
    expect(await run(url, "select source from public.order_lazada_event where kind = 'flag_set'")).toEqual([
      { source: 'api' },
    ]);
    await empty.sql(toRun);
    const saidThen: string[] = [];
    await migrate({ url, log: { info: () => undefined, warn: (line) => void saidThen.push(line) } });
    expect(saidThen).toEqual([]);
    expect(await run(url, OWNERS)).toEqual([{ owner: ROLES.definer }, { owner: ROLES.retention }]);
  });
});
