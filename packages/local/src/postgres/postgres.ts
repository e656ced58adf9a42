import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { childEnv } from '../machine/environment.ts';
import { freePort } from '../machine/ports.ts';
import type { Child, Children } from '../processes/children.ts';
import { until } from '../processes/until.ts';
import { type PostgresPrograms, postgresPrograms } from './binaries.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';

export type Postgres = {
  /** With user, password and database. */
  url: string;
  /** Its files had been there, but are gone: it has begun anew. Names the folder that is missing. */
  lost?: string;
  /** The same server, another database of it. */
  urlOf(database: string): string;
  /** Makes that database where it is missing, and answers its address. */
  database(name: string): Promise<string>;
};

export type PostgresOptions = {
  children: Children;
  /** Its memory, its log and, unless we are root, its files. */
  dir: string;
  /** Made where it is missing. */
  database?: string;
  /** False: faster, and its files are gone when it has stopped. For tests. */
  durable: boolean;
  /** Others than the embedded ones. */
  programs?: PostgresPrograms;
};

const USER = 'sof';

/** A PostgreSQL on a free port of the loopback address. It ends with `children`. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { children, dir, database = 'sof', durable, programs = postgresPrograms() } = options;
  const data = openDataFolder(dir, programs.user);
  if (!durable) children.deleteAtEnd(data.folder);
  if (data.isNew) await makeCluster(programs, data, dir);
  else await untilReleased(data.folder);
  const port = await freePort();
  const urlOf = (name: string) => `postgres://${USER}:${data.password}@127.0.0.1:${port}/${name}`;
  const server = await children.start(serverOptions({ programs, data, dir, port, durable }));
  await untilItAnswers(server, urlOf('postgres'), join(dir, 'postgres.log'));
  const postgres = {
    urlOf,
    async database(name: string) {
      await makeDatabase(urlOf('postgres'), name);
      return urlOf(name);
    },
  };
  return { ...postgres, url: await postgres.database(database), ...(data.lost !== undefined && { lost: data.lost }) };
}

async function makeCluster({ initdb, user }: PostgresPrograms, data: DataFolder, dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const passwordFile = join(user ? data.folder : dir, '..', `.${data.password.slice(0, 8)}.tmp`);
  writeFileSync(passwordFile, data.password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const auth = ['-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const args = ['-D', data.folder, ...auth, '-E', 'UTF8', '--locale=C', '--no-sync'];
  try {
    await promisify(execFile)(initdb, args, { ...user, env: { ...childEnv(), LC_ALL: 'C' }, cwd: tmpdir() });
  } catch (cause) {
    throw new Error(`PostgreSQL's files could not be made in ${data.folder}: ${String(cause)}`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function serverOptions(server: {
  programs: PostgresPrograms;
  data: DataFolder;
  dir: string;
  port: number;
  durable: boolean;
}) {
  const { programs, data, dir, port, durable } = server;
  const settings = ['max_connections=300', ...(durable ? [] : ['fsync=off', 'full_page_writes=off'])];
  return {
    name: 'PostgreSQL',
    stage: 'database' as const,
    command: programs.postgres,
    args: [
      '-D',
      data.folder,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      '',
      ...settings.flatMap((one) => ['-c', one]),
    ],
    env: { ...childEnv(), LC_ALL: 'C' },
    cwd: tmpdir(),
    logFile: join(dir, 'postgres.log'),
    ...(programs.user && { user: programs.user }),
  };
}

/** A start that was killed a moment ago leaves a server that its reaper is still stopping. */
async function untilReleased(folder: string): Promise<void> {
  const isReleased = () => !isAlive(postmasterPid(folder));
  await until(isReleased, { what: `PostgreSQL in ${folder} ends`, withinMs: 15_000 }).catch(() => undefined);
}

function postmasterPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilItAnswers(server: Child, url: string, logFile: string): Promise<void> {
  const check = async () => {
    if (!server.running()) throw new Error(`PostgreSQL ended at its start:\n${lastLines(logFile)}`);
    return withClient(url, () => Promise.resolve(true)).catch(() => false);
  };
  await until(check, { what: `PostgreSQL answers (its log: ${logFile})`, withinMs: 30_000 });
}

const lastLines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n');

async function makeDatabase(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
}

/** One connection for one piece of work. */
export async function withClient<Answer>(url: string, work: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
