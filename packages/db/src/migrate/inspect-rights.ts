/** As whom a login is connected, and which of the rights in the table of rights are not there. Grants nothing. */
import type pg from 'pg';
import { RIGHTS, ROLES, type Role, rightsOf } from './rights.ts';
import { RUNS_AS } from './roles.ts';

export type MissingRight = {
  /** A login or a role. */
  readonly who: string;
  /** `account.lazada`, or `schema account`. */
  readonly on: string;
  readonly verb: string;
  /** Empty: on all of it. */
  readonly columns: readonly string[];
};

export type RightsStanding = {
  readonly login: string;
  readonly isSuperuser: boolean;
  /** Names of our roles of which it is a member. */
  readonly memberOf: readonly string[];
  /** Names of our roles that the server has not got. */
  readonly absentRoles: readonly string[];
  /** Names of our roles that are there and that no login is a member of, of those that services connect with. */
  readonly unusedRoles: readonly string[];
  /** Of the login, which needs those of services and api, and of our roles. */
  readonly missing: readonly MissingRight[];
  /** As whom functions of ours run, triggers for the most part, that should run as a role of their own. */
  readonly functionsRunAs: readonly string[];
};

/** What the command line does, services and api do. */
const OF_LOGIN: readonly Role[] = ['services', 'api'];
const ALL_ROLES = Object.keys(ROLES) as Role[];

export async function inspectRights(client: pg.ClientBase): Promise<RightsStanding> {
  const { login, isSuperuser } = await whoIs(client);
  const roles = await rolesOf(client);
  const present = ALL_ROLES.filter((role) => roles.has(ROLES[role]));
  const named = (holds: (role: RoleRow) => boolean) => [...roles.values()].filter(holds).map(({ name }) => name);
  const tables = await tablesOf(client);
  const wanted = [
    ...OF_LOGIN.flatMap((role) => wantedOf(login, role, tables)),
    ...present.flatMap((role) => wantedOf(ROLES[role], role, tables)),
  ];
  const served = OF_LOGIN.map((role) => ROLES[role]);
  return {
    login,
    isSuperuser,
    memberOf: named(({ isMine }) => isMine),
    absentRoles: Object.values(ROLES).filter((name) => !roles.has(name)),
    unusedRoles: named(({ name, hasLogin }) => served.some((one) => one === name) && !hasLogin),
    missing: [...(await missingSchemas(client, wanted)), ...(await missingRights(client, wanted))],
    functionsRunAs: await strangeOwners(client),
  };
}

async function whoIs(client: pg.ClientBase) {
  const { rows } = await client.query<{ login: string; isSuperuser: boolean }>(
    'select rolname::text as login, rolsuper as "isSuperuser" from pg_roles where rolname = current_user',
  );
  return rows[0] ?? { login: 'nobody', isSuperuser: false };
}

type RoleRow = { readonly name: string; readonly isMine: boolean; readonly hasLogin: boolean };

/** By what a login may at once: from 16 on whoever made a role is a member of it that may do nothing of it. */
async function rolesOf(client: pg.ClientBase): Promise<ReadonlyMap<string, RoleRow>> {
  const { rows } = await client.query<RoleRow>(
    `select r.rolname::text as name,
            not (select rolsuper from pg_roles where rolname = current_user) and pg_has_role(r.oid, 'usage') as "isMine",
            exists (select from pg_roles l
                     where l.rolcanlogin and not l.rolsuper and pg_has_role(l.oid, r.oid, 'usage')) as "hasLogin"
       from pg_roles r where r.rolname = any ($1) order by r.rolname`,
    [Object.values(ROLES)],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

type Table = { readonly oid: string; readonly columns: readonly string[] };

/** By the catalogue: the views of the standard show only what the login may use. */
async function tablesOf(client: pg.ClientBase): Promise<ReadonlyMap<string, Table>> {
  const { rows } = await client.query<Table & { name: string }>(
    `select format('%s.%s', c.relnamespace::regnamespace, c.relname) as name, c.oid::text as oid,
            array_agg(a.attname::text) as columns
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('account', 'public')
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p', 'v', 'f') group by c.oid, c.relnamespace, c.relname`,
  );
  return new Map(rows.filter(({ name }) => name in RIGHTS).map(({ name, ...table }) => [name, table]));
}

type Wanted = { readonly who: string; readonly on: string; readonly oid: string; readonly verb: string };
type WantedColumn = Wanted & { readonly column: string | null };

const wantedOf = (who: string, role: Role, tables: ReadonlyMap<string, Table>): WantedColumn[] =>
  [...tables].flatMap(([on, { oid, columns }]) =>
    rightsOf(on, role, columns).flatMap((right) =>
      (right.columns ?? [null]).map((column) => ({ who, on, oid, verb: right.verb, column })),
    ),
  );

async function missingRights(client: pg.ClientBase, wanted: readonly WantedColumn[]): Promise<MissingRight[]> {
  const { rows } = await client.query<MissingRight>(
    `select w.who, w.on_table as "on", w.verb, array_remove(array_agg(distinct w.col), null) as columns
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) w (who, on_table, oid, verb, col)
      where case when w.col is null then not has_table_privilege(w.who, w.oid::oid, w.verb)
                 else not has_column_privilege(w.who, w.oid::oid, w.col, w.verb) end
      group by 1, 2, 3 order by 1, 2, 3`,
    [
      wanted.map(({ who }) => who),
      wanted.map(({ on }) => on),
      wanted.map(({ oid }) => oid),
      wanted.map(({ verb }) => verb),
      wanted.map(({ column }) => column),
    ],
  );
  return rows;
}

async function missingSchemas(client: pg.ClientBase, wanted: readonly Wanted[]): Promise<MissingRight[]> {
  const { rows } = await client.query<MissingRight>(
    `select who, format('schema %s', n.nspname) as "on", 'usage' as verb, '{}'::text[] as columns
       from unnest($1::text[]) who join pg_namespace n on n.nspname in ('account', 'public')
      where not has_schema_privilege(who, n.oid, 'usage') order by 1, 2`,
    [[...new Set(wanted.map(({ who }) => who))]],
  );
  return rows;
}

async function strangeOwners(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ owner: string }>(
    `select distinct pg_get_userbyid(p.proowner)::text as owner
       from unnest($1::text[], $2::text[]) as f (signature, role)
       join pg_proc p on p.oid = to_regprocedure(f.signature)
      where pg_get_userbyid(p.proowner) <> f.role order by 1`,
    [OWNED.map(({ signature }) => signature), OWNED.map(({ role }) => role)],
  );
  return rows.map(({ owner }) => owner);
}

const OWNED = (Object.keys(RUNS_AS) as (keyof typeof RUNS_AS)[]).flatMap((owner) =>
  RUNS_AS[owner].map((signature) => ({ signature, role: ROLES[owner] })),
);
