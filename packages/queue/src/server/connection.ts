/**
 * The queue's server by its URL: Redis, a Redis cluster, or PostgreSQL. The rest of this package does not know which.
 * On PostgreSQL the prefix is not used: its jobs lie in the schema `bullmq` of that database.
 */
import type { Logger } from '@lazada-sof/runtime';
import {
  type BackendFactory,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  type Processor,
  Queue,
  RedisQueueBackend,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import type { QueueName } from '../contract.ts';
import { addressOf, connectRedis, type WhenAway } from './redis.ts';

/** Where the jobs wait: the settings `QUEUE_URL` and `QUEUE_PREFIX`. */
export type QueueServer = { readonly url: string; readonly prefix: string };

export interface Connection {
  openQueue(name: QueueName): Queue;
  openWorker(name: QueueName, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker;
  /** Ends the connection now, whatever is under way on it. */
  drop(): void;
}

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** @throws Error where the server is not there, ConfigError where it would throw jobs away */
export async function connect({ url, prefix }: QueueServer, whenAway: WhenAway, log?: Logger): Promise<Connection> {
  const link = isPostgres(url) ? postgresLink(url) : await redisLink(url, whenAway, log);
  const options = { connection: link.connection, prefix };
  return {
    openQueue: (name) => new Queue(name, { ...options, ...PRODUCER }, link.factory).on('error', noteErrors(name, log)),
    openWorker: (name, processor, more) =>
      new Worker(name, processor, { ...options, ...more }, link.factory).on('error', noteErrors(name, log)),
    drop: link.drop,
  };
}

/**
 * A producer fails at once while Redis is away and works again when it is back. Both skips are needed beside the
 * connection's own options: without the second the first `INFO` on a connection that is still opening fails, and
 * every later add with it. Nobody of ours reads the events, so few are kept.
 */
const PRODUCER = { skipWaitingForReady: true, skipVersionCheck: true, streams: { events: { maxLen: 1_000 } } };

type Link = { connection: ConnectionOptions; factory: BackendFactory<RedisQueueBackend>; drop(): void };

async function redisLink(url: string, whenAway: WhenAway, log?: Logger): Promise<Link> {
  const client = await connectRedis(url, whenAway, { log });
  return { connection: client, factory: createRedisBackend, drop: () => client.disconnect() };
}

/** Each queue and worker has a small pool of its own here, which it closes itself. */
function postgresLink(url: string): Link {
  const connection = { connectionString: url, migrate: true, max: 4, connectionTimeoutMillis: 5_000 };
  // Typed as Redis, the type that the dashboard knows too; nobody uses what only one of the backends has.
  const factory = createPostgresBackend as unknown as BackendFactory<RedisQueueBackend>;
  return { connection, factory, drop: () => undefined };
}

/** Waits until the server answers. @throws Error that names the server */
export async function untilReady(source: Queue | Worker, url: string): Promise<void> {
  try {
    await source.waitUntilReady();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`queue at ${addressOf(url)} cannot be reached: ${reason}`, { cause });
  }
}

/** The connection on which a worker waits for jobs is BullMQ's own; it would keep a process that gave up on closing. */
export async function dropBlocking(worker: Worker): Promise<void> {
  const backend: unknown = worker.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return;
  (await backend.blockingClient)?.disconnect();
}

const SAME_AGAIN_MS = 30_000;

/** An outage is one line every half minute, not one per attempt to connect. */
function noteErrors(queue: string, log?: Logger): (error: Error) => void {
  let last = { message: '', at: 0 };
  return (error) => {
    const now = Date.now();
    if (error.message === last.message && now - last.at < SAME_AGAIN_MS) return;
    last = { message: error.message, at: now };
    log?.warn(`trouble with the queue: ${error.message || error.name}`, { queue });
  };
}
