/** What the queue's server is, for whoever looks whether all is well. Changes nothing. */
import { Cluster, type Redis } from 'ioredis';
import pg from 'pg';
import { isPostgres } from './connection.ts';
import { addressOf, lookAtRedis } from './redis.ts';
import { readInfo, type ServerInfo } from './server-info.ts';

export type QueueStanding = { readonly address: string; readonly isEncrypted: boolean } & (
  | { readonly kind: 'postgres'; readonly version: string }
  | {
      readonly kind: 'redis' | 'cluster';
      /** One for each server that takes writes. */
      readonly servers: readonly { readonly node: string; readonly info: ServerInfo }[];
    }
);

/** @throws Error that names the server, where it is not there */
export async function inspectQueue({ url }: { readonly url: string }): Promise<QueueStanding> {
  const address = addressOf(url);
  if (isPostgres(url)) return { address, ...(await inspectPostgres(url)) };
  const client = await lookAtRedis(url);
  try {
    const isEncrypted = /^rediss/.test(url);
    if (!(client instanceof Cluster)) {
      const servers = [{ node: address, info: await infoOf(client, address) }];
      return { kind: 'redis', address, isEncrypted, servers };
    }
    const nodes = client.nodes('master').map(async (node) => {
      const name = `${node.options.host}:${node.options.port}`;
      return { node: name, info: await infoOf(node, name) };
    });
    return { kind: 'cluster', address, isEncrypted, servers: await Promise.all(nodes) };
  } finally {
    client.disconnect();
  }
}

/** All of it at once: a server that does not know a section's name answers an error for it. */
async function infoOf(node: Redis, name: string): Promise<ServerInfo> {
  try {
    return readInfo(await node.info());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // A login that may not ask; it may work all the same.
    if (/NOPERM|unknown command/i.test(error.message)) return readInfo('');
    throw new Error(`queue at ${name} does not answer INFO: ${error.message}`);
  }
}

async function inspectPostgres(url: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; isEncrypted: boolean }>(
      `select split_part(current_setting('server_version'), ' ', 1) as version,
              coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as "isEncrypted"`,
    );
    return { kind: 'postgres' as const, version: rows[0]?.version ?? '', isEncrypted: rows[0]?.isEncrypted ?? false };
  } finally {
    await client.end().catch(() => undefined);
  }
}
