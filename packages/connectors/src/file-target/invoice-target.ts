import { createHash } from 'node:crypto';
import { FileExistsError, type FileStore, type FileStoreOptions, openFileStore } from '@lazada-sof/clients';
import { asFailure, Failure, type InvoiceTarget, type StoredFile } from '@lazada-sof/orders';
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

/** What is left of a file once its bytes are let go. */
type Print = { readonly size: number; readonly sha256: string };

/** True: the file lies at `path` now, or lay there before. False: another one does. */
async function liesThere(store: FileStore, path: string, file: StoredFile, signal?: AbortSignal): Promise<boolean> {
  let print: Print | undefined;
  const content = async (): Promise<Buffer> => {
    const { bytes, sha256 } = await readOf(file);
    print = { size: bytes.length, sha256 };
    return bytes;
  };
  try {
    await store.put(path, content, signal);
    return true;
  } catch (error) {
    if (error instanceof FileExistsError && print) return isSame(store, error, print, signal);
    throw targetFailure(path, error, signal);
  }
}

/** Where it cannot be read, the target is not at fault. */
async function readOf(file: StoredFile): ReturnType<StoredFile['read']> {
  try {
    return await file.read();
  } catch (error) {
    throw asFailure(error);
  }
}

async function isSame(
  store: FileStore,
  { path, size }: FileExistsError,
  print: Print,
  signal?: AbortSignal,
): Promise<boolean> {
  if (size !== print.size) return false;
  try {
    const found = await store.read(path, signal);
    return createHash('sha256').update(found).digest('hex') === print.sha256;
  } catch (error) {
    throw targetFailure(path, error, signal);
  }
}
