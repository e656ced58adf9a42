/** What fetching and uploading an invoice changes. */
import type { Change, DocumentFacts, NewDocument, Order } from '../model/order.ts';
import { dropRow } from '../model/step-rows.ts';

/** A part's invoice, fetched for the first time or issued anew; nothing that was there is overwritten. */
export function recordDocument(order: Order, document: NewDocument): Change {
  const { part, revision } = document;
  return {
    order: dropRow(order, { step: 'invoice_fetch', ref: '' }),
    events: [{ kind: 'invoice_fetched', data: { part, revision } }],
    newDocuments: [document],
  };
}

/** The file lies at the target under `path`. Null where that was known. */
export function recordUploaded(order: Order, documentId: string, path: string, now: Date): Change | null {
  const document = order.documents.find((one) => one.documentId === documentId);
  if (!document || document.uploadedAt) return null;
  const uploaded: DocumentFacts = { ...document, path, uploadedAt: now };
  return {
    order: { ...order, documents: order.documents.map((one) => (one === document ? uploaded : one)) },
    events: [{ kind: 'invoice_uploaded', data: { path, part: document.part, revision: document.revision } }],
  };
}
