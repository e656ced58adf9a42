/** PostgreSQL, the queue, the simulator and every service, on one machine, in one folder. */
import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { migrate, openDb } from '@lazada-sof/db';
import pg from 'pg';
import { makeLogins, urlAs } from '../postgres/logins.ts';
import { type Postgres, startPostgres } from '../postgres/postgres.ts';
import type { Children } from '../processes/children.ts';
import { startRedis } from '../redis/redis.ts';
import { startSimulator } from '../system/simulator.ts';
import { type System, startSystem } from '../system/system.ts';
import { type Doors, openDoors } from './doors.ts';
import { type Host, hostOn } from './host.ts';
import { type Lazada, lazadaAt } from './lazada.ts';
import {
  importsFolder,
  invoicesFolder,
  keepApiKey,
  lengthenPassword,
  readSecrets,
  type Secrets,
  simulatorFolder,
} from './state.ts';

export type StartDemoOptions = {
  children: Children;
  dir: string;
  /** A queue that is there already. */
  queueUrl: string | undefined;
  /** What was done, in words. */
  say(words: string): void;
  /** Called as soon as the host's tables and Lazada are there. */
  seed(demo: Pick<Demo, 'host' | 'lazada'>): Promise<void>;
  /** For the page and the dashboard, where it is free; left out: any. */
  apiPort?: number;
};

export type Demo = {
  host: Host;
  lazada: Lazada;
  doors: Doors;
  /** Of other systems, for the HTTP API. */
  apiKey: string;
  system: System;
  /** Of one that looks and writes nothing. */
  pool: pg.Pool;
  /** Lets go of the database. */
  closePools(): Promise<void>;
  databaseUrl: string;
  queueName: string;
  secrets: Secrets;
  invoices: string;
  /** The watched folder. */
  imports: string;
};

export const DEMO_USER = 'demo';
/** First what the first order needs. */
const SERVICES = [
  'status-sync',
  'scheduler',
  'tracking-fetch',
  'invoice-fetch',
  'invoice-upload',
  'order-update',
  'carrier-poll',
  'api',
] as const;

export async function startDemo(options: StartDemoOptions): Promise<Demo> {
  const { children, dir, say } = options;
  const [servers, simulator] = await Promise.all([
    startServers(options),
    startSimulator({ children, dir, dataDir: simulatorFolder(dir) }),
  ]);
  say(`PostgreSQL and the simulator are up, the queue is ${servers.queueName}; starting the services …`);
  await lengthenThePassword(servers.databaseUrl, dir);
  const secrets = readSecrets(dir);
  const pool = openPool(urlAs(servers.databaseUrl, 'reader'));
  const hostPool = openPool(urlAs(servers.databaseUrl, 'host'));
  const closePools = async () => void (await Promise.all([pool.end(), hostPool.end()]));
  const actors = { host: hostOn(hostPool), lazada: lazadaAt(simulator.url) };
  const imports = importsFolder(dir);
  mkdirSync(imports, { recursive: true });
  const services = startSystem({
    children,
    dir,
    services: SERVICES,
    simulator,
    databaseUrl: servers.databaseUrl,
    queueUrl: servers.queueUrl,
    queuePrefix: '{lazada-sof-demo}',
    env: {
      ENCRYPTION_KEYS: secrets.encryptionKeys,
      SESSION_SECRET: secrets.sessionSecret,
      CONSOLE_ADMIN: `${DEMO_USER}:${secrets.password}`,
      IMPORT_SOURCE_URL: pathToFileURL(imports).href,
      // A file is taken at the second look, and nobody wants to wait two minutes for it.
      IMPORT_WATCH_INTERVAL: '3s',
    },
    ...(options.apiPort !== undefined && { apiPort: options.apiPort }),
  });
  const seeded = options.seed(actors);
  seeded.catch(() => undefined); // where a service does not start, that is the error to tell
  const system = await services;
  await seeded;
  const apiUrl = system.url('api');
  await actors.lazada.pushTo(`${apiUrl}/webhooks/lazada`);
  const apiKey = secrets.apiKey ?? (await makeApiKey(servers.databaseUrl, dir));
  const doors = openDoors({ apiUrl, apiKey, env: system.env });
  const rest = { system, pool, closePools, secrets, invoices: invoicesFolder(dir), imports };
  return { ...actors, ...servers, doors, apiKey, ...rest };
}

/** PostgreSQL with our tables, and the queue. */
async function startServers({ children, dir, queueUrl }: StartDemoOptions) {
  const postgres = await startPostgres({ children, dir, durable: true });
  const queue = await startQueue({ children, dir, queueUrl, postgres });
  await migrate({ url: postgres.url });
  await makeLogins(postgres.url);
  return { databaseUrl: postgres.url, queueUrl: queue.url, queueName: queue.name };
}

const KEY_NAME = 'demo';

/** One of an earlier start whose file is gone can be read by nobody any more. */
async function makeApiKey(databaseUrl: string, dir: string): Promise<string> {
  const db = openDb({ url: urlAs(databaseUrl, 'cli'), source: 'cli', connections: 1 });
  try {
    await db.access.revokeKey(KEY_NAME);
    const key = await db.access.createKey(KEY_NAME, ['orders:read', 'orders:write', 'imports:write']);
    if (key === null) throw new Error(`there is an API key ${KEY_NAME} already`);
    keepApiKey(dir, key);
    return key;
  } finally {
    await db.close();
  }
}

/** Of a demonstration that an earlier version made: `api` no longer starts with its password. */
async function lengthenThePassword(databaseUrl: string, dir: string): Promise<void> {
  await lengthenPassword(dir, async (password) => {
    const db = openDb({ url: urlAs(databaseUrl, 'cli'), source: 'cli', connections: 1 });
    await db.access.changeUser(DEMO_USER, { password }).finally(db.close);
  });
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
