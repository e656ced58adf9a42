/** A zip as a table, if it is a spreadsheet of a kind that is read. */
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import { type ImportSource, wholeOf } from '../import-source.ts';
import type { Table } from '../table.ts';
import { dateStyles } from './date-formats.ts';
import { Package } from './package.ts';
import { sharedStrings } from './shared-strings.ts';
import { sheetRows } from './sheet-rows.ts';
import { readWorkbook } from './workbook.ts';

export const MOST_XLSX_BYTES = 20 * 1_000_000;

/** @throws FileRefused */
export async function openXlsx(source: ImportSource, head: Buffer): Promise<Table> {
  if (source.size > MOST_XLSX_BYTES)
    throw new FileRefused(looksLikeABook(head) ? FILE_REFUSALS.sheetTooLarge() : FILE_REFUSALS.zip());
  const bytes = await wholeOf(source);
  const book = await Package.open(bytes);
  refuseOthers(book, head);
  const { sheet, since1904, ...parts } = await readWorkbook(book);
  const shared = await sharedStrings(book, parts.sharedStrings);
  const styles = await dateStyles(book, parts.styles);
  return {
    form: { kind: 'xlsx', sheet: sheet.name },
    rows: () => sheetRows(book, { path: sheet.path, shared, dateStyles: styles, since1904 }),
  };
}

/** The name of the first file in the zip stands in its first bytes. */
const firstName = (head: Buffer): string =>
  head.length < 30 ? '' : head.toString('latin1', 30, 30 + head.readUInt16LE(26));

const looksLikeABook = (head: Buffer): boolean => /^(\[Content_Types\]|_rels|xl|docProps)/.test(firstName(head));

function refuseOthers(book: Package, head: Buffer): void {
  const { paths } = book;
  const has = (pattern: RegExp) => paths.some((path) => pattern.test(path));
  // An OpenDocument file says what it is in its first, unpacked entry.
  if (firstName(head) === 'mimetype') throw new FileRefused(FILE_REFUSALS.openDocument());
  if (has(/\.iwa$/) || has(/^Index\.zip$/)) throw new FileRefused(FILE_REFUSALS.numbersDocument());
  if (has(/^xl\/workbook\.bin$/)) throw new FileRefused(FILE_REFUSALS.excelBinary());
  if (!book.has('_rels/.rels')) throw new FileRefused(FILE_REFUSALS.zip());
}
