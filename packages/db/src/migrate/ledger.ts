/** What was applied, in the table and with the checksums of Prisma's own engine: either may go on where the other was. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Log } from '../sql/pool.ts';
import type { Migration } from './files.ts';

const TABLE = `create table if not exists public._prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0)`;

export const createLedger = (client: pg.Client) => client.query(TABLE);

type Row = { checksum: string; finished_at: Date | null };

/** @throws where Prisma's engine began it and did not end */
export async function isApplied(client: pg.Client, { name, checksum }: Migration, log?: Log): Promise<boolean> {
  const { rows } = await client.query<Row>(
    'select checksum, finished_at from public._prisma_migrations where migration_name = $1 and rolled_back_at is null',
    [name],
  );
  const [row] = rows;
  if (row?.finished_at === null)
    throw new Error(
      `migration ${name} failed earlier and was left half done by another tool: mend the database, then say so with "prisma migrate resolve"`,
    );
  if (row && row.checksum !== checksum) log?.warn(`migration ${name} was edited after it was applied here`);
  return row !== undefined;
}

export const noteApplied = (client: pg.Client, { name, checksum }: Migration) =>
  client.query(
    `insert into public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
