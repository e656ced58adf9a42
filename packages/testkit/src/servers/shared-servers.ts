/**
 * The servers of PostgreSQL and the Redis of one test run. They live in jest's main process, which its workers ask over HTTP, so
 * that all share them; each is started when a test first asks for it, so that a run of rules alone starts nothing.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLogins, openChildren, type Postgres, startPostgres, startRedis, withClient } from '@lazada-sof/local';
import { debianPostgres } from './debian-postgres.ts';
import type { SharedDebianPostgres, SharedPostgres, SharedRedis, SharedTemplate } from './shared-answers.ts';

export type SharedServers = {
  /** What the workers need to find them. */
  url: string;
  /** For files of this run. */
  dir: string;
  /** Stops what was started and removes its files. */
  close(): Promise<void>;
};

/** A Redis that is there already, and where one may be unpacked to. */
export type RedisSource = { redisUrl: string | undefined; redisCache: string };

export async function openSharedServers(redisSource: RedisSource): Promise<SharedServers> {
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-tests-'));
  const children = openChildren();
  children.deleteAtEnd(dir);
  const postgres = once(() => startPostgres({ children, dir, durable: false }));
  const debian = once(async (): Promise<SharedDebianPostgres> => {
    const found = debianPostgres();
    if ('missing' in found) return found;
    const server = await startPostgres({ children, dir: join(dir, 'debian'), durable: false, programs: found });
    return { adminUrl: server.urlOf('postgres') };
  });
  const template = once(async () => makeTemplate(await postgres()));
  const redis = once(async (): Promise<SharedRedis> => {
    if (redisSource.redisUrl) return { url: redisSource.redisUrl };
    return startRedis({ children, dir, durable: false, cache: redisSource.redisCache });
  });
  const answers = {
    postgres: async (): Promise<SharedPostgres> => ({ adminUrl: (await postgres()).urlOf('postgres') }),
    debianPostgres: debian,
    template: async (): Promise<SharedTemplate> => ({
      adminUrl: (await postgres()).urlOf('postgres'),
      ...(await template()),
    }),
    redis,
  };
  const answerServer = await openAnswerServer(answers);
  return {
    url: answerServer.url,
    dir,
    async close() {
      await answerServer.close();
      await children.stop();
    },
  };
}

/** Starts at the first call; the others get the same. */
function once<Value>(start: () => Promise<Value>): () => Promise<Value> {
  let started: Promise<Value> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}

async function makeTemplate(postgres: Postgres): Promise<{ template: string }> {
  const template = 'migrated';
  await withClient(postgres.urlOf('postgres'), (client) => client.query(`create database ${template}`));
  const { migrate } = await import('@lazada-sof/db');
  await migrate({ url: postgres.urlOf(template) });
  await makeLogins(postgres.urlOf(template));
  return { template };
}

/** The path holds a secret: on a shared machine others can reach the port too. */
async function openAnswerServer(answers: Readonly<Record<string, () => Promise<object>>>) {
  const secret = randomBytes(12).toString('hex');
  const server = createServer((request, response) => {
    const [, given, name = ''] = (request.url ?? '').split('/');
    const open = given === secret ? answers[name] : undefined;
    // A kept connection could be closed here just when a worker uses it again.
    response.setHeader('connection', 'close');
    if (!open) return response.writeHead(404).end();
    return open().then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.stack : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/${secret}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
