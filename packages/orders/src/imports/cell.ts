/** What stands in a cell of an import file. A file of text has texts alone; a sheet says of each cell what it is. */
export type Cell = string | SheetCell;

export type SheetCell =
  /** `text`: its digits, written out as a person would. */
  | { readonly kind: 'number'; readonly text: string }
  /** `text`: the year first, or only a day, or only a time; `stored`: its number in the file. */
  | { readonly kind: 'date'; readonly text: string; readonly stored: string }
  /** `text`: what it showed when the file was written. */
  | { readonly kind: 'formula'; readonly text: string; readonly formula: string }
  | { readonly kind: 'error' | 'boolean'; readonly text: string };

/** A row before anybody judges it. */
export type RawRow = {
  /** At which it begins, as an editor counts; in a sheet its row number. */
  readonly line: number;
  readonly cells: readonly Cell[];
  /** It could not be split into cells. */
  readonly isBroken?: true;
  /** A sheet hides it, by a filter or by hand. */
  readonly isHidden?: true;
};

export const textOf = (cell: Cell | undefined): string =>
  cell === undefined ? '' : typeof cell === 'string' ? cell : cell.text;

export const isBlank = (cell: Cell | undefined): boolean =>
  cell === undefined || (typeof cell === 'string' && cell.trim() === '');

/** A line of separators and spaces alone is no row, nor is one of formulas that show nothing, filled down below a table. */
export const isBlankRow = ({ cells, isBroken }: RawRow): boolean =>
  !isBroken && cells.every((cell) => textOf(cell).trim() === '');

/** What our own files put before `= + - @`, tab and CR (`csvLine`) is taken off again. */
export const withoutOurApostrophe = (text: string): string =>
  text.startsWith("'") && /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;

/** Excel keeps no more of a number, whatever it shows. */
export const DIGITS_OF_A_NUMBER = 15;

export const digitsIn = (text: string): number => text.replace(/\D/g, '').replace(/^0+/, '').length;

/**
 * A cell as `refused.csv` holds it: what was refused in the sheet must not pass as text when the file comes again unmended.
 * So a formula stays one, a number that lost digits is written as a spreadsheet writes it, and so is a date of a column in
 * which some were turned.
 */
export function asItCame(cell: Cell, { datesAreTurned }: { readonly datesAreTurned: boolean }): string {
  if (typeof cell === 'string') return cell;
  if (cell.kind === 'formula') return `=${cell.formula}`;
  if (cell.kind === 'date' && datesAreTurned) return cell.stored;
  if (cell.kind === 'number' && /^-?\d+$/.test(cell.text) && digitsIn(cell.text) > DIGITS_OF_A_NUMBER)
    return Number(cell.text).toExponential();
  return cell.text;
}
