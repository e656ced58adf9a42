/**
 * Stores an import file as it comes in: piece by piece, its hash on the way, never the whole in memory. Whether the same
 * file came before, an index says at the end, so that of two that come at once in two processes one is the second.
 */
import { createHash } from 'node:crypto';
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import type pg from 'pg';
import { refusedBy } from '../sql/pool.ts';

export type NewImport = {
  readonly fileName: string;
  /** By which door it comes: `api`, `cli`, `import` for a watched folder. */
  readonly source: string;
  /** Who hands it in: a person, an API key. */
  readonly by?: string;
  readonly dryRun: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
};

const CHUNK = 1024 * 1024;
export const MOST_BYTES = 1024 * CHUNK;
/** The name of the index over files that have, or are about to have, their effect. */
const ONCE = 'import_file_once';

/** Answers the import's id. @throws FileRefused where the file is too large, and whatever `bytes` throws; then nothing is left */
export async function storeImport(pool: pg.Pool, { fileName, source, by, dryRun, bytes }: NewImport): Promise<string> {
  await sweep(pool);
  const { rows } = await pool.query<{ id: string }>(
    `insert into public.import_file (file_name, sha256, bytes, source, told_by, dry_run, status)
     values ($1, '', 0, $2, $3, $4, 'storing') returning id::text as id`,
    [fileName.replaceAll('\0', '').toWellFormed(), source, by ?? null, dryRun],
  );
  const importId = rows[0]?.id ?? '';
  try {
    return await receive(pool, importId, bytes);
  } catch (error) {
    await pool.query('delete from public.import_file where id = $1', [importId]).catch(() => undefined);
    throw error;
  }
}

async function receive(pool: pg.Pool, importId: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  let size = 0;
  let position = 0;
  for await (const chunk of inChunks(bytes)) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new FileRefused(FILE_REFUSALS.csvTooLarge());
    hash.update(chunk);
    await pool.query('insert into public.import_chunk (import_id, position, bytes) values ($1, $2, $3)', [
      importId,
      position++,
      chunk,
    ]);
  }
  const sha256 = hash.digest('hex');
  while (
    !(await isReceived(pool, importId, { sha256, size })) &&
    !(await isDuplicate(pool, importId, { sha256, size }))
  );
  return importId;
}

type Sum = { readonly sha256: string; readonly size: number };

/** Whoever stored it has half a minute to hand it on; then the scheduler does. */
async function isReceived(pool: pg.Pool, importId: string, { sha256, size }: Sum): Promise<boolean> {
  try {
    await pool.query(
      `update public.import_file set sha256 = $2, bytes = $3, status = 'received', due_at = clock_timestamp() + interval '30 s'
        where id = $1`,
      [importId, sha256, size],
    );
    return true;
  } catch (error) {
    if (refusedBy(error) === ONCE) return false;
    throw error;
  }
}

/** False where the first has failed meanwhile. */
async function isDuplicate(pool: pg.Pool, importId: string, { sha256, size }: Sum): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with first as (select id from public.import_file
                     where sha256 = $2 and status in ('received', 'running', 'done') and not dry_run),
          dropped as (delete from public.import_chunk where import_id = $1 and exists (select from first))
     update public.import_file f set sha256 = $2, bytes = $3, status = 'duplicate', duplicate_of = first.id,
                                     finished_at = clock_timestamp()
       from first where f.id = $1`,
    [importId, sha256, size],
  );
  return rowCount === 1;
}

/** What a process that ended left half stored. */
const sweep = (pool: pg.Pool) =>
  pool.query(
    "delete from public.import_file where status = 'storing' and created_at < clock_timestamp() - interval '1 day'",
  );

/** Pieces of 1 MiB, the last one shorter, however they come. */
async function* inChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(CHUNK);
  let length = 0;
  for await (const piece of bytes)
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + CHUNK - length);
      held.set(part, length);
      length += part.length;
      from += part.length;
      if (length < CHUNK) continue;
      yield held;
      // The driver may still hold the one before.
      held = Buffer.alloc(CHUNK);
      length = 0;
    }
  if (length > 0) yield held.subarray(0, length);
}
