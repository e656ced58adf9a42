/**
 * The index of a day, for finance: which orders were set ready to ship on that day, and where the invoice of each lies. The
 * same orders and invoices make the same bytes, whoever writes them and when.
 */
import { csvLine } from '../files/csv.ts';
import { pathPart } from '../files/path-part.ts';
import type { Country, InvoiceStatus } from '../model/order.ts';
import type { Day } from './days.ts';

/** A line: a part of an order's invoice in its newest revision, or an order that has none yet. */
export type IndexRow = {
  readonly orderNumber: string;
  /** Null: there is none, the line is a gap. */
  readonly invoice: { readonly path: string; readonly revision: number; readonly sha256: string } | null;
  readonly invoiceStatus: InvoiceStatus;
};

/** The newest index of a day, as it lies on the target. */
export type IndexFile = {
  readonly revision: number;
  readonly path: string;
  readonly sha256: string;
  readonly writtenAt: Date;
};

export const INDEX_HEADER = csvLine(['order_number', 'path', 'revision', 'sha256', 'status']);

/** The lines of these rows, in their order. */
export const indexLines = (rows: readonly IndexRow[]): string =>
  rows
    .map(({ orderNumber, invoice, invoiceStatus }) =>
      csvLine([
        orderNumber,
        ...(invoice ? [invoice.path, String(invoice.revision), invoice.sha256] : ['', '', '']),
        invoiceStatus,
      ]),
    )
    .join('');

export type IndexName = {
  readonly country: Country;
  /** The account's name. */
  readonly account: string;
  readonly day: Day;
  readonly revision: number;
};

/** The path of an index below the target's base folder; the first one has no revision in its name. */
export function indexPath({ country, account, day, revision }: IndexName): string {
  const [year = '', month = ''] = day.split('-');
  const name = ['INDEX', pathPart(country), pathPart(account), day.replaceAll('-', '')].join('_');
  return `${pathPart(country)}/${year}/${month}/${name}${revision > 1 ? `_R${revision}` : ''}.csv`;
}

/** Which revision a path names that `indexPath` made. */
export const indexRevision = (path: string): number => Number(/\d{8}_R(\d+)\.csv$/.exec(path)?.[1] ?? 1);

/** A day's index is written again no sooner than this after the last one, unless a person asks. */
export const INDEX_REST_MS = 60 * 60 * 1_000;
