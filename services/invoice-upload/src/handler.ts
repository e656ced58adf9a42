/** A stored PDF is put on the target under its name; the name it really got is written down. */
import { alternativeInvoicePath, Failure, type InvoiceTarget, recordUploaded } from '@lazada-sof/orders';
import type { Perform } from '@lazada-sof/queue';

export type StoredPdf = { readonly pdf: Buffer; readonly sha256: string; readonly path: string };
export type UploadTools = {
  /** Null: no target is set, uploads wait. */
  readonly target: InvoiceTarget | null;
  readonly readPdf: (documentId: string) => Promise<StoredPdf | null>;
};

export function performUpload({ target, readPdf }: UploadTools): Perform {
  return async (step, { order, signal, change }) => {
    if (!target) throw new Failure('rate-limited', 'INVOICE_TARGET_URL is not set: the invoice waits', NO_TARGET);
    const stored = await readPdf(step.ref);
    if (!stored)
      throw new Failure('rejected', `document ${step.ref} of order ${order.orderNumber} has no PDF`, {
        code: 'no_pdf',
      });
    const { pdf: bytes, sha256, path } = stored;
    const put = await target.put({ path, bytes, sha256 }, (n) => alternativeInvoicePath(path, n), signal);
    await change((fresh, now) => recordUploaded(fresh, step.ref, put.path, now));
  };
}

/** A setting that is missing is nobody's failure: looked at again in a day, by then somebody may have set it. */
const NO_TARGET = { code: 'no_target', waitMs: 24 * 60 * 60 * 1_000 };
