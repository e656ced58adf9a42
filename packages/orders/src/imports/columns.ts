/** Which column of a file is which of ours. */
import { type Cell, textOf } from './cell.ts';

export const IMPORT_COLUMNS = [
  'account',
  'order_number',
  'status',
  'occurred_at',
  'package_id',
  'tracking_number',
  'carrier',
  'carrier_tracking_number',
  'reason',
] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];

export const REQUIRED_COLUMNS = ['account', 'order_number', 'status', 'occurred_at'] as const satisfies ImportColumn[];

/** A column that is not read; the dry run names it. */
export type ForeignColumn = { readonly column: number; readonly name: string };

export type Header = {
  readonly line: number;
  /** As they came, for `refused.csv`. */
  readonly cells: readonly string[];
  /** Where each of our columns stands, from 0. */
  readonly places: Readonly<Partial<Record<ImportColumn, number>>>;
  /** With a name that is none of ours, from 1. */
  readonly foreign: readonly ForeignColumn[];
  readonly missing: readonly ImportColumn[];
  /** Ours that stand there more than once. */
  readonly doubled: readonly ImportColumn[];
};

/** Any case of letters, spaces around it, and `_`, `-` or a space between words. */
export const looseWord = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');

const isOurs = (name: string): name is ImportColumn => (IMPORT_COLUMNS as readonly string[]).includes(name);

export const columnNamed = (text: string): ImportColumn | undefined => {
  const name = looseWord(text);
  return isOurs(name) ? name : undefined;
};

export function readHeader(line: number, row: readonly Cell[]): Header {
  const cells = row.map(textOf);
  const places: Partial<Record<ImportColumn, number>> = {};
  const doubled: ImportColumn[] = [];
  const foreign: ForeignColumn[] = [];
  for (const [index, text] of cells.entries()) {
    const ours = columnNamed(text);
    if (!ours) {
      if (text.trim() !== '') foreign.push({ column: index + 1, name: text.trim() });
    } else if (places[ours] === undefined) places[ours] = index;
    else doubled.push(ours);
  }
  const missing = REQUIRED_COLUMNS.filter((name) => places[name] === undefined);
  return { line, cells, places, foreign, missing, doubled };
}
