/** What a text is that is no UTF-8: Thai Windows' where one of the accounts in its first rows is Thai, else the western one's. */
import { AccountBook, type FindAccounts, namesIn } from './account-book.ts';
import { findHeader } from './find-header.ts';
import type { ImportSource } from './import-source.ts';
import { openTable } from './open-table.ts';
import { rowsBelow } from './survey.ts';
import type { Encoding } from './table.ts';

const FIRST_ROWS = 5_000;

/** @throws FileRefused */
export async function legacyEncoding(source: ImportSource, find: FindAccounts): Promise<Encoding> {
  // Names of accounts read the same in both, but for Thai ones, which are right in this one alone.
  const table = await openTable(source, 'windows-874');
  const header = await findHeader(table);
  const book = new AccountBook(find);
  let seen = 0;
  for await (const batch of table.rows()) {
    const rows = rowsBelow(batch, header).slice(0, FIRST_ROWS - seen);
    const accounts = await book.of(rows, header);
    for (const name of namesIn(rows, header)) if (accounts.get(name)?.country === 'TH') return 'windows-874';
    seen += rows.length;
    if (seen >= FIRST_ROWS) break;
  }
  return 'windows-1252';
}
