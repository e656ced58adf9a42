/** Lazada is asked for a part's invoice: for the first time, or again. Each answers why there is no PDF of it; null: there is. */
import { sameSource } from '@lazada-sof/connectors/pdf-renderer';
import { type Failure, type InvoicePart, type InvoiceSource, nextRecheckOf, recordRecheck } from '@lazada-sof/orders';
import { type FetchedPart, type Fetching, readInvoice, refuseTakenName } from './fetching.ts';
import { keep, keepDrawn } from './keep.ts';

export async function fetchFirst(part: InvoicePart, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  await refuseTakenName({ part: part.part, revision: 1 }, fetching);
  const source = await readInvoice(part, fetching);
  return keep(part, await tools.renderer.toPdf(source, context.signal), fetching);
}

/** The same invoice is no new revision. */
export async function askAgain(part: FetchedPart, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  const { document } = part;
  const source = await readInvoice(part, fetching);
  const stored = await tools.documents.source(document.documentId);
  const isStored = (one: InvoiceSource) => stored !== null && sameSource(stored, one);
  if (document.hasPdf && isStored(source)) return noteSame(part, fetching);
  const made = await tools.renderer.toPdf(source, context.signal);
  if (!isStored({ bytes: made.source, declaredMime: made.sourceMime })) {
    await refuseTakenName({ part: part.part, revision: document.revision + 1 }, fetching);
    return keep(part, made, fetching);
  }
  return document.hasPdf ? noteSame(part, fetching) : keepDrawn(part, made, fetching);
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
