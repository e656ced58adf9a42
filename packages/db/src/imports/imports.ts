/** Import files as the doors see them: stored here, taken by a worker, told of by their id. */
import type pg from 'pg';
import { refusedBy } from '../sql/pool.ts';
import { chunksOf, errorsOf, type ImportError, refusedOf } from './import-results.ts';
import { type ImportRow, type ImportView, SELECT_IMPORT, toImportView } from './import-view.ts';
import { type NewImport, storeImport } from './store-import.ts';

export type RunAnswer =
  /** Enqueue `import-file`. `duplicate` in its status: the same file has had its effect meanwhile, nothing is to be done. */
  | { readonly is: 'asked'; readonly file: ImportView }
  /** It is no dry run, or one that is not over. */
  | { readonly is: 'not_checked'; readonly file: ImportView }
  /** Its bytes are not there any more. */
  | { readonly is: 'removed'; readonly file: ImportView }
  | { readonly is: 'gone' };

export interface Imports {
  /**
   * The file is only stored: enqueue `import-file` unless it is a `duplicate`. Up to 1 GiB, never the whole in memory.
   * @throws FileRefused where it is larger, and what `bytes` throws; then nothing is left of it
   */
  store(file: NewImport): Promise<ImportView>;
  /** Null: there is no such import (any more). */
  find(importId: string): Promise<ImportView | null>;
  /** Newest first. `before`: only those that are older than this one. */
  list(page: { readonly limit: number; readonly before?: string }): Promise<ImportView[]>;
  /** The bytes as they came; none of a duplicate, and of one that is done. */
  chunks(importId: string): AsyncIterable<Uint8Array>;
  /** What was taken stays. One that runs ends, as `failed`, before its next piece; null: there is no such import. */
  stop(importId: string): Promise<ImportView | null>;
  /** It is gone at once, with its mistakes; one that runs stops, what was taken stays. False: there is no such import. */
  forget(importId: string): Promise<boolean>;
  /** A dry run that is over becomes the real one. */
  runForReal(importId: string): Promise<RunAnswer>;
  /** For `errors.csv`, by line; of a duplicate those of the first. */
  errors(importId: string): AsyncIterable<readonly ImportError[]>;
  /** The cells of refused rows, for `refused.csv`, which begins with the view's `refusedForm`; of a duplicate those of the first. */
  refused(importId: string): AsyncIterable<readonly (readonly string[])[]>;
}

/** An id as the doors hand it in: whatever is no number is no import's. */
const ID = /^[1-9]\d{0,17}$/;

const STOP = `
  update public.import_file
     set stop_asked_at = clock_timestamp(), due_at = clock_timestamp()
   where id = $1 and status in ('received', 'running')`;

/** Its mistakes are found again. */
const FORGOTTEN = `
  with forgotten as (
         delete from public.import_error e using public.import_file f
          where e.import_id = $1 and f.id = e.import_id and f.dry_run and f.status = 'checked' and f.removed_at is null)`;

const RUN = `${FORGOTTEN}
  update public.import_file
     set dry_run = false, status = 'received', rows = 0, accepted = 0, refused = 0, after_line = 0, is_read = false,
         waiting = '[]', error = null, started_at = null, finished_at = null, stop_asked_at = null,
         due_at = clock_timestamp() + interval '30 s'
   where id = $1 and dry_run and status = 'checked' and removed_at is null`;

const REPEATS = `${FORGOTTEN}
  update public.import_file f
     set dry_run = false, status = 'duplicate', duplicate_of = first.id
    from public.import_file first
   where f.id = $1 and f.dry_run and f.status = 'checked' and f.removed_at is null and first.sha256 = f.sha256 and not first.dry_run
     and first.status in ('received', 'running', 'done')`;

export function openImports(pool: pg.Pool): Imports {
  const find: Imports['find'] = async (importId) => {
    if (!ID.test(importId)) return null;
    const { rows } = await pool.query<ImportRow>(`${SELECT_IMPORT} and f.id = $1`, [importId]);
    return rows[0] ? toImportView(rows[0]) : null;
  };
  return {
    find,
    async store(file) {
      const importId = await storeImport(pool, file);
      const stored = await find(importId);
      if (!stored) throw new Error(`import ${importId} was forgotten while it was stored`);
      return stored;
    },
    async list({ limit, before }) {
      const { rows } = await pool.query<ImportRow>(
        `${SELECT_IMPORT} and ($2::bigint is null or f.id < $2) order by f.id desc limit $1`,
        [limit, before !== undefined && ID.test(before) ? before : null],
      );
      return rows.map(toImportView);
    },
    chunks: (importId) => chunksOf(pool, importId),
    async stop(importId) {
      if (!ID.test(importId)) return null;
      await pool.query(STOP, [importId]);
      return find(importId);
    },
    async forget(importId) {
      if (!ID.test(importId)) return false;
      const { rowCount } = await pool.query("delete from public.import_file where id = $1 and status <> 'storing'", [
        importId,
      ]);
      return rowCount === 1;
    },
    async runForReal(importId) {
      if (!ID.test(importId)) return { is: 'gone' };
      const isAsked = (await isChanged(pool, RUN, importId)) || (await isChanged(pool, REPEATS, importId));
      const file = await find(importId);
      if (!file) return { is: 'gone' };
      if (isAsked) return { is: 'asked', file };
      return { is: file.removedAt && file.status === 'checked' ? 'removed' : 'not_checked', file };
    },
    errors: (importId) => errorsOf(pool, importId),
    refused: (importId) => refusedOf(pool, importId),
  };
}

async function isChanged(pool: pg.Pool, text: string, importId: string): Promise<boolean> {
  try {
    return (await pool.query(text, [importId])).rowCount === 1;
  } catch (error) {
    if (refusedBy(error) === 'import_file_once') return false;
    throw error;
  }
}
