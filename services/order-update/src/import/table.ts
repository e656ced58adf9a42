/** What every kind of file is once its form is known: rows, from the first line on, as often as one likes. */
import type { RawRow } from '@lazada-sof/orders';

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
  /** In pieces as they are read. @throws FileRefused */
  rows(): AsyncIterable<readonly RawRow[]>;
};
