import { chmod, chown, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A server's folder, seen from the machine on which it lies. */
export type ServedFolder = {
  /** No file is left; folders stay, since a store may remember them. */
  clear(): Promise<void>;
  /** Somebody removes a folder below it. */
  removeFolder(path: string): Promise<void>;
  /** Every file with its text, by path. */
  tree(): Promise<Record<string, string>>;
  read(path: string): Promise<Buffer>;
  has(path: string): Promise<boolean>;
  /** Somebody else put it there, so long ago. */
  leave(path: string, bytes: Buffer, ageMs?: number): Promise<void>;
  /** From now on nothing can be written into it. */
  forbidWriting(): Promise<void>;
};

export function servedFolder(folder: string): ServedFolder {
  const at = (path: string) => join(folder, path);

  /** As the server's user would have made it. */
  async function make(): Promise<void> {
    await mkdir(folder, { recursive: true });
    await sameOwner(dirname(folder), folder);
  }

  async function files(): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  return {
    async clear() {
      await chmod(folder, 0o755).catch(() => undefined);
      for (const file of await files()) await rm(file);
    },
    removeFolder: (path) => rm(at(path), { recursive: true }),
    async tree() {
      const texts = (await files()).map(async (file) => [relative(folder, file), await readFile(file, 'utf8')]);
      return Object.fromEntries(await Promise.all(texts));
    },
    read: (path) => readFile(at(path)),
    has: (path) =>
      stat(at(path)).then(
        () => true,
        () => false,
      ),
    async leave(path, bytes, ageMs = 0) {
      await make();
      const modified = new Date(Date.now() - ageMs);
      await writeFile(at(path), bytes);
      await utimes(at(path), modified, modified);
      await sameOwner(folder, at(path));
    },
    async forbidWriting() {
      await make();
      await chmod(folder, 0o555);
    },
  };
}

async function sameOwner(model: string, path: string): Promise<void> {
  const { uid, gid } = await stat(model);
  await chown(path, uid, gid);
}
