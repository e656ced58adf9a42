/** A stored PDF is put on the target under its name; the name it really got is written down. */
import { alternativeInvoicePath, Failure, type InvoiceTarget, recordUploaded } from '@lazada-sof/orders';
import type { JobContext, JobResult, OrderJob, Perform } from '@lazada-sof/queue';

export type StoredPdf = { readonly pdf: Buffer; readonly sha256: string; readonly path: string | null };
export type UploadTools = {
  /** Null: no target is set, uploads wait. */
  readonly target: InvoiceTarget | null;
  readonly readPdf: (documentId: string) => Promise<StoredPdf | null>;
};

export function performUpload({ target, readPdf }: UploadTools): Perform {
  return async (step, { order, signal, change }) => {
    if (!target) throw new Failure('rate-limited', 'INVOICE_TARGET_URL is not set: the invoice waits', NO_TARGET);
    const { pdf: bytes, sha256, path } = (await readPdf(step.ref)) ?? {};
    if (!bytes || !sha256 || !path)
      throw new Failure('rejected', `document ${step.ref} of order ${order.orderNumber} has no PDF`, {
        code: 'no_pdf',
      });
    const put = await target.put({ path, bytes, sha256 }, (n) => alternativeInvoicePath(path, n), signal);
    await change((fresh, now) => recordUploaded(fresh, step.ref, put.path, now));
  };
}

/** A setting that is missing is nobody's failure: looked at again in a day, by then somebody may have set it. */
const NO_TARGET = { code: 'no_target', waitMs: 24 * 60 * 60 * 1_000 };

/** One document's job: its order is looked up, and of that order only this document is uploaded. */
export const uploadInvoice =
  ({ job, orderOf }: { job: OrderJob; orderOf: (documentId: string) => Promise<string | null> }) =>
  async ({ documentId }: { documentId: string }, context: JobContext): Promise<JobResult> => {
    const orderId = await orderOf(documentId);
    if (orderId === null) return 'superseded';
    return job({ orderId, ...context, only: (step) => step.ref === documentId });
  };
