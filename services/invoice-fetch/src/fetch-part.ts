/** Lazada is asked for a part's invoice: for the first time, or again. Each answers why there is no PDF of it; null: there is. */
import { createHash } from 'node:crypto';
import { sameSource } from '@lazada-sof/connectors/pdf-renderer';
import { type Failure, type InvoicePart, type InvoiceSource, nextRecheckOf, recordRecheck } from '@lazada-sof/orders';
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
 * Somebody who asks for it gets it, in its own revision where the PDF is that one.
 */
async function fetchRemoved(part: FetchedPart, source: InvoiceSource, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  const { documentId, revision } = part.document;
  if (!context.force) return noteSame(part, fetching);
  const made = await tools.renderer.toPdf(source, context.signal, context.order.account.accountId);
  const facts = await tools.documents.pdfFacts(documentId);
  const { pdf, source: bytes, sourceMime } = made;
  if (pdf !== null && facts?.sha256 === createHash('sha256').update(pdf).digest('hex'))
    return keepRestored({ documentId, pdf, source: bytes, sourceMime }, fetching);
  await refuseTakenName({ part: part.part, revision: revision + 1 }, fetching);
  return keep(part, made, fetching);
}

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
