/** What was applied, in the table and with the checksums of Prisma's own engine: either may go on where the other was. */
import { randomUUID } from 'node:crypto';
import type { Migration } from './files.ts';
import type { Migrating } from './turns.ts';

const TABLE = `create table if not exists public._prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0)`;

export const createLedger = ({ client }: Migrating) => client.query(TABLE);

/** `begun`: Prisma's engine did not come to its end; ours writes down only what is done. */
export type Standing = 'new' | 'begun' | 'applied';

type Row = { checksum: string; finished: boolean };

export async function standingOf({ name, checksum }: Migration, { client, log }: Migrating): Promise<Standing> {
  const { rows } = await client.query<Row>(
    `select checksum, finished_at is not null as finished from public._prisma_migrations
      where migration_name = $1 and rolled_back_at is null`,
    [name],
  );
  const [row] = rows;
  if (!row) return 'new';
  if (row.checksum !== checksum) log?.warn(`migration ${name} was edited after it was applied here`);
  return row.finished ? 'applied' : 'begun';
}

export async function noteApplied({ name, checksum }: Migration, { client }: Migrating): Promise<void> {
  const { rowCount } = await client.query(
    `update public._prisma_migrations set finished_at = clock_timestamp(), applied_steps_count = 1
      where migration_name = $1 and finished_at is null and rolled_back_at is null`,
    [name],
  );
  if (rowCount) return;
  await client.query(
    `insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
}

export async function someAreNew(migrations: readonly Migration[], { client }: Migrating): Promise<boolean> {
  const { rows } = await client.query(
    `select from unnest($1::text[]) wanted where wanted not in (
       select migration_name from public._prisma_migrations where finished_at is not null and rolled_back_at is null)`,
    [migrations.map(({ name }) => name)],
  );
  return rows.length > 0;
}

/** Before 0.1.0 the migrations were rewritten once. @throws where the database is one of before that */
export async function refuseUnreleased({ client }: Migrating): Promise<void> {
  const { rows } = await client.query('select from public._prisma_migrations where migration_name = $1', [
    '20261127090000_accounts_and_sessions',
  ]);
  if (rows.length > 0)
    throw new Error(
      'this database was made by a version before 0.1.0: make it anew (npm start -- --fresh; a new volume)',
    );
}
