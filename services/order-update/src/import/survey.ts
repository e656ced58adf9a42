/** The first reading of a file, from end to end: whether it can be read at all, and what no row says by itself. */
import {
  Claims,
  FILE_REFUSALS,
  FileRefused,
  type ForeignColumn,
  type Header,
  isBlank,
  isBlankRow,
  isDayOrMonthFirst,
  type JudgedBy,
  judgeRow,
  type RawRow,
} from '@lazada-sof/orders';
import type { AccountBook } from './account-book.ts';
import { MOST_CSV_ROWS } from './csv-rows.ts';
import { breath } from './import-source.ts';
import type { Table } from './table.ts';

export const MOST_SHEET_ROWS = 200_000;

export type Survey = {
  readonly rows: number;
  readonly hiddenRows: number;
  /** Columns that are not read: with a name that is none of ours, or with content and no name. */
  readonly foreignColumns: readonly ForeignColumn[];
  readonly datesAreTurned: boolean;
  readonly claims: Claims;
};

/** @throws FileRefused, NotUtf8 */
export async function survey(table: Table, header: Header, accounts: AccountBook, now: Date): Promise<Survey> {
  const isText = table.form.kind === 'csv';
  const claims = new Claims();
  const column = new TimeColumn(header);
  const nameless = new NamelessColumns(header, isText);
  let rows = 0;
  let hiddenRows = 0;
  for await (const batch of table.rows()) {
    const ours = rowsBelow(batch, header);
    const by: JudgedBy = { header, accounts: await accounts.of(ours, header), now, datesAreTurned: false, isText };
    for (const row of ours) {
      rows += 1;
      if (row.isHidden) hiddenRows += 1;
      if (!isText) column.see(row);
      nameless.see(row);
      const judged = judgeRow(row, by);
      if (judged.ok) claims.add(judged.row);
    }
    if (!isText && rows > MOST_SHEET_ROWS)
      throw new FileRefused(FILE_REFUSALS.sheetTooManyRows(MOST_SHEET_ROWS, MOST_CSV_ROWS));
  }
  if (rows === 0) throw new FileRefused(FILE_REFUSALS.noRows());
  for (const _ of claims.settle()) await breath();
  const foreignColumns = [...header.foreign, ...nameless.seen.map((index) => ({ column: index + 1, name: '' }))];
  return {
    ...{ rows, hiddenRows, claims, datesAreTurned: column.isTurned },
    foreignColumns: foreignColumns.sort((one, other) => one.column - other.column),
  };
}

export const rowsBelow = (batch: readonly RawRow[], header: Header, after = header.line): readonly RawRow[] =>
  batch.filter((row) => row.line > header.line && row.line > after && !isBlankRow(row));

/** Whether a program has turned day and month of some times: dates beside texts that could have become dates. */
class TimeColumn {
  #hasDates = false;
  #hasTexts = false;
  readonly #place: number;

  constructor({ places }: Header) {
    this.#place = places.occurred_at ?? -1;
  }

  get isTurned(): boolean {
    return this.#hasDates && this.#hasTexts;
  }

  see({ cells }: RawRow): void {
    const cell = cells[this.#place];
    if (typeof cell === 'object') this.#hasDates ||= cell.kind === 'date';
    else if (cell !== undefined) this.#hasTexts ||= isDayOrMonthFirst(cell);
  }
}

/** Columns with content and no name. Which have a name is asked once: a name may be 30,000 spaces. */
class NamelessColumns {
  readonly #seen = new Set<number>();
  readonly #named: readonly boolean[];
  /** Of a file of text, a row with more cells than the header was split wrongly. */
  readonly #end: number;

  constructor({ cells }: Header, isText: boolean) {
    this.#named = cells.map((name) => name.trim() !== '');
    this.#end = isText ? cells.length : Number.POSITIVE_INFINITY;
  }

  get seen(): readonly number[] {
    return [...this.#seen];
  }

  see({ cells }: RawRow): void {
    const end = Math.min(cells.length, this.#end);
    for (let index = 0; index < end; index += 1)
      if (!this.#named[index] && !this.#seen.has(index) && !isBlank(cells[index])) this.#seen.add(index);
  }
}
