/** Where a table's header stands, or what has to be done so that it stands first. */
import { FILE_REFUSALS, FileRefused, type Header, isBlankRow, type RawRow, readHeader } from '@lazada-sof/orders';
import type { Table } from './table.ts';
import { MOST_COLUMNS } from './xlsx/sheet-rows.ts';

const WITHIN_LINES = 20;

/** @throws FileRefused */
export async function findHeader(table: Table): Promise<Header> {
  const rows = await firstRows(table);
  const sheet = table.form.kind === 'xlsx' ? table.form.sheet : undefined;
  const [first, ...later] = rows.map(({ line, cells }) => readHeader(line, cells));
  if (!first) throw new FileRefused(FILE_REFUSALS.empty());
  const afterAll = first.missing.length > 0 && later.find(({ missing }) => missing.length === 0);
  if (afterAll)
    throw new FileRefused(FILE_REFUSALS.headerLater(afterAll.line, beforeHeader(table), afterAll.line - 1, sheet));
  return checked(first, sheet);
}

/** The line `sep=` may stay. */
const beforeHeader = ({ form }: Table): number => (form.kind === 'csv' && form.hasSeparatorLine ? 2 : 1);

function checked(header: Header, sheet: string | undefined): Header {
  const { cells, missing, doubled } = header;
  if (cells.length > MOST_COLUMNS) throw new FileRefused(FILE_REFUSALS.tooManyColumns(MOST_COLUMNS));
  if (doubled.length > 0) throw new FileRefused(FILE_REFUSALS.columnTwice([...new Set(doubled)]));
  if (missing.length === 0) return header;
  const isOneColumn = cells.filter((cell) => cell.trim() !== '').length === 1 && sheet === undefined;
  throw new FileRefused(isOneColumn ? FILE_REFUSALS.headerOneColumn() : FILE_REFUSALS.headerMissing(missing, sheet));
}

async function firstRows(table: Table): Promise<readonly RawRow[]> {
  const rows: RawRow[] = [];
  for await (const batch of table.rows())
    for (const row of batch) {
      if (row.line > WITHIN_LINES && rows.length > 0) return rows;
      if (!isBlankRow(row)) rows.push(row);
    }
  return rows;
}
