/** A real PgBouncer, as operators put one in front of PostgreSQL: here in front of the one that all tests share. */
import { chownSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_LOGINS, asNobody, findProgram, freePort, openChildren, urlAs } from '@lazada-sof/local';
import { shared } from './shared-answers.ts';

export type PgBouncerSettings = Readonly<Record<string, string | number>>;

export type PgBouncer = {
  /** The address of a test's database by way of the pooler. */
  through(url: string): string;
  close(): Promise<void>;
};

const DEADLINE_MS = 10_000;
/** Fewer connections than anybody wants, so that they are really shared: for each login in each database. */
const FEW = 2;

/** Debian puts it where only root looks for programs. */
export const findPgBouncer = (): string | undefined =>
  findProgram('pgbouncer') ?? ['/usr/sbin/pgbouncer'].find((path) => existsSync(path));

export async function startPgBouncer(program: string, settings: PgBouncerSettings = {}): Promise<PgBouncer> {
  const { adminUrl } = await shared('postgres');
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-pgbouncer-'));
  const children = openChildren();
  children.deleteAtEnd(dir);
  const port = await freePort();
  const ready = Promise.withResolvers<void>();
  const logFile = join(dir, 'pgbouncer.log');
  try {
    const server = await children.start({
      name: 'PgBouncer',
      stage: 'queue',
      command: program,
      args: [writeFiles({ dir, port, adminUrl, settings })],
      env: {},
      cwd: tmpdir(),
      logFile,
      onLine: (line) => line.includes('process up') && ready.resolve(),
      ...asNobody(),
    });
    void server.exited.then(() => ready.reject(new Error(`PgBouncer ended at its start: ${lastLines(logFile)}`)));
    const late = setTimeout(() => ready.reject(new Error('PgBouncer is not ready in time')), DEADLINE_MS);
    await ready.promise.finally(() => clearTimeout(late));
  } catch (error) {
    await children.stop();
    throw error;
  }
  return { through: (url) => Object.assign(new URL(url), { port: String(port) }).href, close: children.stop };
}

const lastLines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n');

type Written = { dir: string; port: number; adminUrl: string; settings: PgBouncerSettings };

/** Readable for the user alone as whom it runs, since the passwords are in it. Answers the file of the settings. */
function writeFiles({ dir, port, adminUrl, settings }: Written): string {
  const { user } = asNobody();
  const write = (name: string, lines: readonly string[]) => {
    const file = join(dir, name);
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    if (user) chownSync(file, user.uid, user.gid);
    return file;
  };
  if (user) chownSync(dir, user.uid, user.gid);
  const urls = [adminUrl, ...ALL_LOGINS.map((login) => urlAs(adminUrl, login))].map((url) => new URL(url));
  const users = write(
    'users.txt',
    urls.map(({ username, password }) => `"${username}" "${password}"`),
  );
  const { hostname, port: serverPort } = new URL(adminUrl);
  const all: PgBouncerSettings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: users,
    pool_mode: 'transaction',
    default_pool_size: FEW,
    max_client_conn: 1_000,
    ...settings,
  };
  return write('pgbouncer.ini', [
    '[databases]',
    `* = host=${hostname} port=${serverPort}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
  ]);
}
