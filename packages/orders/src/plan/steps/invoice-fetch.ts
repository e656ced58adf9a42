/** The invoice exists once something is ready to ship: asked for until every part of it is there. */
import { invoiceParts } from '../../invoice/invoice-parts.ts';
import type { Order } from '../../model/order.ts';
import { isPastReadyToShip } from '../../model/packages.ts';
import { isDue, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

export const invoiceFetch: Step = {
  candidates: (order, { force }) =>
    isPastReadyToShip(order) && (force || isMissing(order)) ? [{ step: 'invoice_fetch', ref: '' }] : [],
  checks: [notBlocked, isDue],
  owe: () => ({ step: 'invoice_fetch', ref: '' }),
  // A fetch on demand that failed leaves no row once there is an invoice for every item.
  isFinished: (order) => invoiceParts(order).length > 0 && !isMissing(order),
};

const isMissing = (order: Order): boolean => invoiceParts(order).some((part) => part.document === null);
