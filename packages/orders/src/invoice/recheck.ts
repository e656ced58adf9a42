/** When an invoice that is there is looked at again: Lazada may issue another one, and tells nobody. */
import type { DocumentFacts, Order } from '../model/order.ts';
import { invoiceParts } from './invoice-parts.ts';

/** The first of the offsets, counted from when the part was stored first, that is later than now; null: it is never looked at again. */
export function nextRecheck(storedAt: Date, offsets: readonly number[], now: Date): Date | null {
  const ahead = offsets.filter((offset) => storedAt.getTime() + offset > now.getTime());
  return ahead.length === 0 ? null : new Date(storedAt.getTime() + Math.min(...ahead));
}

/**
 * From when the ladder of a part counts: its first revision, also for those after it. A marketplace that makes each answer anew,
 * with a time of its own in it, would else be asked every day for ever, and each answer be a revision.
 */
function firstStoredAt({ documents }: Pick<Order, 'documents'>, part: number, now: Date): Date {
  const stored = documents.filter((one) => one.docType === 'invoice' && one.part === part);
  return new Date(Math.min(now.getTime(), ...stored.map(({ createdAt }) => createdAt.getTime())));
}

/** When a part is looked at next. */
export const nextRecheckOf = (
  order: Pick<Order, 'documents'>,
  part: number,
  { offsets, now }: { offsets: readonly number[]; now: Date },
): Date | null => nextRecheck(firstStoredAt(order, part, now), offsets, now);

/** The newest revisions that are to be looked at again, part by part. One that waits for a renderer is not there yet; one that was removed is nothing to compare with. */
export const rechecks = (order: Order): (DocumentFacts & { readonly recheckAt: Date })[] =>
  invoiceParts(order).flatMap(({ document }) =>
    document?.hasPdf && document.recheckAt && !document.removedAt
      ? [{ ...document, recheckAt: document.recheckAt }]
      : [],
  );
