/**
 * Applies the migrations in `prisma/migrations` as `prisma migrate deploy` would: under the same lock, into the same
 * table, with the same checksums. It needs no engine and no internet, and it also works on a database in which the host
 * system's tables are already. Each migration is one transaction: it is there whole, or not at all.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const FOLDER = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
/** The advisory lock that Prisma's own engine takes: two that migrate wait for one another. */
const LOCK = 72707369;
/** While a migration waits for a table, everybody else waits behind it. */
const LOCK_TIMEOUT = '5s';

export type MigrateOptions = {
  url: string;
  log?: { info(message: string): unknown; warn(message: string): unknown } | undefined;
  /** Another folder than the project's own. */
  folder?: string;
};

export type Migrated = { readonly applied: readonly string[] };

export async function migrate({ url, log, folder = FOLDER }: MigrateOptions): Promise<Migrated> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lazada-sof migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  // What a migration has to say, not PostgreSQL's own "exists already, skipping".
  client.on('notice', (notice) => notice.routine === 'exec_stmt_raise' && log?.warn(notice.message ?? ''));
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    await client.query(MIGRATIONS_TABLE);
    const known = await readKnown(client);
    const applied: string[] = [];
    for (const migration of readMigrations(folder)) {
      if (isApplied(migration, known, log)) continue;
      await apply(client, migration);
      log?.info(`migration ${migration.name} applied`);
      applied.push(migration.name);
    }
    return { applied };
  } finally {
    await client.end();
  }
}

const MIGRATIONS_TABLE = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0)`;

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) throw new Error(`no migrations at ${folder}: the installation is incomplete`);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

type Known = { migration_name: string; checksum: string; finished_at: Date | null };

async function readKnown(client: pg.Client): Promise<Map<string, Known>> {
  const { rows } = await client.query<Known>(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  const failed = rows.find(({ finished_at }) => finished_at === null);
  if (failed)
    throw new Error(
      `migration ${failed.migration_name} failed earlier and was left half done by another tool: mend the database, then say so with "prisma migrate resolve"`,
    );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

function isApplied(
  { name, checksum }: Migration,
  known: ReadonlyMap<string, Known>,
  log: MigrateOptions['log'],
): boolean {
  const row = known.get(name);
  if (row && row.checksum !== checksum) log?.warn(`migration ${name} was edited after it was applied here`);
  return row !== undefined;
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(`migration ${name} was not applied, nothing of it remains: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof pg.DatabaseError)) return String(cause);
  if (cause.code === '55P03') return `a table is in use (waited ${LOCK_TIMEOUT}); run it again when less is going on`;
  return [cause.message, cause.detail, cause.hint, cause.where].filter(Boolean).join('. ');
}
