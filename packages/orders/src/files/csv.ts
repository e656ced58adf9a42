/**
 * How every CSV of ours is written: commas, a cell in quotes where it needs them, CRLF (RFC 4180, and what Excel itself
 * writes). No byte order mark: programs would read it as part of the first column's name.
 */

/** A spreadsheet takes such a cell for a formula, or drops what it begins with. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /["\r\n]/;

/** One line with its end. Another separator than the comma is for whoever gave us a file with it. */
export const csvLine = (cells: readonly string[], separator = ','): string =>
  `${cells.map((text) => csvCell(text, separator)).join(separator)}\r\n`;

/** An apostrophe before what a spreadsheet would run: whoever reads our file with a program takes one off. */
const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

function csvCell(text: string, separator: string): string {
  const cell = harmless(text);
  return NEEDS_QUOTES.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
