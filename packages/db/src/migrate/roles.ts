/**
 * Makes the roles, hands the functions that run as a role over to it, and grants to each what the table of rights says. Roles belong
 * to the whole cluster, where others may make them at the same time: a role that is there is taken as made, and nothing of a
 * role is ever altered.
 *
 * Where whoever migrates may not make roles, one login goes on being everything, and the statements for an administrator are
 * told.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { grantsOf, RIGHTS, ROLES, type Role } from './rights.ts';
import { inTurn, type Migrating } from './turns.ts';

/** What whoever migrates may not do is told, and is an administrator's. */
export async function setUpRoles(migrating: Migrating): Promise<void> {
  const { client, log } = migrating;
  const missing = await makeRoles(client);
  const present = ALL_ROLES.filter((role) => !missing.includes(ROLES[role]));
  await inTurn(migrating, () => grantAll(client, present));
  // Afterwards: without its rights a function would fail, and the host's writes with it.
  const lacking: string[] = [];
  for (const owner of OWNERS)
    if (missing.includes(ROLES[owner]) || !(await handOver(owner, migrating))) lacking.push(ROLES[owner]);
  if (missing.length === 0 && lacking.length === 0) return;
  const me = await quotedMe(client);
  const toRun = [
    ...missing.map((name) => `create role ${name} nologin`),
    ...(lacking.length > 0 ? await grantsToMigrate(client, { me, owners: lacking }) : []),
  ].join('; ');
  log?.warn(
    lacking.length === OWNERS.length
      ? `one login is everything here; for roles of their own an administrator runs deploy/roles.sql, or: ${toRun}; and then sof migrate runs again`
      : `${whatIsWrong(missing, lacking, me)}; an administrator runs: ${toRun}; and then sof migrate runs again`,
  );
}

function whatIsWrong(missing: readonly string[], lacking: readonly string[], me: string): string {
  const runs = `what should run as ${lacking.join(' and ')} runs as ${me}, with all rights of that login`;
  return [
    ...(missing.length > 0 ? [`there is no role ${missing.join(', ')}`] : []),
    ...(lacking.length > 0 ? [runs] : []),
  ].join('; ');
}

const ALL_ROLES = Object.keys(ROLES) as Role[];

/** The names of those that are not there and could not be made. */
async function makeRoles(client: pg.Client): Promise<string[]> {
  const missing: string[] = [];
  for (const name of Object.values(ROLES)) {
    if (await exists(client, name)) continue;
    try {
      await client.query(`create role ${name} nologin`);
    } catch (error) {
      if (isNotAllowed(error)) missing.push(name);
      else if (!isThereAlready(error)) throw error;
    }
  }
  return missing;
}

const exists = async (client: pg.Client, name: string) =>
  (await client.query('select from pg_roles where rolname = $1', [name])).rows.length > 0;
const codeOf = (error: unknown) => (error instanceof pg.DatabaseError ? error.code : undefined);
const isNotAllowed = (error: unknown) => codeOf(error) === '42501';
/** By somebody else, perhaps this very moment and in another database of the cluster. */
const isThereAlready = (error: unknown) => codeOf(error) === '42710' || codeOf(error) === '23505';

/** Those of the triggers that write what is ours. By their names: a host may have functions called alike. */
export const WRITING = [
  ...['sof_orders_inserted', 'sof_orders_updated', 'sof_accounts_inserted', 'sof_accounts_updated'],
  'sof_instructions_changed',
].map((name) => `public.${name}()`);

/** Those that services ask to remove what was kept long enough. */
export const REMOVING = [
  'public.sof_remove_invoices(integer, timestamp with time zone, bigint, integer)',
  'public.sof_remove_imports(integer, integer)',
  'public.sof_remove_event_data(integer, bigint, integer)',
];

/** What runs as which role. */
export const RUNS_AS = { definer: WRITING, retention: REMOVING } as const satisfies Partial<
  Record<Role, readonly string[]>
>;
type Owner = keyof typeof RUNS_AS;
const OWNERS = Object.keys(RUNS_AS) as Owner[];

/** A role that is not there owns nothing. */
const OWNED = `
  select signature, pg_get_userbyid(p.proowner) = $2 as "isTheirs"
    from unnest($1::text[]) signature join pg_proc p on p.oid = to_regprocedure(signature)`;
async function functionsOf(owner: Owner, client: pg.Client, { isTheirs }: { isTheirs: boolean }): Promise<string[]> {
  const { rows } = await client.query<{ signature: string; isTheirs: boolean }>(OWNED, [RUNS_AS[owner], ROLES[owner]]);
  return rows.filter((row) => row.isTheirs === isTheirs).map(({ signature }) => signature);
}

/**
 * An owner has to be one that may make something in the schema, while it is given: the right is taken back at once. False:
 * whoever migrates may not do that.
 */
async function handOver(owner: Owner, migrating: Migrating): Promise<boolean> {
  const { client } = migrating;
  const mine = await functionsOf(owner, client, { isTheirs: false });
  if (mine.length === 0) return true;
  const role = ROLES[owner];
  return asMemberOf(role, migrating, async () => {
    await client.query(`grant create on schema public to ${role}`);
    for (const signature of mine) await client.query(`alter function ${signature} owner to ${role}`);
    await client.query(`revoke create on schema public from ${role}`);
  });
}

/** Before a migration may replace them: from then on they run as whoever migrates, until they are handed over again. */
export async function takeBack(migrating: Migrating): Promise<void> {
  const { client } = migrating;
  for (const owner of OWNERS) {
    const theirs = await functionsOf(owner, client, { isTheirs: true });
    if (theirs.length === 0) continue;
    await asMemberOf(ROLES[owner], migrating, async () => {
      for (const signature of theirs) await client.query(`alter function ${signature} owner to current_user`);
    });
  }
}

/**
 * As a member of a role that functions run as, and not for longer, since it is the same role in every database of the cluster.
 * False: whoever migrates may not be one.
 */
async function asMemberOf(role: string, migrating: Migrating, work: () => Promise<void>): Promise<boolean> {
  const { client } = migrating;
  for (let tried = 1; ; tried++) {
    try {
      await inTurn(migrating, async () => {
        const isOne = await mayBecome(role, client);
        if (!isOne) await client.query(`grant ${role} to current_user`);
        await work();
        if (!isOne) await client.query(`revoke ${role} from current_user`);
      });
      return true;
    } catch (error) {
      if (isNotAllowed(error)) return false;
      if (!isMetByAnother(error) || tried === MOST_TRIES) throw error;
      await sleep(migrating.patience.pauseMs * Math.random());
    }
  }
}
const MOST_TRIES = 20;
/** In another database of the cluster, by whoever migrates that one at this moment. */
const isMetByAnother = (error: unknown) => isThereAlready(error) || codeOf(error) === 'XX000';

/** From 16 on whoever made a role is its member, and may hand nothing over to it all the same. */
async function mayBecome(role: string, client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select pg_has_role($1, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) as may`,
    [role],
  );
  return rows[0]?.may ?? false;
}

/** What whoever migrates needs to hand over to these, by name, since somebody else runs it. */
async function grantsToMigrate(
  client: pg.Client,
  { me, owners }: { me: string; owners: readonly string[] },
): Promise<string[]> {
  const { rows } = await client.query<{ mayGrant: boolean }>(
    `select has_schema_privilege('public', 'create with grant option')
            and has_schema_privilege('public', 'usage with grant option') as "mayGrant"`,
  );
  return [
    `grant ${owners.join(', ')} to ${me}`,
    ...(rows[0]?.mayGrant ? [] : [`grant create, usage on schema public to ${me} with grant option`]),
  ];
}

async function quotedMe(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ me: string }>('select quote_ident(current_user) as me');
  return rows[0]?.me ?? '';
}

/** Anew each time, in one transaction: what was granted by hand beside this does not stay. */
async function grantAll(client: pg.Client, roles: readonly Role[]): Promise<void> {
  const [columns, sequences] = [await columnsOf(client), await sequencesOf(client)];
  for (const role of roles) {
    const name = ROLES[role];
    const grants = Object.keys(RIGHTS).flatMap((table) => [
      `revoke all on ${table} from ${name}`,
      ...grantsOf(table, role, columns.get(table) ?? []),
      ...(mayInsert(table, role) ? (sequences.get(table) ?? []) : []).map(
        (one) => `grant usage on sequence ${one} to ${name}`,
      ),
    ]);
    await client.query([`grant usage on schema public, account to ${name}`, ...grants].join(';\n'));
  }
  if (!roles.includes('services')) return;
  // Once it is handed over, what was granted on it stays.
  for (const signature of await functionsOf('retention', client, { isTheirs: false }))
    await client.query(`grant execute on function ${signature} to ${ROLES.services}`);
}

/** A host may have renamed one that is in the table of rights: then nobody gets a right on it. */
async function columnsOf(client: pg.Client): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await client.query<{ of_table: string; columns: string[] }>(
    `select format('%s.%s', table_schema, table_name) as of_table, array_agg(column_name::text) as columns
       from information_schema.columns where table_schema in ('account', 'public') group by 1`,
  );
  return new Map(rows.map(({ of_table, columns }) => [of_table, columns]));
}

const mayInsert = (table: string, role: Role) => RIGHTS[table]?.[role]?.insert !== undefined;

/** Those that a table's columns take their defaults from, the host's own ones too. */
async function sequencesOf(client: pg.Client): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await client.query<{ of_table: string; sequence: string }>(`
    select distinct format('%s.%s', t.relnamespace::regnamespace, t.relname) as of_table,
           format('%I.%I', s.relnamespace::regnamespace, s.relname) as sequence
      from pg_attrdef d
      join pg_class t on t.oid = d.adrelid
      join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
      join pg_class s on s.oid = p.refobjid and s.relkind = 'S'`);
  return new Map(
    [...Map.groupBy(rows, (row) => row.of_table)].map(([table, list]) => [table, list.map((row) => row.sequence)]),
  );
}
