/** What every kind of file is once its form is known: rows, from the first line on, as often as one likes. */
import type { RawRow } from '@lazada-sof/orders';
import { breath } from './import-source.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-874' | 'windows-1252';

export type TableForm =
  | {
      readonly kind: 'csv';
      readonly encoding: Encoding;
      readonly separator: string;
      readonly hasSeparatorLine: boolean;
    }
  | { readonly kind: 'xlsx'; readonly sheet: string };

export type Table = {
  readonly form: TableForm;
  /** In pieces as they are read, of up to `ROWS_AT_A_STRETCH`, with a breath between them. @throws FileRefused */
  rows(): AsyncIterable<readonly RawRow[]>;
};

/** A slice of a file may hold 30,000 rows of one letter, and each is judged. */
export const ROWS_AT_A_STRETCH = 1_000;

export async function* inStretches(rows: readonly RawRow[]): AsyncGenerator<readonly RawRow[]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_A_STRETCH) {
    if (from > 0) await breath();
    yield rows.slice(from, from + ROWS_AT_A_STRETCH);
  }
}
