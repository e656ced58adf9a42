/**
 * Applies the migrations in `prisma/migrations` as `prisma migrate deploy` would: under the same lock, into the same
 * table, with the same checksums. It needs no engine and no internet, and it also works on a database in which the host
 * system's tables are already. What Prisma's engine cannot do comes after them: the rows of orders of before us, and the
 * indexes that a host's tables lack.
 */
import pg from 'pg';
import { isDirect } from '../sql/pooler.ts';
import { apply } from './apply.ts';
import { backfill, type Progress } from './backfill.ts';
import { FOLDER, type Migration, readMigrations } from './files.ts';
import { buildHostIndexes } from './host-indexes.ts';
import { createLedger, refuseUnreleased, someAreNew } from './ledger.ts';
import { FOR_SESSION } from './own-settings.ts';
import { setUpRoles, takeBack } from './roles.ts';
import { inTurn, isInUse, type Migrating, PATIENCE, type Patience } from './turns.ts';
import { APPLICATION, watchWaits } from './waits.ts';

export type MigrateOptions = {
  url: string;
  log?: Migrating['log'];
  patience?: Patience;
  /** While the orders of before get their rows. */
  onProgress?: (progress: Progress) => void;
};

export type Migrated = {
  readonly applied: readonly string[];
  /** Orders of before that have their row since this run. */
  readonly backfilled: number;
};

/** @throws where it cannot come to its end; the next run goes on from there */
export function migrate(options: MigrateOptions): Promise<Migrated> {
  return connected(options, async (migrating) => {
    const migrations = readMigrations(FOLDER);
    await inTurn(migrating, () => createLedger(migrating));
    await refuseUnreleased(migrating);
    if (await someAreNew(migrations, migrating)) await takeBack(migrating);
    const changes = await applyAll(
      migrations.filter(({ buildsIndex }) => buildsIndex === null),
      migrating,
    );
    await setUpRoles(migrating);
    const backfilled = await backfill(migrating, options.onProgress).catch(explainInUse);
    // Last, since a host's rows may not allow one of them; everything else is there then.
    const indexes = await applyAll(
      migrations.filter(({ buildsIndex }) => buildsIndex !== null),
      migrating,
    );
    await buildHostIndexes(migrating);
    return { applied: [...changes, ...indexes], backfilled };
  });
}

/** The migrations of a folder alone; answers which were not there yet. */
export const applyMigrations = ({ folder, ...options }: MigrateOptions & { folder: string }): Promise<string[]> =>
  connected(options, (migrating) => applyAll(readMigrations(folder), migrating));

async function applyAll(migrations: readonly Migration[], migrating: Migrating): Promise<string[]> {
  await inTurn(migrating, () => createLedger(migrating));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (!(await apply(migration, migrating))) continue;
    migrating.log?.info(`migration ${migration.name} applied`);
    applied.push(migration.name);
  }
  return applied;
}

function explainInUse(cause: unknown): never {
  if (!isInUse(cause)) throw cause;
  throw new Error(
    'orders of before have no row yet, since somebody holds them or their account; the others have theirs. Run it again when less is going on',
    { cause },
  );
}

async function connected<Answer>(
  { url, log, patience = PATIENCE }: MigrateOptions,
  work: (migrating: Migrating) => Promise<Answer>,
): Promise<Answer> {
  const connect = () => connectTo(url, log);
  const client = await connect();
  try {
    const migrating = { client, connect, patience, log };
    const stopWatching = await watchWaits(migrating);
    return await work(migrating).finally(stopWatching);
  } finally {
    await client.end();
  }
}

async function connectTo(url: string, log: Migrating['log']): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: APPLICATION,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  // What a migration has to say, not PostgreSQL's own "exists already, skipping".
  client.on('notice', (notice) => notice.routine === 'exec_stmt_raise' && log?.warn(notice.message ?? ''));
  await client.connect();
  if (await isDirect(client)) await client.query(FOR_SESSION);
  return client;
}
