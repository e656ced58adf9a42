/** A folder in which others drop import files, wherever it is: what lies there, its bytes, and where it goes afterwards. */
import { createHash } from 'node:crypto';
import {
  FileExistsError,
  FileNotFoundError,
  type FileStore,
  type FileStoreOptions,
  openFileStore,
} from '@lazada-sof/clients';
import { type DroppedFile, Failure } from '@lazada-sof/orders';
import { targetFailure } from '../file-target/target-failures.ts';

export type DroppedFacts = { readonly size: number; readonly modifiedAt: Date | null };

/** What it throws is a `Failure`; `not-ready` where the folder as a whole cannot be reached. */
export type ImportFolder = {
  /** For messages: no user, no password. */
  readonly label: string;
  /** Protocol, host and path: the same for every process that watches it. */
  readonly folder: string;
  files(signal?: AbortSignal): Promise<DroppedFile[]>;
  /** Null: it is not there any more. */
  factsOf(name: string, signal?: AbortSignal): Promise<DroppedFacts | null>;
  /** What `take` throws comes out as it is. */
  read<T>(name: string, take: (bytes: AsyncIterable<Uint8Array>) => Promise<T>, signal?: AbortSignal): Promise<T>;
  namesIn(folder: string, signal?: AbortSignal): Promise<Set<string>>;
  /** Done also where one of that name lies there: its name was free, so an earlier try of this put it there. */
  putResult(path: string, text: string, signal?: AbortSignal): Promise<void>;
  /** `gone`: it is not where it was. `taken`: another file lies there under the new name. */
  move(name: string, goal: string, signal?: AbortSignal): Promise<'moved' | 'gone' | 'taken'>;
  close(): Promise<void>;
};

/** @throws BadTargetUrlError */
export function importFolder(url: string | URL, options: FileStoreOptions = {}): ImportFolder {
  const store = openFileStore(url, { ...options, names: 'any' });
  const failing = async <T>(name: string, signal: AbortSignal | undefined, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw targetFailure(name, error, signal, 'import folder:');
    }
  };
  return {
    label: store.label,
    folder: folderIn(new URL(url)),
    files: async (signal) => {
      const listed = await failing(store.label, signal, store.list('', signal));
      return listed.filter(({ kind }) => kind === 'file').map(({ name, size }) => ({ name, size }));
    },
    factsOf: (name, signal) => failing(name, signal, factsOf(store, name, signal)),
    read: (name, take, signal) => read(store, name, { take, signal }),
    namesIn: async (folder, signal) =>
      new Set((await failing(folder, signal, store.list(folder, signal))).map(({ name }) => name)),
    putResult: (path, text, signal) => failing(path, signal, putOnce(store, path, { text, signal })),
    move: (name, goal, signal) => failing(name, signal, moveOnce(store, { name, goal, signal })),
    close: store.close,
  };
}

const folderIn = ({ protocol, host, pathname }: URL): string => `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;

async function factsOf(store: FileStore, name: string, signal?: AbortSignal): Promise<DroppedFacts | null> {
  const size = await store.stat(name, signal);
  return size === null ? null : { size, modifiedAt: await store.modifiedAt(name, signal) };
}

type Reading<T> = {
  readonly take: (bytes: AsyncIterable<Uint8Array>) => Promise<T>;
  readonly signal: AbortSignal | undefined;
};

/** An error of whoever takes the bytes is none of the folder's. */
async function read<T>(store: FileStore, name: string, { take, signal }: Reading<T>): Promise<T> {
  let failed: { readonly error: unknown } | undefined;
  const telling = async (bytes: AsyncIterable<Uint8Array>): Promise<T> => {
    const broken: { error?: unknown } = {};
    try {
      return await take(noting(bytes, broken));
    } catch (error) {
      if (!('error' in broken)) failed = { error };
      throw error;
    }
  };
  try {
    return await store.stream(name, telling, signal);
  } catch (error) {
    if (failed) throw failed.error;
    throw targetFailure(name, error, signal, 'import folder:');
  }
}

/** Notes that it is the bytes that broke. */
async function* noting(bytes: AsyncIterable<Uint8Array>, broken: { error?: unknown }): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    broken.error = error;
    throw error;
  }
}

async function putOnce(
  store: FileStore,
  path: string,
  { text, signal }: { readonly text: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  await store.put(path, Buffer.from(text), signal).catch((error: unknown) => {
    if (!(error instanceof FileExistsError)) throw error;
  });
}

type Move = { readonly name: string; readonly goal: string; readonly signal: AbortSignal | undefined };

async function moveOnce(store: FileStore, { name, goal, signal }: Move): Promise<'moved' | 'gone' | 'taken'> {
  try {
    await store.move(name, goal, signal);
    return 'moved';
  } catch (error) {
    if (error instanceof FileNotFoundError) return 'gone';
    if (!(error instanceof FileExistsError)) throw error;
  }
  // A move that was killed in the middle may have left the file under both names.
  if (!(await isSame(store, { name, goal, signal }))) return 'taken';
  await store.remove(name, signal);
  return 'moved';
}

async function isSame(store: FileStore, { name, goal, signal }: Move): Promise<boolean> {
  const hashOf = (path: string) =>
    store.stream(
      path,
      async (bytes) => {
        const hash = createHash('sha256');
        for await (const piece of bytes) hash.update(piece);
        return hash.digest('hex');
      },
      signal,
    );
  const size = await store.stat(name, signal);
  return size !== null && size === (await store.stat(goal, signal)) && (await hashOf(name)) === (await hashOf(goal));
}

/** Why nobody can do anything there just now; null: it is something else. */
export const whyFolderAway = (error: unknown): Failure | null =>
  error instanceof Failure && error.kind === 'not-ready' ? error : null;
