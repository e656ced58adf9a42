/**
 * The look at an invoice that is there. Whatever comes of it, the invoice stays: an answer that is none is told on the
 * timeline, and Lazada is asked again at the next rung.
 */
import {
  Failure,
  findRow,
  invoiceParts,
  nextRecheckOf,
  type Order,
  recordRecheck,
  retryDelay,
} from '@lazada-sof/orders';
import { askAgain } from './fetch-part.ts';
import type { FetchedPart, Fetching } from './fetching.ts';

export async function lookAgain(documentId: string, fetching: Fetching): Promise<void> {
  const { tools, context } = fetching;
  const part = partOf(context.order, documentId);
  if (!part) return;
  if (tools.recheckAfter.length === 0) return nextLook(part, fetching);
  try {
    await askAgain(part, fetching);
  } catch (error) {
    if (!(error instanceof Failure) || !isLast(error, documentId, context.order)) throw error;
    await nextLook(part, fetching, error);
  }
}

async function nextLook(
  { part, document }: FetchedPart,
  { tools, context }: Fetching,
  failure?: Failure,
): Promise<void> {
  const { documentId } = document;
  const noAnswer = failure && { code: failure.code, reason: failure.message };
  await context.change((fresh, now) =>
    recordRecheck(fresh, documentId, {
      recheckAt: nextRecheckOf(fresh, part, { offsets: tools.recheckAfter, now }),
      noAnswer,
    }),
  );
}

/** No further try would go better, or there is none left: it would be blocked, and nothing is broken. */
function isLast({ kind }: Failure, documentId: string, order: Order): boolean {
  if (kind === 'rejected' || kind === 'not-ready') return true;
  const tries = findRow(order, { step: 'invoice_fetch', ref: documentId })?.tries ?? 0;
  return kind === 'transient' && retryDelay(tries + 1, 0) === null;
}

function partOf(order: Order, documentId: string): FetchedPart | null {
  const part = invoiceParts(order).find(({ document }) => document?.documentId === documentId);
  return part?.document ? { ...part, document: part.document } : null;
}
