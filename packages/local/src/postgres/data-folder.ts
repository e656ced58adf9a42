/**
 * Where the embedded PostgreSQL keeps its files: beside the caller's own, or, as root, in a temporary folder of the
 * user `nobody`. A small file remembers the folder and the password, so that the data is there again next time.
 */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresPrograms } from './binaries.ts';

export type DataFolder = {
  folder: string;
  password: string;
  /** No database cluster is in it yet. */
  isNew: boolean;
  /** Set where there was data, and it is gone. */
  lost?: string;
};

const recordFile = (dir: string) => join(dir, 'postgres.json');

export function openDataFolder(dir: string, user: PostgresPrograms['user']): DataFolder {
  const known = remembered(dir);
  if (known && isThere(known.folder)) return { ...known, isNew: false };
  removeDataFolder(dir);
  const made = { folder: makeFolder(dir, user), password: randomBytes(12).toString('hex') };
  writeFileSync(recordFile(dir), JSON.stringify(made), { mode: 0o600 });
  return { ...made, isNew: true, ...(known && { lost: known.folder }) };
}

/** The folder in which data should be, and is not. */
export function missingDataFolder(dir: string): string | undefined {
  const known = remembered(dir);
  return known && !isThere(known.folder) ? known.folder : undefined;
}

export const hasData = (dir: string): boolean => isThere(remembered(dir)?.folder ?? ownFolder(dir));

const isThere = (folder: string) => existsSync(join(folder, 'PG_VERSION'));

/** Throws the data away. */
export function removeDataFolder(dir: string): void {
  const known = remembered(dir);
  if (known) rmSync(known.folder, { recursive: true, force: true });
  rmSync(ownFolder(dir), { recursive: true, force: true });
  rmSync(recordFile(dir), { force: true });
}

const ownFolder = (dir: string) => join(dir, 'postgres');

function remembered(dir: string): { folder: string; password: string } | undefined {
  return existsSync(recordFile(dir)) ? JSON.parse(readFileSync(recordFile(dir), 'utf8')) : undefined;
}

function makeFolder(dir: string, user: PostgresPrograms['user']): string {
  mkdirSync(dir, { recursive: true });
  if (!user) return ownFolder(dir);
  const folder = mkdtempSync(join(tmpdir(), 'lazada-sof-data-'));
  chownSync(folder, user.uid, user.gid);
  return folder;
}
