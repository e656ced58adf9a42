/**
 * The invoice exists once something is ready to ship: asked for until every part of it is there as a PDF. What is there is
 * looked at again when its time has come, each part under a `ref` of its own, so that neither waits for the other.
 */
import { invoiceParts } from '../../invoice/invoice-parts.ts';
import { rechecks } from '../../invoice/recheck.ts';
import type { Order } from '../../model/order.ts';
import { isRecheck } from '../../model/owed.ts';
import { isPastReadyToShip } from '../../model/packages.ts';
import { isDue, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

export const invoiceFetch: Step = {
  candidates: (order, { force }) => [
    ...(isPastReadyToShip(order) && (force || isMissing(order)) ? [{ step: 'invoice_fetch', ref: '' } as const] : []),
    ...rechecks(order).map(
      ({ documentId, recheckAt }) => ({ step: 'invoice_fetch', ref: documentId, dueAt: recheckAt }) as const,
    ),
  ],
  checks: [notBlocked, isDue],
  owe: ({ ref }) => ({ step: 'invoice_fetch', ref }),
  isFinished: (order, row) =>
    isRecheck(row)
      ? !rechecks(order).some(({ documentId }) => documentId === row.ref)
      : // A fetch on demand that failed leaves no row once there is an invoice for every item.
        invoiceParts(order).length > 0 && !isMissing(order),
};

const isMissing = (order: Order): boolean => invoiceParts(order).some((part) => !part.document?.hasPdf);
