/** Where a Redis server's program is, on a machine on which perhaps nobody installed one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, machineEnv } from './machine.ts';

export type RedisProgram = { command: string; env: Record<string, string> };

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
export function findRedis(cache: string | undefined): RedisProgram | { missing: string } {
  const installed = findProgram('redis-server', 'valkey-server');
  if (installed) return { command: installed, env: machineEnv() };
  const none = 'no redis-server or valkey-server on the PATH';
  if (!cache) return { missing: none };
  const unpacked = unpackedIn(cache) ?? unpackFromDebian(cache);
  return 'missing' in unpacked ? { missing: `${none}, and ${unpacked.missing}` } : unpacked;
}

function unpackedIn(cache: string): RedisProgram | undefined {
  const command = join(cache, 'usr/bin/redis-server');
  if (!existsSync(command)) return undefined;
  const lib = join(cache, 'usr/lib');
  const folders = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith('-linux-gnu')) : [];
  const program = {
    command,
    env: { ...machineEnv(), LD_LIBRARY_PATH: folders.map((name) => join(lib, name)).join(':') },
  };
  return runs(program) ? program : undefined;
}

/** Needs no root: the packages are fetched and unpacked, not installed. */
function unpackFromDebian(cache: string): RedisProgram | { missing: string } {
  if (!findProgram('apt-get') || !findProgram('dpkg')) return { missing: 'this is no Debian that could fetch one' };
  const packages = join(cache, 'packages');
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(packages, { recursive: true });
  const refused = DEBIAN_PACKAGES.flatMap((name) => download(name, packages));
  for (const file of readdirSync(packages)) execFileSync('dpkg', ['-x', join(packages, file), cache]);
  return (
    unpackedIn(cache) ?? { missing: `Debian's packages could not be fetched (${refused[0] ?? 'they do not run here'})` }
  );
}

function download(name: string, into: string): string[] {
  try {
    execFileSync('apt-get', ['download', name], { cwd: into, stdio: 'pipe', env: machineEnv(), timeout: 60_000 });
    return [];
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    return [stderr?.toString().trim().split('\n').at(-1) || String(error)];
  }
}

function runs({ command, env }: RedisProgram): boolean {
  try {
    execFileSync(command, ['--version'], { env, stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
