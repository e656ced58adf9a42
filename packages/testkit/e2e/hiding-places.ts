/** Everywhere where something may be left behind, each as one text, enumerated from what there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '@lazada-sof/local';
import got, { type Headers } from 'got';
import { Redis } from 'ioredis';
import type { Stage } from './stage.ts';

/** What all processes wrote, the simulator too. */
export function logs({ system }: Stage): string {
  const folder = join(system.dir, 'logs');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/** Every key of the queue, of whatever type: job data, reasons, stacks, events, the limiter's. */
export async function redisKeys({ system }: Stage): Promise<string> {
  const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = system.env;
  const redis = new Redis(url);
  try {
    const found: string[] = [];
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
      for (const key of keys) found.push(`${key} ${JSON.stringify(await contentOf(redis, key))}`);
    }
    return found.join('\n');
  } finally {
    redis.disconnect();
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none': // It ended meanwhile.
      return null;
    default:
      throw new Error(`${key} is a ${type}, which this test cannot read`);
  }
}

export async function metrics({ system }: Stage): Promise<string> {
  const services = system.workers.filter(({ service }) => service !== 'simulator');
  const pages = await Promise.all(services.map(({ healthUrl }) => got(`${healthUrl}/metrics`).text()));
  return pages.join('\n');
}

export type Login = { readonly user: string; readonly password: string };

async function signedIn(origin: string, login: Login): Promise<Headers> {
  const { headers } = await got.post(`${origin}/session`, { json: login });
  return { cookie: (headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ') };
}

/** Every call that its description knows, without and with a session, as it should be and with a body that cannot be used. */
export async function apiAnswers({ system }: Stage, login: Login, body: object, orderNumber: string): Promise<string> {
  const origin = system.url('api');
  const { paths } = await got(`${origin}/openapi.json`).json<{ paths: Record<string, Record<string, object>> }>();
  const cookie = await signedIn(origin, login);
  const values: Readonly<Record<string, string>> = { name: 'demo-sg', account: 'demo-sg', orderNumber };
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => !(path === '/session' && method !== 'get'))
      .map((method) => ({ method, url: origin + path.replaceAll(/\{(\w+)\}/g, (_, name) => values[name] ?? '1') })),
  );
  const answers: string[] = [];
  for (const { method, url } of calls) {
    for (const headers of [{}, cookie, { ...cookie, origin }]) {
      const json = method === 'get' ? {} : { json: body };
      const answer = await got(url, {
        method: method as 'get',
        headers,
        ...json,
        throwHttpErrors: false,
        retry: { limit: 0 },
      });
      answers.push(`${method} ${url} ${answer.statusCode} ${answer.body}`);
    }
  }
  return answers.join('\n');
}

/** Every page of the queue dashboard that lists jobs. */
export async function dashboard({ system }: Stage, login: Login): Promise<string> {
  const origin = system.url('api');
  const headers = await signedIn(origin, login);
  const { queues } = await got(`${origin}/queues/api/queues`, { headers }).json<{ queues: { name: string }[] }>();
  const statuses = ['failed', 'completed', 'delayed', 'waiting', 'active'];
  const pages = queues.flatMap(({ name }) =>
    statuses.map((status) => `${origin}/queues/api/queues?activeQueue=${name}&status=${status}&jobsPerPage=100`),
  );
  return (await Promise.all(pages.map((page) => got(page, { headers }).text()))).join('\n');
}

/** What a buyer's data are kept in because that is what they are for. */
const OF_BUYERS = [
  'order_lazada_document.source',
  'order_lazada_document.pdf',
  'marketplace_manifests.file',
  'import_chunk.bytes',
  // What a clerk wrote into a row that was refused, so that he can mend it.
  'import_error.value',
  'import_error.cells',
];

/** Every column of every table, bytes too; those that hold invoices and the like apart. */
export async function tables({ system }: Stage): Promise<{ kept: string; ofBuyers: string }> {
  return withClient(system.databaseUrl, async (client) => {
    const { rows } = await client.query<{ schema: string; table: string; column: string; type: string }>(
      `select c.table_schema as schema, c.table_name as table, c.column_name as column, c.data_type as type
         from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
        where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const read = async ({ schema, table, column, type }: (typeof rows)[number]) => {
      const text = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
      const found = await client.query<{ all: string | null }>(
        `select string_agg(${text}, E'\\n') as all from "${schema}"."${table}"`,
      );
      return { of: `${table}.${column}`, text: found.rows[0]?.all ?? '' };
    };
    const columns: Awaited<ReturnType<typeof read>>[] = [];
    for (const row of rows) columns.push(await read(row));
    const written = (some: typeof columns) => some.map(({ of, text }) => `${of}: ${text}`).join('\n');
    return {
      kept: written(columns.filter(({ of }) => !OF_BUYERS.includes(of))),
      ofBuyers: written(columns.filter(({ of }) => OF_BUYERS.includes(of))),
    };
  });
}

/** How every process of this machine was called. */
export function commandLines(): string {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map(commandLine).join('\n');
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\u0000', ' ');
  } catch {
    return ''; // It ended meanwhile.
  }
}
