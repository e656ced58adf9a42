/** What a file is, as a table; or the words that say why it is none. */
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import { csvForm } from './csv-form.ts';
import { type CsvText, csvRows } from './csv-rows.ts';
import { FOREIGN, fileKind } from './file-kind.ts';
import { headOf, type ImportSource } from './import-source.ts';
import type { Encoding, Table } from './table.ts';
import { openXlsx } from './xlsx/open-xlsx.ts';

const HEAD = 64 * 1024;
export const MOST_CSV_BYTES = 1024 ** 3;

/**
 * @param legacy what a text is that turned out to be no UTF-8
 * @throws FileRefused
 */
export async function openTable(source: ImportSource, legacy?: Encoding): Promise<Table> {
  const head = await headOf(source, HEAD);
  if (head.length === 0) throw new FileRefused(FILE_REFUSALS.empty());
  const kind = fileKind(head);
  if (kind === 'zip') return openXlsx(source, head);
  if (kind === 'ole') throw new FileRefused(await wordsOfOle(source));
  if (kind !== 'text') throw new FileRefused(FOREIGN[kind]());
  return openText(source, head, legacy);
}

function openText(source: ImportSource, head: Buffer, legacy: Encoding | undefined): Table {
  if (source.size > MOST_CSV_BYTES) throw new FileRefused(FILE_REFUSALS.csvTooLarge());
  const encoding = legacy ?? markedEncoding(head);
  if (encoding === 'utf-8' && looksLikeUtf16(head)) throw new FileRefused(FILE_REFUSALS.textUtf16WithoutMark());
  const { separator, hasSeparatorLine } = csvForm(new TextDecoder(encoding).decode(head));
  const csv: CsvText = { source, encoding, separator, hasSeparatorLine };
  return { form: { kind: 'csv', encoding, separator, hasSeparatorLine }, rows: () => csvRows(csv) };
}

/** By the mark at its beginning; what has none is taken for UTF-8 until it turns out to be something else. */
function markedEncoding(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function looksLikeUtf16(head: Buffer): boolean {
  const pairs = head.subarray(0, 200);
  const nuls = [0, 1].map((parity) => pairs.filter((byte, index) => index % 2 === parity && byte === 0).length);
  return nuls.some((count) => count > pairs.length / 4);
}

/** An old Excel file and a locked .xlsx begin alike; the locked one names its parts. */
async function wordsOfOle(source: ImportSource): Promise<string> {
  const name = Buffer.from('EncryptedPackage', 'utf16le');
  let before = Buffer.alloc(0);
  for await (const chunk of source.open()) {
    const bytes = Buffer.concat([before, chunk]);
    if (bytes.includes(name)) return FILE_REFUSALS.sheetPassword();
    before = bytes.subarray(-name.length);
  }
  return FILE_REFUSALS.oldExcel();
}
