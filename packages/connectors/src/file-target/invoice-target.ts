import { createHash } from 'node:crypto';
import { FileExistsError, type FileStore, type FileStoreOptions, openFileStore } from '@lazada-sof/clients';
import { Failure, type InvoiceTarget, type StoredFile } from '@lazada-sof/orders';
import { targetFailure } from './target-failures.ts';

/** So many other names are tried; more conflicts than that are no accident. */
const MOST_ALTERNATIVES = 20;

/**
 * The file target behind `url`. An upload that runs twice, or whose confirmation was lost, finds its own file and is done.
 * @throws BadTargetUrlError
 */
export function invoiceTarget(url: string | URL, options: FileStoreOptions = {}): InvoiceTarget {
  const store = openFileStore(url, options);
  return {
    async put(file, alternatives, signal) {
      for (let n = 0; n <= MOST_ALTERNATIVES; n += 1) {
        const path = n === 0 ? file.path : alternatives(n);
        if (await liesThere(store, path, file, signal)) return { path };
      }
      throw new Failure('rejected', `${file.path}: other files have its name and the ${MOST_ALTERNATIVES} after it`, {
        code: 'name_taken',
      });
    },
    close: () => store.close(),
  };
}

/** True: the file lies at `path` now, or lay there before. False: another one does. */
async function liesThere(store: FileStore, path: string, file: StoredFile, signal?: AbortSignal): Promise<boolean> {
  try {
    await store.put(path, file.bytes, signal);
    return true;
  } catch (error) {
    if (error instanceof FileExistsError) return isSame(store, error, file, signal);
    throw targetFailure(path, error, signal);
  }
}

async function isSame(
  store: FileStore,
  { path, size }: FileExistsError,
  file: StoredFile,
  signal?: AbortSignal,
): Promise<boolean> {
  if (size !== file.bytes.length) return false;
  try {
    const found = await store.read(path, signal);
    return createHash('sha256').update(found).digest('hex') === file.sha256;
  } catch (error) {
    throw targetFailure(path, error, signal);
  }
}
