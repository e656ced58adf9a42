/** What fetching, drawing, looking again and uploading an invoice change. */
import type { Change, DocumentFacts, DrawnDocument, NewDocument, Order } from '../model/order.ts';
import { dropRow, findRow } from '../model/step-rows.ts';

const FETCH = { step: 'invoice_fetch', ref: '' } as const;
const uploadOf = (documentId: string) => ({ step: 'invoice_upload', ref: documentId }) as const;

/** A part's invoice, fetched for the first time or issued anew; nothing that was there is overwritten. */
export function recordDocument(order: Order, document: NewDocument): Change {
  const { part, revision, pdf } = document;
  const waits = pdf === null ? { waits: 'for a renderer' } : {};
  return {
    order: pdf === null ? order : dropRow(order, FETCH),
    events: [{ kind: 'invoice_fetched', data: { part, revision, ...waits } }],
    newDocuments: [document],
  };
}

/** The document that waited for a renderer has its PDF. Null where it has had one, or is gone. */
export function recordDrawn(order: Order, drawn: DrawnDocument): Change | null {
  const document = order.documents.find(({ documentId }) => documentId === drawn.documentId);
  if (!document || document.hasPdf) return null;
  const { part, revision } = document;
  const facts = { hasPdf: true, waitsForRenderer: false, path: drawn.path };
  return {
    order: dropRow(withDocument(order, document, facts), FETCH),
    events: [{ kind: 'invoice_fetched', data: { part, revision, drawn: true } }],
    drawnDocuments: [drawn],
  };
}

/**
 * The bytes of a document that had been removed are there again, in its own revision and under its name: what lies on the
 * target shows the same. Null where they had not been removed, or it is gone.
 */
export function recordRestored(order: Order, restored: Omit<DrawnDocument, 'path'>): Change | null {
  const { documentId } = restored;
  const document = order.documents.find((one) => one.documentId === documentId);
  if (!document?.removedAt || document.path === null) return null;
  const { part, revision, path } = document;
  return {
    order: dropRow(dropRow(withDocument(order, document, { removedAt: null }), FETCH), uploadOf(documentId)),
    events: [{ kind: 'invoice_fetched', data: { part, revision, restored: true } }],
    drawnDocuments: [{ ...restored, path }],
  };
}

/** A renderer has tried it, and it is for a person: no further one does by itself. Null where that was known. */
export function recordUndrawable(order: Order, documentId: string): Change | null {
  const document = order.documents.find((one) => one.documentId === documentId);
  if (!document?.waitsForRenderer) return null;
  return { order: withDocument(order, document, { waitsForRenderer: false }), events: [] };
}

/** A renderer is there: what was blocked for want of one is tried again. Null where nothing was. */
export function endWaitForRenderer(order: Order): Change | null {
  const waits = order.documents.some(({ waitsForRenderer }) => waitsForRenderer);
  return waits && findRow(order, FETCH)?.blocked ? { order: dropRow(order, FETCH), events: [] } : null;
}

/** Why Lazada's answer to a look was no invoice: told, and nothing is taken away. */
export type NoAnswer = { readonly code: string; readonly reason: string };

/** It was looked at again, and Lazada has the same one, or none; the next look is then. Null where nothing changes. */
export function recordRecheck(
  order: Order,
  documentId: string,
  { recheckAt, noAnswer }: { recheckAt: Date | null; noAnswer?: NoAnswer | undefined },
): Change | null {
  const document = order.documents.find((one) => one.documentId === documentId);
  if (!document || (document.recheckAt?.getTime() === recheckAt?.getTime() && !noAnswer)) return null;
  const { part, revision } = document;
  return {
    order: dropRow(withDocument(order, document, { recheckAt }), { step: 'invoice_fetch', ref: documentId }),
    events: noAnswer ? [{ kind: 'noted', data: { step: 'invoice_fetch', part, revision, ...noAnswer } }] : [],
  };
}

/** The file lies at the target under `path`. Null where that was known. */
export function recordUploaded(order: Order, documentId: string, path: string, now: Date): Change | null {
  const document = order.documents.find((one) => one.documentId === documentId);
  if (!document || document.uploadedAt) return null;
  return {
    order: withDocument(order, document, { path, uploadedAt: now }),
    events: [{ kind: 'invoice_uploaded', data: { path, part: document.part, revision: document.revision } }],
  };
}

/** Somebody wants these documents on the target again: their upload is owed once more. Null where none of them was there, or is any more. */
export function uploadAgain(order: Order, documentIds: readonly string[]): Change | null {
  const again = order.documents.filter(
    ({ documentId, uploadedAt, hasPdf, removedAt }) =>
      uploadedAt !== null && hasPdf && removedAt === null && documentIds.includes(documentId),
  );
  if (again.length === 0) return null;
  return {
    order: again.reduce((changed, document) => withDocument(changed, document, { uploadedAt: null }), order),
    events: again.map(({ path, part, revision }) => ({
      kind: 'forced',
      data: { step: 'invoice_upload', path, part, revision },
    })),
  };
}

const withDocument = (order: Order, document: DocumentFacts, fields: Partial<DocumentFacts>): Order => ({
  ...order,
  documents: order.documents.map((one) => (one === document ? { ...one, ...fields } : one)),
});
