/** An index that is built while everybody goes on. Where it fails or is broken off it is left invalid. */
import pg from 'pg';
import type { Migrating } from './turns.ts';

/** Anew where a run that was broken off left it invalid: such a one costs every write and is of no use. */
export async function buildIndex(index: string, sql: string, migrating: Migrating): Promise<void> {
  await dropInvalid(index, migrating);
  try {
    await migrating.client.query(sql);
  } catch (error) {
    await dropInvalid(index, migrating).catch(() => undefined);
    if (!isPartitioned(error)) throw error;
    migrating.log?.warn(
      `index ${index} is left to you, since its table is partitioned: ${sql.replace(/ concurrently/i, '').trim()}`,
    );
  }
}

/** One of a partitioned table cannot be built beside everybody else. */
const isPartitioned = (error: unknown) =>
  error instanceof pg.DatabaseError && error.code === '0A000' && error.message.includes('partitioned');

async function dropInvalid(index: string, migrating: Migrating): Promise<void> {
  if (await isInvalid(index, migrating)) await migrating.client.query(`drop index concurrently if exists ${index}`);
}

export async function isInvalid(index: string, { client }: Migrating): Promise<boolean> {
  const { rows } = await client.query('select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [
    index,
  ]);
  return rows.length > 0;
}
