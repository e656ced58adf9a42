/** Which migrations a database has, held against those of this version. */
import type pg from 'pg';
import { FOLDER, type Migration, readMigrations } from './files.ts';

export type MigrationStanding = {
  /** Those of this version, in their order, that were not applied here. */
  readonly missing: readonly string[];
  /** Begun by another tool, and not ended. */
  readonly begun: readonly string[];
  /** Applied with another text than this version's. */
  readonly edited: readonly string[];
  /** Applied, and of no migration of this version: the database is of a newer one. */
  readonly unknown: readonly string[];
};

export type LedgerRow = { readonly name: string; readonly checksum: string; readonly finished: boolean };

export function compareMigrations(
  ours: readonly Pick<Migration, 'name' | 'checksum'>[],
  rows: readonly LedgerRow[],
): MigrationStanding {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const names = new Set(ours.map(({ name }) => name));
  const those = (holds: (row: LedgerRow | undefined, checksum: string) => boolean) =>
    ours.filter(({ name, checksum }) => holds(byName.get(name), checksum)).map(({ name }) => name);
  return {
    missing: those((row) => row === undefined),
    begun: those((row) => row !== undefined && !row.finished),
    edited: those((row, checksum) => row?.finished === true && row.checksum !== checksum),
    unknown: rows.filter(({ name }) => !names.has(name)).map(({ name }) => name),
  };
}

/** Null: the login may not see which were applied. */
export async function inspectMigrations(client: pg.ClientBase): Promise<MigrationStanding | null> {
  const ours = readMigrations(FOLDER);
  const { rows: ledgers } = await client.query<{ shown: boolean }>(
    `select has_table_privilege(c.oid, 'select') as shown from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relname = '_prisma_migrations'`,
  );
  const [ledger] = ledgers;
  if (!ledger) return compareMigrations(ours, []);
  if (!ledger.shown) return null;
  const { rows } = await client.query<LedgerRow>(
    `select migration_name as name, checksum, finished_at is not null as finished
       from public._prisma_migrations where rolled_back_at is null order by migration_name`,
  );
  return compareMigrations(ours, rows);
}
