/** Lazada is asked for a part's invoice: for the first time, or again. Each answers why there is no PDF of it; null: there is. */
import { createHash } from 'node:crypto';
import { sameSource } from '@lazada-sof/connectors/pdf-renderer';
import { Failure, type InvoicePart, type InvoiceSource, nextRecheckOf, recordRecheck } from '@lazada-sof/orders';
import { type FetchedPart, type Fetching, readInvoice, refuseTakenName } from './fetching.ts';
import { keep, keepDrawn, keepRestored } from './keep.ts';

export async function fetchFirst(part: InvoicePart, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  await refuseTakenName({ part: part.part, revision: 1 }, fetching);
  const source = await readInvoice(part, fetching);
  return keep(part, await tools.renderer.toPdf(source, context.signal, context.order.account.accountId), fetching);
}

/** The same invoice is no new revision. */
export async function askAgain(part: FetchedPart, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  const { document } = part;
  const source = await readInvoice(part, fetching);
  const stored = await tools.documents.source(document.documentId);
  if (stored === null && document.hasPdf) return fetchRemoved(part, source, fetching);
  const isStored = (one: InvoiceSource) => stored !== null && sameSource(stored, one);
  if (document.hasPdf && isStored(source)) return noteSame(part, fetching);
  const made = await tools.renderer.toPdf(source, context.signal, context.order.account.accountId);
  if (!isStored({ bytes: made.source, declaredMime: made.sourceMime })) {
    await refuseTakenName({ part: part.part, revision: document.revision + 1 }, fetching);
    return keep(part, made, fetching);
  }
  return document.hasPdf ? noteSame(part, fetching) : keepDrawn(part, made, fetching);
}

/**
 * Its bytes were removed, so nobody can tell what a reader saw of it: a look makes no revision of what may be the same.
 * Somebody who asks for it gets it, in its own revision where Lazada has sent the same bytes: a page's drawing never is.
 */
async function fetchRemoved(part: FetchedPart, source: InvoiceSource, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  const { documentId, revision, sourceSha256 } = part.document;
  if (!context.force) return noteSame(part, fetching);
  const made = await tools.renderer.toPdf(source, context.signal, context.order.account.accountId);
  if (sourceSha256 === createHash('sha256').update(made.source).digest('hex')) {
    if (made.pdf === null) return notDrawnAgain(part, made.failure);
    const { pdf, source: bytes, sourceMime } = made;
    return keepRestored({ documentId, pdf, source: bytes, sourceMime }, fetching);
  }
  await refuseTakenName({ part: part.part, revision: revision + 1 }, fetching);
  return keep(part, made, fetching);
}

/** Nothing of it is stored that could be drawn by itself later. */
const notDrawnAgain = ({ part, document }: FetchedPart, cause: Failure): Failure =>
  new Failure(
    'rejected',
    `invoice: part ${part} revision ${document.revision} was removed here, Lazada has the same web page, and nothing can draw it: ask for it again once there is a renderer`,
    { code: 'render_failed', cause },
  );

async function noteSame({ part, document }: FetchedPart, { tools, context }: Fetching): Promise<null> {
  const { documentId, recheckAt } = document;
  // A person who asks in between moves no look.
  if (recheckAt === null || recheckAt > context.now) return null;
  await context.change((fresh, now) =>
    recordRecheck(fresh, documentId, {
      recheckAt: nextRecheckOf(fresh, part, { offsets: tools.recheckAfter, now }),
    }),
  );
  return null;
}
