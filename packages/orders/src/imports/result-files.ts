/**
 * What comes back of an import: the list of mistakes (`errors.csv`, and `<name>.result.csv` beside a watched file), the
 * refused rows alone, and the empty template.
 */
import { csvLine } from '../files/csv.ts';
import { asItCame, type Cell, isBlank } from './cell.ts';
import { IMPORT_COLUMNS } from './columns.ts';
import type { Mistake } from './judge-row.ts';

export const RESULT_HEADER = csvLine(['line', 'field', 'value', 'reason']);

/** A mistake as it was stored. */
type Told = { readonly field: Mistake['field'] | (string & {}); readonly value: string; readonly reason: string };

/** One line per wrong field. */
export const resultLines = (line: number, mistakes: readonly Told[]): string =>
  mistakes.map(({ field, value, reason }) => csvLine([String(line), field, value, reason])).join('');

/** How the file was written whose rows come back. */
export type FileForm = {
  readonly separator: string;
  /** A first line `sep=;` stood there, without which a spreadsheet would not split the file. */
  readonly hasSeparatorLine: boolean;
  readonly header: readonly string[];
};

/** How `refused.csv` begins: with the file's own header. */
export const refusedHeader = ({ separator, hasSeparatorLine, header }: FileForm): string =>
  `${hasSeparatorLine ? `sep=${separator}\r\n` : ''}${csvLine(header, separator)}`;

/** A refused row as it came, ready to be mended and dropped again. */
export const refusedLine = (cells: readonly string[], { separator }: Pick<FileForm, 'separator'>): string =>
  csvLine(cells, separator);

/** The cells of a row as `refused.csv` holds them. */
export function cellsAsTheyCame(cells: readonly Cell[], datesAreTurned: boolean): string[] {
  const last = cells.findLastIndex((cell) => !isBlank(cell));
  return cells.slice(0, last + 1).map((cell) => asItCame(cell, { datesAreTurned }));
}

const EXAMPLE: Readonly<Record<(typeof IMPORT_COLUMNS)[number], string>> = {
  account: 'my-shop-sg',
  order_number: '400100000214601',
  status: 'delivered',
  occurred_at: '2026-03-14 15:09',
  package_id: '',
  tracking_number: '',
  carrier: 'dhl',
  carrier_tracking_number: 'JJD000390000021467701',
  reason: 'Left with the guard',
};

/** The header with one line of example. */
export const IMPORT_TEMPLATE = csvLine(IMPORT_COLUMNS) + csvLine(IMPORT_COLUMNS.map((column) => EXAMPLE[column]));
