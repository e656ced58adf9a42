/** What an import left behind, in pieces: a file of a million refused rows is never in memory as a whole. */
import type pg from 'pg';

/** One line of `errors.csv`. */
export type ImportError = {
  readonly line: number;
  readonly field: string;
  readonly value: string;
  readonly reason: string;
};

const AT_ONCE = 1_000;

/** Of an import that repeats another, that one's. */
const OF_IMPORT = '(select coalesce(duplicate_of, id) from public.import_file where id = $1)';

const ERRORS = `
  select line, id::text as id, field, value, reason from public.import_error
   where import_id = ${OF_IMPORT} and (line, id) > ($2, $3) order by line, id limit ${AT_ONCE}`;

const REFUSED = `
  select line, id::text as id, cells from public.import_error
   where import_id = ${OF_IMPORT} and cells is not null and (line, id) > ($2, $3) order by line, id limit ${AT_ONCE}`;

type Placed = { readonly line: number; readonly id: string };

async function* pages<Row extends Placed>(pool: pg.Pool, text: string, importId: string): AsyncGenerator<Row[]> {
  let after: Placed = { line: 0, id: '0' };
  for (;;) {
    const { rows } = await pool.query<Row>(text, [importId, after.line, after.id]);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    after = last;
  }
}

/** By line, a thousand at a time. */
export async function* errorsOf(pool: pg.Pool, importId: string): AsyncGenerator<readonly ImportError[]> {
  for await (const rows of pages<ImportError & Placed>(pool, ERRORS, importId))
    yield rows.map(({ line, field, value, reason }) => ({ line, field, value, reason }));
}

/** The cells of refused rows as they came, by line. */
export async function* refusedOf(pool: pg.Pool, importId: string): AsyncGenerator<readonly (readonly string[])[]> {
  for await (const rows of pages<Placed & { cells: readonly string[] }>(pool, REFUSED, importId))
    yield rows.map(({ cells }) => cells);
}

/** The bytes as they came, a piece at a time. */
export async function* chunksOf(pool: pg.Pool, importId: string): AsyncGenerator<Buffer> {
  for (let position = 0; ; position++) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      'select bytes from public.import_chunk where import_id = $1 and position = $2',
      [importId, position],
    );
    if (!rows[0]) return;
    yield rows[0].bytes;
  }
}
