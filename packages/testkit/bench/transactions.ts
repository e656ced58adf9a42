import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@lazada-sof/local';

/** An idle connection tells its counts after so long at the latest. */
const COUNTED_MS = 11_000;

/** How many transactions a database has committed, asked from another one. */
export async function committed(databaseUrl: string): Promise<number> {
  await sleep(COUNTED_MS);
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const { rows } = await withClient(url.href, (client) =>
    client.query<{ count: string }>('select xact_commit as count from pg_stat_database where datname = $1', [name]),
  );
  return Number(rows[0]?.count);
}
