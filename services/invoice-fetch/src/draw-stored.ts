/** An invoice that was stored while no renderer was there becomes a PDF, in the revision that it has. */
import { Failure, type RenderedInvoice, recordUndrawable } from '@lazada-sof/orders';
import { askAgain } from './fetch-part.ts';
import { type FetchedPart, type Fetching, refuseTakenName } from './fetching.ts';
import { keepDrawn } from './keep.ts';

/**
 * Lazada is not asked again, unless the page cannot be drawn as it was stored: what it points at may be signed, and over.
 * Answers why there is no PDF of it; null: there is.
 */
export async function drawStored(part: FetchedPart, fetching: Fetching): Promise<Failure | null> {
  const { tools, context } = fetching;
  const { part: number, document } = part;
  await refuseTakenName({ part: number, revision: document.revision }, fetching, document.createdAt);
  const stored = await tools.documents.source(document.documentId);
  if (stored === null) return null;
  let made: RenderedInvoice;
  try {
    made = await tools.renderer.toPdf(stored, context.signal, context.order.account.accountId);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return drawAnew(part, fetching);
  }
  return keepDrawn(part, made, fetching);
}

async function drawAnew(part: FetchedPart, fetching: Fetching): Promise<Failure | null> {
  try {
    return await askAgain(part, fetching);
  } catch (error) {
    if (isRefused(error)) await fetching.context.change((fresh) => recordUndrawable(fresh, part.document.documentId));
    throw error;
  }
}

const isRefused = (error: unknown): boolean => error instanceof Failure && error.kind === 'rejected';
