/** Where a Redis server's program is, on a machine on which perhaps nobody installed one. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../machine/environment.ts';
import { findProgram } from '../machine/find-program.ts';

export type RedisProgram = { command: string; env: Record<string, string> };

const run = promisify(execFile);

/** The server needs the first two, the rest are the libraries that they use; which of them exist depends on the release. */
const DEBIAN_PACKAGES = [
  'redis-server',
  'redis-tools',
  'liblzf1',
  'libjemalloc2',
  'liblua5.1-0',
  'lua-cjson',
  'lua-bitop',
  'libatomic1',
];

/** One on the PATH, else, where a `cache` is given, Debian's packages unpacked into it; else the reason why there is none. */
export async function findRedis(cache: string | undefined): Promise<RedisProgram | { missing: string }> {
  const installed = findProgram('redis-server', 'valkey-server');
  if (installed) return { command: installed, env: childEnv() };
  const none = 'no redis-server or valkey-server on the PATH';
  if (!cache) return { missing: none };
  const unpacked = (await unpackedIn(cache)) ?? (await unpackFromDebian(cache));
  return 'missing' in unpacked ? { missing: `${none}, and ${unpacked.missing}` } : unpacked;
}

async function unpackedIn(cache: string): Promise<RedisProgram | undefined> {
  const command = join(cache, 'usr/bin/redis-server');
  if (!existsSync(command)) return undefined;
  const lib = join(cache, 'usr/lib');
  const folders = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith('-linux-gnu')) : [];
  const libraries = folders.map((name) => join(lib, name)).join(':');
  const program = { command, env: { ...childEnv(), LD_LIBRARY_PATH: libraries } };
  return (await runs(program)) ? program : undefined;
}

/** Needs no root: the packages are fetched and unpacked, not installed. */
async function unpackFromDebian(cache: string): Promise<RedisProgram | { missing: string }> {
  if (!findProgram('apt-get') || !findProgram('dpkg')) return { missing: 'this is no Debian that could fetch one' };
  mkdirSync(dirname(cache), { recursive: true });
  const fresh = mkdtempSync(`${cache}-`);
  try {
    const refused = (await Promise.all(DEBIAN_PACKAGES.map((name) => download(name, fresh)))).flat();
    const files = readdirSync(fresh).filter((name) => name.endsWith('.deb'));
    for (const file of files) await run('dpkg', ['-x', join(fresh, file), fresh], { env: childEnv() });
    replace(cache, fresh);
    const why = refused[0] ?? 'what they hold does not run here';
    return (await unpackedIn(cache)) ?? { missing: `Debian's packages could not be had (${why})` };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Another run may be doing the same: whoever comes second finds the first one's. */
function replace(cache: string, fresh: string): void {
  rmSync(cache, { recursive: true, force: true });
  try {
    renameSync(fresh, cache);
  } catch (error) {
    if (!existsSync(cache)) throw error;
  }
}

/** What it says where it is refused. */
async function download(name: string, into: string): Promise<string[]> {
  try {
    await run('apt-get', ['download', name], { cwd: into, env: childEnv(), timeout: 120_000 });
    return [];
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return [stderr?.trim().split('\n').at(-1) || String(error)];
  }
}

const runs = ({ command, env }: RedisProgram): Promise<boolean> =>
  run(command, ['--version'], { env, timeout: 10_000 }).then(
    () => true,
    () => false,
  );
