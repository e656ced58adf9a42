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
  type ImportColumn,
  type ImportRow,
  type JudgedBy,
  judgeRow,
  type Mistake,
  type RawRow,
  type RefusedRow,
  writtenIn,
} from '@lazada-sof/orders';
import { AccountBook, type FindAccounts } from './account-book.ts';
import { NotUtf8 } from './csv-rows.ts';
import { findHeader } from './find-header.ts';
import type { ImportSource } from './import-source.ts';
import { legacyEncoding } from './legacy-encoding.ts';
import { openTable } from './open-table.ts';
import { rowsBelow, type Survey, survey } from './survey.ts';
import type { Table, TableForm } from './table.ts';

export type ImportPiece = {
  readonly accepted: readonly ImportRow[];
  readonly refused: readonly RefusedRow[];
  /** The cells of an accepted row as they came. */
  cellsOf(row: ImportRow): string[];
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
      /** All rows, or those behind a line, in pieces of up to 5,000, fewer where they are long. */
      pieces(afterLine?: number): AsyncGenerator<ImportPiece>;
    }
  | { readonly ok: false; readonly reason: string };

export type ImportWorld = { readonly accounts: FindAccounts; readonly now: Date };

const ROWS_OF_A_PIECE = 5_000;
/** A row of text may have 100,000 characters, and whoever takes a piece holds two of them. */
const CHARACTERS_OF_A_PIECE = 8_000_000;

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
  const { table, header, book, seen, now } = reading;
  const { datesAreTurned } = seen;
  let piece = new Piece(reading);
  for await (const batch of table.rows()) {
    const rows = rowsBelow(batch, header, afterLine);
    const accounts = await book.of(rows, header);
    const by: JudgedBy = { header, accounts, now, datesAreTurned, isText: table.form.kind === 'csv' };
    for (const raw of rows) {
      piece.judge(raw, by);
      if (!piece.isFull) continue;
      yield piece;
      piece = new Piece(reading);
    }
  }
  if (piece.lastLine > 0) yield piece;
}

/** Rows are judged as they are read, so that no more than one slice of them waits. */
class Piece implements ImportPiece {
  readonly accepted: ImportRow[] = [];
  readonly refused: RefusedRow[] = [];
  lastLine = 0;
  readonly #came = new Map<number, RawRow>();
  readonly #seen: Survey;
  /** Of all cells, an empty one counted as one. */
  #characters = 0;

  constructor({ seen }: Reading) {
    this.#seen = seen;
  }

  get isFull(): boolean {
    return this.#characters >= CHARACTERS_OF_A_PIECE || this.accepted.length + this.refused.length >= ROWS_OF_A_PIECE;
  }

  judge(raw: RawRow, by: JudgedBy): void {
    this.lastLine = raw.line;
    this.#characters += charactersOf(raw);
    const judged = judgeRow(raw, by);
    const written = (column: ImportColumn) => writtenIn(raw, by.header, column);
    const contradiction = judged.ok ? this.#seen.claims.mistakeOf(judged.row, written) : undefined;
    if (!judged.ok) this.#refuse(raw, judged.mistakes);
    else if (contradiction) this.#refuse(raw, [contradiction]);
    else {
      this.accepted.push(judged.row);
      this.#came.set(raw.line, raw);
    }
  }

  cellsOf({ line }: ImportRow): string[] {
    return cellsAsTheyCame(this.#came.get(line)?.cells ?? [], this.#seen.datesAreTurned);
  }

  #refuse({ line, cells }: RawRow, mistakes: readonly Mistake[]): void {
    const isWhole = mistakes.every(({ field }) => field !== 'row');
    const came = isWhole ? cellsAsTheyCame(cells, this.#seen.datesAreTurned) : null;
    this.refused.push({ line, mistakes, cells: came });
  }
}

const charactersOf = ({ cells }: RawRow): number =>
  cells.reduce<number>((sum, cell) => sum + 1 + (typeof cell === 'string' ? cell : cell.text).length, 0);
