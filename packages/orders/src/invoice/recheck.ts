/** When an invoice that is there is looked at again: Lazada may issue another one, and tells nobody. */
import type { DocumentFacts, Order } from '../model/order.ts';
import { invoiceParts } from './invoice-parts.ts';

/** The first of the offsets, counted from when it was stored, that is later than now; null: it is never looked at again. */
export function nextRecheck(storedAt: Date, offsets: readonly number[], now: Date): Date | null {
  const ahead = offsets.filter((offset) => storedAt.getTime() + offset > now.getTime());
  return ahead.length === 0 ? null : new Date(storedAt.getTime() + Math.min(...ahead));
}

/** The newest revisions that are to be looked at again, part by part. One that waits for a renderer is not there yet. */
export const rechecks = (order: Order): (DocumentFacts & { readonly recheckAt: Date })[] =>
  invoiceParts(order).flatMap(({ document }) =>
    document?.hasPdf && document.recheckAt ? [{ ...document, recheckAt: document.recheckAt }] : [],
  );
