/** How a database stands, for whoever looks whether all is well. Changes nothing. */
import pg from 'pg';
import { isDirect } from '../sql/pooler.ts';
import { backfillNote } from './backfill.ts';
import { inspectMigrations, type MigrationStanding } from './inspect-migrations.ts';
import { inspectRights, type RightsStanding } from './inspect-rights.ts';

export type DatabaseStanding = {
  /** As the server names itself, `18.1`. */
  readonly version: string;
  /** `180001`. */
  readonly versionNumber: number;
  /** False: a pooler stands between. */
  readonly isDirect: boolean;
  /** It takes no writes: a standby, or a database that was set so. */
  readonly isReadOnly: boolean;
  readonly clock: ClockReading;
  /** Null: the login may not see it. */
  readonly migrations: MigrationStanding | null;
  /** What is said while orders of before have no rows; null: all have theirs; undefined: it cannot be seen. */
  readonly backfill: string | null | undefined;
  readonly rights: RightsStanding;
};

/** Another's clock, and what ours said before and after it was asked. */
export type ClockReading = { readonly theirs: Date; readonly askedAt: Date; readonly answeredAt: Date };

/** @throws what the driver says where it cannot be reached */
export async function inspectDatabase({ url }: { readonly url: string }): Promise<DatabaseStanding> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lazada-sof doctor',
    connectionTimeoutMillis: 10_000,
    query_timeout: 15_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await inspect(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function inspect(client: pg.Client): Promise<DatabaseStanding> {
  const server = await serverOf(client);
  const clock = await clockOf(client);
  const migrations = await inspectMigrations(client);
  return {
    ...server,
    isDirect: await isDirect(client),
    clock,
    migrations,
    // Its table is there only once all of them are.
    backfill: await backfillNote(client).catch(() => undefined),
    rights: await inspectRights(client),
  };
}

async function serverOf(client: pg.Client) {
  const { rows } = await client.query<Pick<DatabaseStanding, 'version' | 'versionNumber' | 'isReadOnly'>>(
    `select split_part(current_setting('server_version'), ' ', 1) as version,
            current_setting('server_version_num')::int as "versionNumber",
            pg_is_in_recovery() or current_setting('transaction_read_only')::bool as "isReadOnly"`,
  );
  const [server] = rows;
  if (!server) throw new Error('the database answered nothing about itself');
  return server;
}

async function clockOf(client: pg.Client): Promise<ClockReading> {
  const askedAt = new Date();
  const { rows } = await client.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  );
  return { theirs: new Date(rows[0]?.ms ?? 0), askedAt, answeredAt: new Date() };
}
