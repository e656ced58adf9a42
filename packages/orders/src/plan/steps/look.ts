/**
 * A read for its own sake: daily while the order is not over, or something is held or blocked, and 1 and 7 days after the
 * last confirmation. It finds re-packed, cancelled and late packages. It is never given up: when it is blocked it goes on
 * daily, since nothing else would find out that the order can go on.
 */
import type { HoldReason, Order } from '../../model/order.ts';
import { isUnderWay, lastConfirmation } from '../../model/packages.ts';
import { DAY } from '../../model/schedules.ts';
import { isOpen } from '../../model/status.ts';
import { findRow } from '../../model/step-rows.ts';
import { isDue, notBlockedToday } from '../checks/turns.ts';
import type { Circumstances, Step } from './step.ts';

/** Holds that a read may end: the flag that is held is sent right after it. */
const ENDED_BY_READING: ReadonlySet<HoldReason> = new Set([
  'cancel_pending',
  'not_sof',
  'too_early',
  'awaiting_tracking',
]);

const AFTER_CONFIRMATION = [DAY, 7 * DAY];

export const look: Step = {
  candidates: (order, circumstances) => {
    const dueAt = lookAt(order, circumstances);
    const row = findRow(order, { step: 'look', ref: '' });
    const { holds } = circumstances;
    const how = { sooner: holds.length > 0, hurry: holds.some((reason) => ENDED_BY_READING.has(reason)) };
    return dueAt || row ? [{ step: 'look', ref: '', ...how, ...(dueAt ? { dueAt } : {}) }] : [];
  },
  checks: [notBlockedToday, isDue],
  owe: ({ hurry }) => ({ step: 'look', ref: '', ...(hurry ? { hurry: true } : {}) }),
  isFinished: () => false,
};

function lookAt(order: Order, { holds, isBlocked }: Circumstances): Date | null {
  const read = order.itemsReadAt;
  if (holds.length > 0 || isBlocked || order.packages.some(isOpen) || isUnderWay(order))
    return read ? new Date(read.getTime() + DAY) : new Date(0);
  const confirmed = lastConfirmation(order);
  if (!confirmed) return null;
  const looks = AFTER_CONFIRMATION.map((after) => new Date(confirmed.getTime() + after));
  return looks.find((at) => !read || at > read) ?? null;
}
