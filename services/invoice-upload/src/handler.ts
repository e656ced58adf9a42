/** A stored PDF is put on the target under its name; the name it really got is written down. */
import {
  alternativeInvoicePath,
  Failure,
  type FileBytes,
  type InvoiceTarget,
  type Order,
  recordUploaded,
} from '@lazada-sof/orders';
import type { JobContext, JobResult, OrderJob, Perform } from '@lazada-sof/queue';
import { noTarget } from './no-target.ts';

export type StoredPdf = { readonly pdf: Buffer; readonly sha256: string };
export type UploadTools = {
  /** Null: no target is set, uploads wait. */
  readonly target: InvoiceTarget | null;
  /** Null: there is none (any more). */
  readonly readPdf: (documentId: string) => Promise<StoredPdf | null>;
};

export function performUpload({ target, readPdf }: UploadTools): Perform {
  return async (step, { order, signal, change }) => {
    if (!target) throw noTarget('the invoice waits');
    const path = order.documents.find(({ documentId }) => documentId === step.ref)?.path;
    if (!path) throw noPdf(step.ref, order);
    const read = async (): Promise<FileBytes> => {
      const { pdf, sha256 } = (await readPdf(step.ref)) ?? {};
      if (!pdf || !sha256) throw noPdf(step.ref, order);
      return { bytes: pdf, sha256 };
    };
    const put = await target.put({ path, read }, (n) => alternativeInvoicePath(path, n), signal);
    await change((fresh, now) => recordUploaded(fresh, step.ref, put.path, now));
  };
}

function noPdf(documentId: string, { account, orderNumber, documents }: Order): Failure {
  const removedAt = documents.find((one) => one.documentId === documentId)?.removedAt;
  const why = removedAt
    ? `the PDF of document ${documentId} of order ${orderNumber} was removed on ${removedAt.toISOString().slice(0, 10)}, since it had been kept as long as RETAIN_INVOICES says; sof invoice refetch ${account.name} ${orderNumber} asks Lazada for it again`
    : `document ${documentId} of order ${orderNumber} has no PDF`;
  return new Failure('rejected', why, { code: 'no_pdf' });
}

/** One document's job: its order is looked up, and of that order only this document is uploaded. */
export const uploadInvoice =
  ({ job, orderOf }: { job: OrderJob; orderOf: (documentId: string) => Promise<string | null> }) =>
  async ({ documentId }: { documentId: string }, context: JobContext): Promise<JobResult> => {
    const orderId = await orderOf(documentId);
    if (orderId === null) return 'superseded';
    return job({ orderId, ...context, only: (step) => step.ref === documentId });
  };
