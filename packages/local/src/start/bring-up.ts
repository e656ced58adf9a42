/** PostgreSQL, the queue, the simulator and every service, on one machine, in one folder. */
import { migrate } from '@lazada-sof/db';
import pg from 'pg';
import type { Children } from '../children.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { startRedis } from '../redis.ts';
import { type System, startSystem } from '../system.ts';
import { type Host, hostOn } from './host.ts';
import { type Lazada, lazadaAt } from './lazada.ts';
import { invoicesFolder, readSecrets, type Secrets, simulatorFolder } from './state.ts';

export type BringUpOptions = {
  children: Children;
  dir: string;
  /** A queue that is there already. */
  queueUrl: string | undefined;
  /** What was done, in words. */
  say(words: string): void;
  /** Called as soon as the host's tables and Lazada are there. */
  seed(demo: Pick<Demo, 'host' | 'lazada'>): Promise<void>;
};

export type Demo = {
  host: Host;
  lazada: Lazada;
  system: System;
  pool: pg.Pool;
  databaseUrl: string;
  queueName: string;
  secrets: Secrets;
  invoices: string;
};

export const DEMO_USER = 'demo';
const SERVICES = [
  'simulator',
  'scheduler',
  'status-sync',
  'tracking-fetch',
  'invoice-fetch',
  'invoice-upload',
  'api',
] as const;

export async function bringUp({ children, dir, queueUrl, say, seed }: BringUpOptions): Promise<Demo> {
  const secrets = readSecrets(dir);
  const postgres = await startPostgres({ children, dir, durable: true });
  if (postgres.lost) say(`The database's files in ${postgres.lost} are gone: it has begun anew.`);
  const queue = await startQueue({ children, dir, queueUrl, postgres });
  await migrate({ url: postgres.url });
  say(`PostgreSQL is up, the queue is ${queue.name}; starting the services …`);
  const pool = openPool(postgres.url);
  const host = hostOn(pool);
  const system = await startSystem({
    children,
    dir,
    services: SERVICES,
    databaseUrl: postgres.url,
    queueUrl: queue.url,
    queuePrefix: '{lazada-sof-demo}',
    env: {
      ENCRYPTION_KEYS: secrets.encryptionKeys,
      SESSION_SECRET: secrets.sessionSecret,
      CONSOLE_ADMIN: `${DEMO_USER}:${secrets.password}`,
    },
    args: { simulator: [simulatorFolder(dir)] },
    apiPort: 8080,
    onSimulator: (url) => seed({ host, lazada: lazadaAt(url) }),
  });
  const lazada = lazadaAt(system.url('simulator'));
  const invoices = invoicesFolder(dir);
  return { host, lazada, system, pool, databaseUrl: postgres.url, queueName: queue.name, secrets, invoices };
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** What is there already, else a Redis of our own, else PostgreSQL. */
async function startQueue(options: {
  children: Children;
  dir: string;
  queueUrl: string | undefined;
  postgres: Postgres;
}): Promise<{ url: string; name: string }> {
  const { children, dir, queueUrl, postgres } = options;
  if (queueUrl) return { url: queueUrl, name: 'the one of QUEUE_URL' };
  const redis = await startRedis({ children, dir, durable: true });
  if ('url' in redis) return { url: redis.url, name: 'a Redis of its own' };
  return { url: await postgres.database('queue'), name: `on PostgreSQL (${redis.missing})` };
}
