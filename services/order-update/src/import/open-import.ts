/**
 * An import file, from its bytes to rows that are right or refused by themselves. What it is, its first bytes say; it is
 * read twice, first to see whether it can be read at all and what its rows say of one another, then piece by piece. Neither
 * holds more than a piece in memory, nor the process for longer than a slice of the file takes.
 */
import {
  cellsAsTheyCame,
  type FileForm,
  FileRefused,
  type ForeignColumn,
  type Header,
  type ImportRow,
  judgeRow,
  type Mistake,
  type RawRow,
} from '@lazada-sof/orders';
import { AccountBook, type FindAccounts } from './account-book.ts';
import { NotUtf8 } from './csv-rows.ts';
import { findHeader } from './find-header.ts';
import type { ImportSource } from './import-source.ts';
import { legacyEncoding } from './legacy-encoding.ts';
import { openTable } from './open-table.ts';
import { rowsBelow, type Survey, survey } from './survey.ts';
import type { Table, TableForm } from './table.ts';

export type RefusedRow = {
  readonly line: number;
  readonly mistakes: readonly Mistake[];
  /** As they came, for `refused.csv`; null: it could not be split into the file's columns. */
  readonly cells: readonly string[] | null;
};

export type ImportPiece = {
  readonly accepted: readonly ImportRow[];
  readonly refused: readonly RefusedRow[];
  /** An import that stopped behind this piece goes on after this line. */
  readonly lastLine: number;
};

/** What a dry run tells of the file. */
export type ImportFacts = {
  readonly form: TableForm;
  readonly rows: number;
  /** In the sheet, by a filter or by hand; they are read like the others. */
  readonly hiddenRows: number;
  readonly foreignColumns: readonly ForeignColumn[];
};

export type OpenedImport =
  | {
      readonly ok: true;
      readonly facts: ImportFacts;
      /** How `refused.csv` is written. */
      readonly refusedForm: FileForm;
      /** All rows, or those behind a line, in pieces of up to 5,000. */
      pieces(afterLine?: number): AsyncGenerator<ImportPiece>;
    }
  | { readonly ok: false; readonly reason: string };

export type ImportWorld = { readonly accounts: FindAccounts; readonly now: Date };

const ROWS_OF_A_PIECE = 5_000;

/** Throws what the source throws, and nothing for whatever stands in the file. */
export async function openImport(source: ImportSource, world: ImportWorld): Promise<OpenedImport> {
  try {
    return await openAs(source, world);
  } catch (error) {
    if (error instanceof FileRefused) return { ok: false, reason: error.message };
    throw error;
  }
}

async function openAs(source: ImportSource, world: ImportWorld): Promise<OpenedImport> {
  try {
    return await opened(await openTable(source), world);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return opened(await openTable(source, await legacyEncoding(source, world.accounts)), world);
  }
}

async function opened(table: Table, { accounts, now }: ImportWorld): Promise<OpenedImport> {
  const header = await findHeader(table);
  const book = new AccountBook(accounts);
  const seen = await survey(table, header, book, now);
  const { rows, hiddenRows, foreignColumns } = seen;
  const { form } = table;
  return {
    ok: true,
    facts: { form, rows, hiddenRows, foreignColumns },
    refusedForm: {
      separator: form.kind === 'csv' ? form.separator : ',',
      hasSeparatorLine: form.kind === 'csv' && form.hasSeparatorLine,
      header: header.cells,
    },
    pieces: (afterLine) => pieces({ table, header, book, seen, now }, afterLine),
  };
}

type Reading = {
  readonly table: Table;
  readonly header: Header;
  readonly book: AccountBook;
  readonly seen: Survey;
  readonly now: Date;
};

async function* pieces(reading: Reading, afterLine?: number): AsyncGenerator<ImportPiece> {
  const { table, header } = reading;
  let waiting: RawRow[] = [];
  for await (const batch of table.rows()) {
    waiting.push(...rowsBelow(batch, header, afterLine));
    while (waiting.length >= ROWS_OF_A_PIECE) {
      yield await pieceOf(waiting.slice(0, ROWS_OF_A_PIECE), reading);
      waiting = waiting.slice(ROWS_OF_A_PIECE);
    }
  }
  if (waiting.length > 0) yield await pieceOf(waiting, reading);
}

async function pieceOf(rows: readonly RawRow[], { table, header, book, seen, now }: Reading): Promise<ImportPiece> {
  const { claims, datesAreTurned } = seen;
  const accounts = await book.of(rows, header);
  const by = { header, accounts, now, datesAreTurned, isText: table.form.kind === 'csv' };
  const accepted: ImportRow[] = [];
  const refused: RefusedRow[] = [];
  for (const raw of rows) {
    const judged = judgeRow(raw, by);
    const contradiction = judged.ok ? claims.mistakeOf(judged.row) : undefined;
    if (judged.ok && !contradiction) accepted.push(judged.row);
    else refused.push(refusedRow(raw, judged.ok ? [contradiction].filter(isThere) : judged.mistakes, datesAreTurned));
  }
  return { accepted, refused, lastLine: rows.at(-1)?.line ?? 0 };
}

const isThere = (mistake: Mistake | undefined): mistake is Mistake => mistake !== undefined;

function refusedRow({ line, cells }: RawRow, mistakes: readonly Mistake[], datesAreTurned: boolean): RefusedRow {
  const isWhole = mistakes.every(({ field }) => field !== 'row');
  return { line, mistakes, cells: isWhole ? cellsAsTheyCame(cells, datesAreTurned) : null };
}
