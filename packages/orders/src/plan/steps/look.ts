/**
 * A read for its own sake: daily while a package is open or something is held, and 1 and 7 days after the last
 * confirmation. It finds re-packed, cancelled and late packages.
 */
import type { Order } from '../../model/order.ts';
import { lastConfirmation } from '../../model/packages.ts';
import { DAY } from '../../model/schedules.ts';
import { isOpen } from '../../model/status.ts';
import { findRow } from '../../model/step-rows.ts';
import { isDue, notBlocked } from '../checks.ts';
import type { Step } from './step.ts';

const AFTER_CONFIRMATION = [DAY, 7 * DAY];

export const look: Step = {
  candidates: (order, { isHeld }) => {
    const dueAt = lookAt(order, isHeld);
    const row = findRow(order, { step: 'look', ref: '' });
    return dueAt || row ? [{ step: 'look', ref: '', sooner: isHeld, ...(dueAt ? { dueAt } : {}) }] : [];
  },
  checks: [notBlocked, isDue],
  owe: () => ({ step: 'look', ref: '' }),
  isFinished: () => false,
};

function lookAt(order: Order, isHeld: boolean): Date | null {
  const read = order.itemsReadAt;
  if (isHeld || order.packages.some(isOpen)) return read ? new Date(read.getTime() + DAY) : new Date(0);
  const confirmed = lastConfirmation(order);
  if (!confirmed) return null;
  const looks = AFTER_CONFIRMATION.map((after) => new Date(confirmed.getTime() + after));
  return looks.find((at) => !read || at > read) ?? null;
}
