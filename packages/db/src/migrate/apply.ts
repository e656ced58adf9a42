/** One migration, as a transaction or as one statement outside. */
import pg from 'pg';
import type { Migration } from './files.ts';
import { isApplied, noteApplied } from './ledger.ts';
import { inTurn, isInUse, type Patience } from './turns.ts';

export type Applying = {
  readonly client: pg.Client;
  /** Another connection, for the turn of what runs outside a transaction. */
  readonly connect: () => Promise<pg.Client>;
  readonly patience: Patience;
  readonly log?: { info(message: string): unknown; warn(message: string): unknown } | undefined;
};

/** False: it was applied before. @throws named after the migration; nothing of it remains then */
export async function apply(migration: Migration, tools: Applying): Promise<boolean> {
  try {
    return migration.buildsIndex === null
      ? await applyWhole(migration, tools)
      : await buildIndex(migration, migration.buildsIndex, tools);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError)) throw cause;
    throw new Error(`migration ${migration.name} was not applied, nothing of it remains: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

const applyWhole = (migration: Migration, { client, patience, log }: Applying) =>
  inTurn(client, patience, async () => {
    if (await isApplied(client, migration, log)) return false;
    await client.query(migration.sql);
    await noteApplied(client, migration);
    return true;
  });

/**
 * The turn is a transaction of another connection, and has no snapshot open, for whose end the building would wait. An index
 * that a broken-off run left costs every write and is of no use: it is dropped and built again.
 */
async function buildIndex(migration: Migration, index: string, { client, connect, patience, log }: Applying) {
  const turn = await connect();
  try {
    return await inTurn(turn, patience, async () => {
      if (await isApplied(turn, migration, log)) return false;
      // Without values, so that it also closes the portal of the query before, which keeps its snapshot until then.
      await turn.query('set local idle_in_transaction_session_timeout = 0');
      if (await isInvalid(client, index)) await client.query(`drop index concurrently if exists ${index}`);
      await client.query(migration.sql);
      await noteApplied(turn, migration);
      return true;
    });
  } finally {
    await turn.end();
  }
}

async function isInvalid(client: pg.Client, index: string): Promise<boolean> {
  const { rows } = await client.query('select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [
    index,
  ]);
  return rows.length > 0;
}

function reasonOf(cause: pg.DatabaseError): string {
  if (isInUse(cause)) return 'a table is in use; run it again when less is going on';
  return [cause.message, cause.detail, cause.hint, cause.where].filter(Boolean).join('. ');
}
