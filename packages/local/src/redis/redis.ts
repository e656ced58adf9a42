import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../machine/ports.ts';
import type { Children } from '../processes/children.ts';
import { findRedis } from './find-redis.ts';

export type RedisOptions = {
  children: Children;
  /** Its log and, where `durable`, its data. */
  dir: string;
  durable: boolean;
  /** Where Debian's Redis may be fetched to when none is installed. Left out: it is not fetched. */
  cache?: string;
  /** Further lines of its settings. */
  more?: readonly string[];
};

const DEADLINE_MS = 10_000;

/** A Redis of our own on a free port of the loopback address, or why there is none. It ends with `children`. */
export async function startRedis({
  children,
  dir,
  durable,
  cache,
  more = [],
}: RedisOptions): Promise<{ url: string } | { missing: string }> {
  const program = await findRedis(cache);
  if ('missing' in program) return program;
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const ready = Promise.withResolvers<void>();
  const server = await children.start({
    name: 'Redis',
    stage: 'queue',
    ...program,
    args: ['-'], // reads its settings from the standard input, so the password is not in the list of processes
    input: settings({ port, password, dir, durable, more }),
    logFile: join(dir, 'redis.log'),
    onLine: (line) => line.includes('Ready to accept connections') && ready.resolve(),
  });
  const logFile = join(dir, 'redis.log');
  void server.exited.then(() => ready.reject(new Error(`Redis ended at its start, see ${logFile}`)));
  const late = setTimeout(
    () => ready.reject(new Error(`Redis is not ready after ${DEADLINE_MS / 1000} s, see ${logFile}`)),
    DEADLINE_MS,
  );
  await ready.promise.finally(() => clearTimeout(late));
  return { url: `redis://:${password}@127.0.0.1:${port}` };
}

/** BullMQ loses jobs under any other policy than `noeviction`. */
function settings({
  port,
  password,
  dir,
  durable,
  more,
}: {
  port: number;
  password: string;
  dir: string;
  durable: boolean;
  more: readonly string[];
}): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    `appendonly ${durable ? 'yes' : 'no'}`,
  ];
  return [...lines, `dir "${dir}"`, 'maxmemory-policy noeviction', ...more, ''].join('\n');
}
