/** Which invoice document of an order somebody means who names a part or a revision, or neither. */
import type { DocumentFacts, Order } from '../model/order.ts';
import { findRow } from '../model/step-rows.ts';

export type InvoiceWanted = { readonly part?: number | undefined; readonly revision?: number | undefined };

export type InvoiceChosen = {
  readonly document: DocumentFacts;
  /** The part after it; null: it is the last. */
  readonly nextPart: number | null;
};

/** Without a part the first one, without a revision the newest. Where there is no PDF of it: why, and what there is; where it was removed: when. */
export function chooseInvoice(
  order: Order,
  { part: wantedPart, revision }: InvoiceWanted,
): InvoiceChosen | { readonly refused: string } | { readonly removed: string } {
  const name = `order ${order.orderNumber} of account ${order.account.name}`;
  const documents = order.documents.filter(({ docType }) => docType === 'invoice');
  if (documents.length === 0) return refuse(`There is no invoice of ${name} yet`, order);
  const parts = sorted(documents.map((document) => document.part));
  const part = wantedPart ?? parts[0];
  const ofPart = documents.filter((document) => document.part === part);
  if (ofPart.length === 0)
    return { refused: `The invoice of ${name} has no part ${part}; there ${listed('part', parts)}.` };
  const revisions = sorted(ofPart.map((document) => document.revision));
  const wanted = revision ?? revisions.at(-1);
  const document = ofPart.find((one) => one.revision === wanted);
  if (!document) {
    return {
      refused: `The invoice of ${name} has no revision ${wanted} of part ${part}; there ${listed('revision', revisions)}.`,
    };
  }
  if (document.removedAt) return { removed: removed(order, document, name) };
  if (!document.hasPdf) return noPdf(order, document, { name, ofPart });
  return { document, nextPart: parts.find((one) => one > document.part) ?? null };
}

function noPdf(order: Order, document: DocumentFacts, { name, ofPart }: { name: string; ofPart: DocumentFacts[] }) {
  const { part, revision } = document;
  const drawn = sorted(ofPart.filter(({ hasPdf }) => hasPdf).map((one) => one.revision));
  const instead = drawn.length > 0 ? `; as a PDF there ${listed('revision', drawn)}` : '';
  return refuse(
    `Part ${part}, revision ${revision} of the invoice of ${name} is no PDF, it is kept as it came${instead}`,
    order,
  );
}

function removed({ account, orderNumber }: Order, document: DocumentFacts, name: string): string {
  const { part, revision, path, uploadedAt, removedAt } = document;
  const on = removedAt?.toISOString().slice(0, 10);
  const lies = uploadedAt && path ? ` It was uploaded as ${path}.` : '';
  return `Part ${part}, revision ${revision} of the invoice of ${name} was removed on ${on}, since it had been kept as long as RETAIN_INVOICES says.${lies} Lazada is asked for it again by sof invoice refetch ${account.name} ${orderNumber}.`;
}

/** With how far its invoice is, and what it was given up for. */
function refuse(what: string, order: Order): { refused: string } {
  const row = findRow(order, { step: 'invoice_fetch', ref: '' });
  const why = row?.blocked && row.error ? `, given up: ${row.error}` : '';
  return { refused: `${what} (invoiceStatus ${order.summary.invoiceStatus}${why}).` };
}

const sorted = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

const listed = (word: string, numbers: readonly number[]): string =>
  `${numbers.length > 1 ? `are ${word}s` : `is ${word}`} ${numbers.join(', ')}`;
