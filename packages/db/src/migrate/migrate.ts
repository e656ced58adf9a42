/**
 * Applies the migrations in `prisma/migrations` as `prisma migrate deploy` would: under the same lock, into the same
 * table, with the same checksums. It needs no engine and no internet, and it also works on a database in which the host
 * system's tables are already.
 */
import pg from 'pg';
import { type Applying, apply } from './apply.ts';
import { backfill } from './backfill.ts';
import { FOLDER, type Migration, readMigrations } from './files.ts';
import { buildHostIndexes } from './host-indexes.ts';
import { createLedger } from './ledger.ts';
import { setUpRoles } from './roles.ts';
import { inTurn, PATIENCE, type Patience } from './turns.ts';

export type MigrateOptions = {
  url: string;
  log?: { info(message: string): unknown; warn(message: string): unknown } | undefined;
  /** Another folder than the project's own. */
  folder?: string;
  patience?: Patience;
  /** While the orders of before get their rows: how many were looked at, of about how many. */
  onProgress?: (looked: number, about: number) => void;
};

export type Migrated = {
  readonly applied: readonly string[];
  /** Orders of before that have their row since this run. */
  readonly backfilled: number;
};

export async function migrate(options: MigrateOptions): Promise<Migrated> {
  const { url, log, folder = FOLDER, patience = PATIENCE, onProgress } = options;
  const migrations = readMigrations(folder);
  const connect = () => connectTo(url, log);
  const client = await connect();
  try {
    const applied = await applyAll(migrations, { client, connect, patience, log });
    if (folder !== FOLDER) return { applied, backfilled: 0 };
    const toRun = await setUpRoles({ client, patience });
    if (toRun.length > 0)
      log?.warn(`one login is everything here; for roles of their own an administrator runs: ${toRun.join('; ')};`);
    const backfilled = await backfill({ client, patience, onProgress });
    for (const name of await buildHostIndexes({ client, connect, patience })) log?.info(`index ${name} built`);
    return { applied, backfilled };
  } finally {
    await client.end();
  }
}

async function applyAll(migrations: readonly Migration[], tools: Applying): Promise<string[]> {
  const { client, patience, log } = tools;
  await inTurn(client, patience, () => createLedger(client));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (!(await apply(migration, tools))) continue;
    log?.info(`migration ${migration.name} applied`);
    applied.push(migration.name);
  }
  return applied;
}

async function connectTo(url: string, log: MigrateOptions['log']): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lazada-sof migrate',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  // What a migration has to say, not PostgreSQL's own "exists already, skipping".
  client.on('notice', (notice) => notice.routine === 'exec_stmt_raise' && log?.warn(notice.message ?? ''));
  await client.connect();
  return client;
}
