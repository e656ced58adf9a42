/** How we reach Redis: two kinds of connection, since a worker may wait for it for ever and a producer must not. */
import { ConfigError, type Logger } from '@lazada-sof/runtime';
import { Cluster, Redis } from 'ioredis';
import pTimeout from 'p-timeout';

export type RedisClient = Redis | Cluster;
/** `waits`: commands are held back until Redis is there again. `fails`: they fail at once, and work again when it is. */
export type WhenAway = 'waits' | 'fails';

type Patience = { maxRetriesPerRequest: number | null; enableOfflineQueue: boolean; commandTimeout?: number };
const PATIENCE: Readonly<Record<WhenAway, Patience>> = {
  // What BullMQ demands of a worker: its blocking reads outlive every outage.
  waits: { maxRetriesPerRequest: null, enableOfflineQueue: true },
  // A frozen server answers nothing for minutes: the time limit is for that, the other two for one that is gone.
  fails: { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 5_000 },
};

/** A packet waits for the answer to the one before, each for as long as one command may take. */
const TOGETHER = { enableAutoPipelining: true, commandTimeout: 2_500 };

/** Ending on a socket that is gone already would keep the process for as long as this: two seconds by default. */
const ENDING = { disconnectTimeout: 200 };

/** Soon and steadily: after an outage the queue is where the work waits. */
const retryStrategy = (times: number) => Math.min(times * 100, 2_000);

export type Connecting = {
  log?: Logger | undefined;
  /** What is asked within one turn of the event loop goes in one packet. */
  together?: boolean;
};

/** Connects and checks the server. @throws ConfigError for a server that throws jobs away, Error for one that is not there */
export async function connectRedis(
  url: string,
  whenAway: WhenAway,
  { log, together = false }: Connecting = {},
): Promise<RedisClient> {
  const client = await reachRedis(url, { ...PATIENCE[whenAway], ...(together && TOGETHER) });
  try {
    await checkEviction(client, url, log);
    return client;
  } catch (error) {
    client.disconnect();
    throw error;
  }
}

/** For a look at a server, whatever it does with jobs. @throws Error for one that is not there */
export const lookAtRedis = (url: string): Promise<RedisClient> => reachRedis(url, PATIENCE.fails);

async function reachRedis(url: string, manners: Patience & { enableAutoPipelining?: boolean }): Promise<RedisClient> {
  const client = redisClient(url, manners);
  const lastError = heldError(client);
  try {
    await pTimeout(client.connect(), CONNECTED_IN_TIME);
    return client;
  } catch (error) {
    client.disconnect();
    // Without the cause: that of a refused login holds the command, and with it the password.
    throw new Error(`queue at ${addressOf(url)} cannot be reached: ${reason(lastError() ?? error)}`);
  }
}

/** A cluster whose nodes do not know their own addresses keeps ioredis trying for ever. */
const CONNECTED_IN_TIME = { milliseconds: 10_000, message: 'no connection after 10 s' };

/** The address as it may be shown: without user, password and options. */
export function addressOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function redisClient(url: string, manners: Patience & { enableAutoPipelining?: boolean }): RedisClient {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (!protocol.includes('+cluster'))
    return new Redis(url, { ...manners, ...ENDING, retryStrategy, lazyConnect: true });
  const { enableOfflineQueue, enableAutoPipelining = false, ...each } = manners;
  return new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    enableOfflineQueue,
    enableAutoPipelining,
    clusterRetryStrategy: retryStrategy,
    lazyConnect: true,
    redisOptions: {
      ...each,
      ...ENDING,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss+cluster:' && { tls: {} }),
    },
  });
}

/** ioredis rejects `connect()` with "Connection is closed" and tells the reason only in its event. */
function heldError(client: RedisClient): () => unknown {
  let last: unknown;
  client.on('error', (error) => {
    last = error;
  });
  return () => last;
}

/** A server that evicts keys loses jobs, and the rest of a queue then no longer fits together. */
async function checkEviction(client: RedisClient, url: string, log?: Logger): Promise<void> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) {
    const policy = await evictionPolicy(node);
    if (policy === undefined) log?.warn('the queue hides its eviction policy: see that it is noeviction');
    else if (policy !== 'noeviction') throw new ConfigError([evicts(url, policy)]);
  }
}

const evicts = (url: string, policy: string) =>
  `QUEUE_URL: the Redis at ${addressOf(url)} has maxmemory-policy ${policy} and would throw jobs away: set maxmemory-policy noeviction there`;

/** `INFO` first: managed servers rename or forbid `CONFIG`. Undefined: this server tells neither way. */
async function evictionPolicy(node: Redis): Promise<string | undefined> {
  const info = await node.info('memory').catch(() => '');
  const shown = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (shown) return shown;
  const setting = await node.config('GET', 'maxmemory-policy').catch(() => []);
  return Array.isArray(setting) && typeof setting[1] === 'string' ? setting[1] : undefined;
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return reason(error.errors[0]); // one per address of the host
  const { message, code, lastNodeError } = error as Error & { code?: string; lastNodeError?: Error };
  return lastNodeError?.message || message || code || String(error);
}
