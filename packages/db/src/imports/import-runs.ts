/** Imports as the worker sees them: taken up, read, taken piece by piece, ended. Who takes one up shuts out whoever had it before. */
import type { ComingRow, FileForm, ForeignColumn, ImportAccount } from '@lazada-sof/orders';
import type pg from 'pg';
import { readSettings } from '../accounts/account-settings.ts';
import { isTimezone } from '../accounts/timezone.ts';
import { manyOrdersFinder } from '../orders/find-orders.ts';
import { storableJson } from '../sql/bulk.ts';
import { wordsToKeep } from '../sql/words.ts';
import type { ImportForm } from './import-view.ts';
import { ImportLost, LEASE, type TakenPiece, type TakingImport, type TakingPiece, takePiece } from './take-piece.ts';

export type BegunImport = TakingImport & {
  readonly bytes: number;
  /** When it was taken up first: by this time its rows are judged, however often it is gone on with. */
  readonly startedAt: Date;
  /** Up to this line it is done; what is left of that waits. */
  readonly afterLine: number;
  readonly isRead: boolean;
  readonly waiting: readonly ComingRow[];
  readonly isStopAsked: boolean;
};

/** What one reading of the whole file has shown. */
export type ImportFileFacts = {
  readonly rows: number;
  readonly hiddenRows: number;
  readonly foreignColumns: readonly ForeignColumn[];
  readonly form: ImportForm;
  readonly refusedForm: FileForm;
};

export interface ImportRuns {
  /** Null: nothing is to be done, or there is no such import (any more). */
  begin(importId: string): Promise<BegunImport | null>;
  /** The accounts of these names that there are. */
  accounts(names: readonly string[]): Promise<ReadonlyMap<string, ImportAccount>>;
  /** Keeps it for two more minutes; answers whether it is to be stopped. @throws ImportLost */
  keep(file: TakingImport): Promise<{ readonly isStopAsked: boolean }>;
  /** @throws ImportLost */
  describe(file: TakingImport, facts: ImportFileFacts): Promise<void>;
  /** One transaction. @throws ImportLost */
  take(file: TakingImport, piece: TakingPiece): Promise<TakenPiece>;
  /** Its bytes go, unless it was a dry run, which may be run for real. */
  finish(file: TakingImport): Promise<void>;
  fail(file: TakingImport, reason: string): Promise<void>;
  /** For the scheduler: those that nobody goes on with, for two minutes. */
  takeDue(): Promise<string[]>;
}

const BEGIN = `
  update public.import_file
     set status = 'running', runs = runs + 1, started_at = coalesce(started_at, clock_timestamp()), due_at = ${LEASE}
   where id = $1 and status in ('received', 'running')
  returning id::text as "importId", runs as run, file_name as "fileName", told_by as by, bytes::float8 as bytes,
            dry_run as "dryRun", started_at as "startedAt", after_line as "afterLine", is_read as "isRead", waiting,
            stop_asked_at is not null as "isStopAsked"`;

const MINE = "id = $1 and runs = $2 and status = 'running'";

const KEEP = `
  update public.import_file set due_at = ${LEASE} where ${MINE}
  returning stop_asked_at is not null as "isStopAsked"`;

const DESCRIBE = `
  update public.import_file
     set rows = $3, hidden_rows = $4, foreign_columns = $5, form = $6, refused_form = $7, due_at = ${LEASE}
   where ${MINE}`;

const END = `
  with ended as (
         update public.import_file
            set status = $3, error = $4, due_at = null, waiting = '[]', finished_at = clock_timestamp()
          where ${MINE} returning id)
  delete from public.import_chunk where import_id in (select id from ended) and $3 <> 'checked'`;

const TAKE_DUE = `
  update public.import_file set due_at = ${LEASE}
   where id in (select id from public.import_file
                 where due_at <= now() and status in ('received', 'running')
                 order by due_at limit 200 for no key update skip locked)
  returning id::text as id`;

type StoredRow = Omit<ComingRow, 'update'> & {
  readonly update: Omit<ComingRow['update'], 'occurredAt'> & { readonly occurredAt?: string };
};
type BegunRow = Omit<BegunImport, 'waiting'> & { readonly waiting: readonly StoredRow[] };

const rowOf = ({ update: { occurredAt, ...update }, ...row }: StoredRow): ComingRow => ({
  ...row,
  update: { ...update, ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt) }) },
});

export function openImportRuns(pool: pg.Pool): ImportRuns {
  const tools = { pool, findOrders: manyOrdersFinder(pool) };
  const end = (file: TakingImport, status: string, error: string | null) =>
    pool.query(END, [file.importId, file.run, status, wordsToKeep(error)]);
  return {
    async begin(importId) {
      const { rows } = await pool.query<BegunRow>(BEGIN, [importId]);
      return rows[0] ? { ...rows[0], waiting: rows[0].waiting.map(rowOf) } : null;
    },
    accounts: (names) => accountsNamed(pool, names),
    async keep({ importId, run }) {
      const { rows } = await pool.query<{ isStopAsked: boolean }>(KEEP, [importId, run]);
      if (!rows[0]) throw new ImportLost(`import ${importId} is not ours any more`);
      return rows[0];
    },
    async describe({ importId, run }, { rows, hiddenRows, foreignColumns, form, refusedForm }) {
      const described = [rows, hiddenRows, ...[foreignColumns, form, refusedForm].map(storableJson)];
      const { rowCount } = await pool.query(DESCRIBE, [importId, run, ...described]);
      if (rowCount === 0) throw new ImportLost(`import ${importId} is not ours any more`);
    },
    take: (file, piece) => takePiece(tools, file, piece),
    async finish(file) {
      await end(file, file.dryRun ? 'checked' : 'done', null);
    },
    async fail(file, reason) {
      await end(file, 'failed', reason);
    },
    async takeDue() {
      return (await pool.query<{ id: string }>(TAKE_DUE)).rows.map(({ id }) => id);
    },
  };
}

type AccountRow = { readonly name: string; readonly country: string | null; readonly timezone: string | null };

async function accountsNamed(pool: pg.Pool, names: readonly string[]): Promise<ReadonlyMap<string, ImportAccount>> {
  const { rows } = await pool.query<AccountRow>(
    'select name, country::text as country, timezone from account.lazada where name = any ($1::text[])',
    [names],
  );
  return new Map(rows.map((row) => [row.name, accountOf(row)]));
}

/** Nobody guesses a clock: neither where the account's own cannot be used, nor where its country is none that has one. */
function accountOf({ name, country, timezone }: AccountRow): ImportAccount {
  const settings = readSettings({ name, country, timezone, invoicePathTemplate: null });
  const zone = timezone?.trim() || null;
  const isUsable = zone === null ? settings.country !== null : isTimezone(zone);
  return { country: settings.country, timezone: isUsable ? settings.timezone : null };
}
