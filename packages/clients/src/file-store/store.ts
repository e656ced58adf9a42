import type { Connections } from './connections.ts';
import {
  DiskFullError,
  FileExistsError,
  FileNotFoundError,
  PermissionDeniedError,
  SizeMismatchError,
} from './errors.ts';
import type { FileContent, FileStore } from './file-store.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { checkForeignPath, checkPath, folderOf, joined, type PartNames, partOf } from './path.ts';
import type { Session } from './session.ts';
import { untilSilent } from './until-silent.ts';

const HOUR = 3_600_000;

export type StoreOptions = {
  readonly label: string;
  /** The base folder, as the target's sessions understand it. */
  readonly base: string;
  readonly connections: Connections;
  /** Files larger than this are not read into memory. */
  readonly maxReadBytes: number;
  readonly partNames: PartNames;
  /** `any`: others fill the folder, so a name may have every letter that a server can be told. */
  readonly names: 'plain' | 'any';
  /** A file that is streamed may be silent for so long. */
  readonly silenceMs: number;
};

/** The file store that every protocol shares: paths checked, base folder before them, files put whole. */
export function fileStore(options: StoreOptions): FileStore {
  const { label, base, connections, maxReadBytes, partNames, silenceMs } = options;
  const check = options.names === 'any' ? checkForeignPath : checkPath;
  const { use } = connections;
  const folders = folderKeeper(partNames);
  // Two uploads of one name would write into one `.part`.
  const alone = oneAtATime();

  function at(path: string): string {
    check(path);
    return joined(base, path);
  }

  /**
   * The size of what lies there already, else null. Whether something does is not asked before the upload but at the
   * rename: nearest to the moment at which it matters, and one question less for every file.
   */
  async function put(session: Session, path: string, bytes: Buffer): Promise<number | null> {
    await folders.prepare(session, folderOf(path));
    const part = partOf(path, partNames);
    await write(session, part, bytes);
    await checkSize(session, part, bytes.length);
    if (await session.rename(part, path)) return null;
    await session.remove(part);
    return (await session.size(path)) ?? 0;
  }

  async function write(session: Session, part: string, bytes: Buffer): Promise<void> {
    try {
      await session.write(part, bytes);
    } catch (error) {
      // Perhaps somebody removed it; servers have no word of their own for that, some just hang up.
      folders.forget(folderOf(part));
      // What was taken of it would be missing to the others.
      if (error instanceof DiskFullError) await session.remove(part).catch(() => undefined);
      throw error;
    }
  }

  async function checkSize(session: Session, part: string, expected: number): Promise<void> {
    const size = await session.size(part);
    if (size !== expected) {
      throw new SizeMismatchError(
        `${label}: ${part} has ${size ?? 'no'} bytes there, ${expected} were sent`,
        'size_mismatch',
      );
    }
  }

  async function move(session: Session, from: string, to: string): Promise<number | null> {
    const size = await session.size(from);
    if (size === null) throw new FileNotFoundError(`${label}: there is no ${from}`, 'file_not_found');
    await folders.prepare(session, folderOf(to));
    return (await session.rename(from, to)) ? null : ((await session.size(to)) ?? 0);
  }

  return {
    label,
    async put(path, content, signal) {
      const full = at(path);
      const putNow = async (session: Session) => put(session, full, asBuffer(await bytesOf(content)));
      const size = await alone(full, () => use(putNow, signal));
      if (size !== null) throw new FileExistsError(label, path, size);
    },
    async move(from, to, signal) {
      const [source, goal] = [at(from), at(to)];
      const size = await use((session) => move(session, source, goal), signal);
      if (size !== null) throw new FileExistsError(label, to, size);
    },
    list: async (folder, signal) => {
      const full = folder === '' ? base : at(folder);
      return use((session) => session.list(full), signal);
    },
    read: async (path, signal) => {
      const full = at(path);
      return use((session) => session.read(full, maxReadBytes), signal);
    },
    stream: async (path, take, signal) => {
      const full = at(path);
      const work = async (session: Session) => {
        const bytes = untilSilent(session.stream(full), { silenceMs, label, signal });
        const result = await take(bytes.read());
        if (!bytes.isWhole()) session.drop();
        return result;
      };
      return use(work, signal, { isLong: true });
    },
    modifiedAt: async (path, signal) => {
      const full = at(path);
      return use((session) => session.modifiedAt(full), signal);
    },
    remove: async (path, signal) => {
      const full = at(path);
      return use((session) => session.remove(full), signal);
    },
    stat: async (path, signal) => {
      const full = at(path);
      return use((session) => session.size(full), signal);
    },
    close: connections.close,
  };
}

const bytesOf = (content: FileContent): Promise<Uint8Array> | Uint8Array =>
  typeof content === 'function' ? content() : content;

/** The same memory: a copy costs as much as a question to the server. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Makes a folder, and clears what killed uploads have left in it, once an hour and not before every file. */
function folderKeeper(partNames: PartNames) {
  const readyUntil = new Map<string, number>();
  return {
    async prepare(session: Session, folder: string): Promise<void> {
      if (Date.now() < (readyUntil.get(folder) ?? 0)) return;
      if (folder !== '') await session.makeFolder(folder);
      await sweepParts(session, folder, { partNames, before: Date.now() - HOUR });
      readyUntil.set(folder, Date.now() + HOUR);
    },
    forget: (folder: string): boolean => readyUntil.delete(folder),
  };
}

type Swept = { readonly partNames: PartNames; readonly before: number };

async function sweepParts(session: Session, folder: string, { partNames, before }: Swept): Promise<void> {
  try {
    for (const { name } of (await session.list(folder)).filter((entry) => partNames.isOurs(entry.name))) {
      const path = joined(folder, name);
      const modified = await session.modifiedAt(path);
      if (modified && modified.getTime() < before) await session.remove(path);
    }
  } catch (error) {
    // A drop box may take files without showing or giving any: what is left there is its owner's to clear.
    if (!(error instanceof PermissionDeniedError)) throw error;
  }
}
