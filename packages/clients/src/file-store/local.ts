import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  DiskFullError,
  FileNotFoundError,
  FileStoreError,
  FileTooLargeError,
  PermissionDeniedError,
  systemCode,
  TargetRefusedError,
  textOf,
} from './errors.ts';
import type { FileEntry } from './file-store.ts';
import type { Session } from './session.ts';

/** A folder of this machine. */
export function localSession(label: string): Session {
  const size = (path: string) => orNull(stat(path).then((found) => (found.isFile() ? found.size : null)));

  async function write(path: string, bytes: Buffer): Promise<void> {
    // The rest of an upload that was killed between link and unlink is the file itself: it is never written into.
    await rm(path, { force: true });
    const file = await open(path, 'wx');
    try {
      await file.writeFile(bytes);
      // Renamed, it counts as uploaded: then it has to be there after a power cut too.
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async function read(path: string, maxBytes: number): Promise<Buffer> {
    const found = await size(path);
    if (found === null) throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found');
    if (found > maxBytes)
      throw new FileTooLargeError(
        `${label}: ${path} has ${found} bytes, ${maxBytes} are read at most`,
        'file_too_large',
      );
    return readFile(path);
  }

  async function* stream(path: string): AsyncGenerator<Uint8Array> {
    if ((await told(path, size(path))) === null)
      throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found');
    try {
      yield* createReadStream(path, { highWaterMark: 256 * 1024 });
    } catch (error) {
      throw translated(label, path, error);
    }
  }

  const told = <T>(path: string, answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw translated(label, path, error);
    });

  return {
    isOpen: () => true,
    answers: () => 0,
    alive: async () => true,
    size: (path) => told(path, size(path)),
    modifiedAt: (path) => told(path, orNull(stat(path).then((found) => found.mtime))),
    list: (folder) => told(folder, entries(folder)),
    makeFolder: (folder) =>
      told(
        folder,
        mkdir(folder, { recursive: true }).then(() => undefined),
      ),
    write: (path, bytes) => told(path, write(path, bytes)),
    read: (path, maxBytes) => told(path, read(path, maxBytes)),
    stream,
    rename: (from, to) => told(to, renameToFree(from, to)),
    remove: (path) => told(path, rm(path, { force: true })),
    drop: () => undefined,
  };
}

/** `rename` would overwrite, a hard link does not. */
async function renameToFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!WITHOUT_LINKS.has(systemCode(error) ?? '')) throw error;
    return renameAfterLook(from, to);
  }
  await rm(from);
  return true;
}

/** File systems without hard links (FAT, some network shares). */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

async function renameAfterLook(from: string, to: string): Promise<boolean> {
  if ((await readdir(dirname(to))).includes(basename(to))) return false;
  await rename(from, to);
  return true;
}

async function entries(folder: string): Promise<FileEntry[]> {
  const found = (await orNull(readdir(folder, { withFileTypes: true }))) ?? [];
  const sized = found.map(async (entry): Promise<FileEntry | null> => {
    if (entry.isDirectory()) return { name: entry.name, size: 0, kind: 'folder' };
    const info = await orNull(stat(`${folder}/${entry.name}`));
    return info?.isFile() ? { name: entry.name, size: info.size, kind: 'file' } : null;
  });
  return (await Promise.all(sized)).filter((entry) => entry !== null);
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
    throw error;
  }
}

type Refusal = new (message: string, code: string, cause: unknown) => FileStoreError;
const REFUSALS: Record<string, readonly [Refusal, code: string]> = {
  EACCES: [PermissionDeniedError, 'permission_denied'],
  EPERM: [PermissionDeniedError, 'permission_denied'],
  EROFS: [PermissionDeniedError, 'read_only'],
  ENOSPC: [DiskFullError, 'disk_full'],
  EDQUOT: [DiskFullError, 'disk_full'],
  ENOENT: [FileNotFoundError, 'file_not_found'],
};

function translated(label: string, path: string, error: unknown): FileStoreError {
  if (error instanceof FileStoreError) return error;
  const system = systemCode(error) ?? 'unknown';
  const [Kind, code] = REFUSALS[system] ?? [TargetRefusedError, system.toLowerCase()];
  return new Kind(`${label}: ${path}: ${textOf(error, '')}`, code, error);
}
