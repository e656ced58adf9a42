/** Tries a file target as an invoice would be put there, for whoever looks whether all is well. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { BadTargetUrlError, type FileStore, FileStoreError, openFileStore } from '@lazada-sof/clients';

/** What was tried, in this order; each only where the one before it went well, but the last after every `put`. */
export type TargetStep = 'put' | 'read' | 'remove';

export type TargetTrial = {
  /** Protocol, host and port, or the folder. */
  readonly label: string;
  readonly fileName: string;
  /** In words, by step; none: all went well. */
  readonly failures: Readonly<Partial<Record<TargetStep, string>>>;
};

/** What is wrong with an address that has the right form; nothing is connected to. */
export function targetMistakes(url: string): readonly string[] {
  try {
    openFileStore(url);
    return [];
  } catch (error) {
    if (error instanceof BadTargetUrlError) return error.mistakes;
    throw error;
  }
}

const CLEAN_UP_MS = 5_000;
const FINISH_PUT_MS = 3_000;
const LIMITS = { connections: 1, connectMs: 10_000, operationMs: 20_000, coolDownMs: 0 };

/**
 * Writes a small file, reads it back and removes it. Its name is no invoice's, and one that everybody who collects files leaves
 * alone; a store takes no name with a dot in front. Where the signal comes in the middle the file is removed all the same.
 */
export async function tryTarget(url: string, signal?: AbortSignal): Promise<TargetTrial> {
  const store = openFileStore(url, LIMITS);
  const fileName = `sof-doctor-${randomBytes(6).toString('hex')}.tmp`;
  const noFolder = missingFolder(url);
  try {
    const failures = noFolder ? { put: noFolder } : await tryFile(store, fileName, signal);
    return { label: store.label, fileName, failures };
  } finally {
    await store.close();
  }
}

/**
 * On a server a folder that is missing is made at the first upload. On this machine one that is missing is a disk or volume that
 * was not mounted: a store would make the folder, and everything put there would be gone with the container.
 */
function missingFolder(url: string): string | undefined {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:') return undefined;
  const folder = decodeURIComponent(pathname);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return `there is no folder ${folder} on this machine: make it, or mount the volume there`;
}

async function tryFile(store: FileStore, name: string, signal: AbortSignal | undefined) {
  const content = Buffer.from('lazada-sof looks whether files can be put here; remove this one\n');
  if (signal?.aborted) return { put: 'nobody waits for it any more' };
  const put = await failureOf(store.put(name, content, signal && aWhileAfter(signal)));
  if (put !== undefined) {
    // It may lie there all the same: an answer can be lost on its way. Whoever is not there is not waited for again.
    await store.remove(name, AbortSignal.timeout(CLEAN_UP_MS)).catch(() => undefined);
    return { put };
  }
  const read = await failureOf(readBack(store, name, content, signal));
  // Also where somebody has given up waiting: nothing is to be left there.
  const remove = await failureOf(store.remove(name));
  return { ...(read !== undefined && { read }), ...(remove !== undefined && { remove }) };
}

/** A file is put in several steps, and half of one would be left there: they mostly end sooner than this signal comes. */
function aWhileAfter(signal: AbortSignal): AbortSignal {
  const later = new AbortController();
  const begin = () => setTimeout(() => later.abort(signal.reason), FINISH_PUT_MS).unref();
  signal.addEventListener('abort', begin, { once: true });
  return later.signal;
}

async function readBack(store: FileStore, name: string, content: Buffer, signal: AbortSignal | undefined) {
  if (!content.equals(await store.read(name, signal)))
    throw new FileStoreError(`${store.label}: ${name} has other content than was put there`, 'other_content');
}

const failureOf = (work: Promise<void>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
