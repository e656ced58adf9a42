/**
 * A read for its own sake: daily while the order is not over, or something is held or blocked, and 1 and 7 days after the
 * last confirmation. It finds re-packed, cancelled and late packages. It is never given up: when it is blocked it goes on
 * daily, since nothing else would find out that the order can go on.
 */
import type { Order } from '../../model/order.ts';
import { isUnderWay, lastConfirmation } from '../../model/packages.ts';
import { DAY } from '../../model/schedules.ts';
import { isOpen } from '../../model/status.ts';
import { findRow } from '../../model/step-rows.ts';
import { isDue, notBlockedToday } from '../checks/turns.ts';
import type { Circumstances, Step } from './step.ts';

const AFTER_CONFIRMATION = [DAY, 7 * DAY];

export const look: Step = {
  candidates: (order, circumstances) => {
    const dueAt = lookAt(order, circumstances);
    const row = findRow(order, { step: 'look', ref: '' });
    const sooner = circumstances.isHeld;
    return dueAt || row ? [{ step: 'look', ref: '', sooner, ...(dueAt ? { dueAt } : {}) }] : [];
  },
  checks: [notBlockedToday, isDue],
  owe: ({ sooner }) => ({ step: 'look', ref: '', ...(sooner ? { hurry: true } : {}) }),
  isFinished: () => false,
};

function lookAt(order: Order, { isHeld, isBlocked }: Circumstances): Date | null {
  const read = order.itemsReadAt;
  if (isHeld || isBlocked || order.packages.some(isOpen) || isUnderWay(order))
    return read ? new Date(read.getTime() + DAY) : new Date(0);
  const confirmed = lastConfirmation(order);
  if (!confirmed) return null;
  const looks = AFTER_CONFIRMATION.map((after) => new Date(confirmed.getTime() + after));
  return looks.find((at) => !read || at > read) ?? null;
}
