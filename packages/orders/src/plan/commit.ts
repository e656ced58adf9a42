/** The end of every change: what follows from it by the rules, the host's tracking column, and what to tell of holds. */
import type { Change, Order, OrderEvent } from '../model/order.ts';
import type { Plan } from '../model/owed.ts';
import { isOpen } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { normalize } from './normalize.ts';
import { plan } from './plan.ts';

/** `before` is the order as it was loaded, where it was changed since. */
export function settle(order: Order, now: Date, before: Order = order): Change {
  const settled = withHostNumber(normalize(order, now));
  return { order: settled, events: [...unblockedEvents(before, settled), ...holdEvents(order, plan(settled, now))] };
}

/** By a person's release, a forced try or because it is not asked for any more: whoever saw it blocked is told its end. */
const unblockedEvents = (before: Order, after: Order): OrderEvent[] =>
  before.steps
    .filter((row) => row.blocked && !findRow(after, row)?.blocked)
    .map(({ step, ref }) => ({ kind: 'unblocked', data: { step, ref } }));

/** A hold is told when it begins; the stored summary is what was told last. */
function holdEvents({ summary }: Order, { held, summary: next }: Plan): OrderEvent[] {
  if (!next.holdReason || next.holdReason === summary.holdReason) return [];
  const first = held.find((one) => one.reason === next.holdReason);
  const kind = next.holdReason === 'status_mismatch' ? 'status_mismatch' : 'held';
  return [{ kind, data: { reason: next.holdReason, detail: first?.detail } }];
}

/** The first number known; replaced only when its package is no longer open or was renumbered. */
function withHostNumber(order: Order): Order {
  const numbered = order.packages.filter((pack) => pack.trackingNumber);
  const current = numbered.find((pack) => pack.trackingNumber === order.trackingNumber);
  if (current && isOpen(current)) return order;
  const next = (numbered.find(isOpen) ?? current ?? numbered[0])?.trackingNumber ?? order.trackingNumber;
  return next === order.trackingNumber ? order : { ...order, trackingNumber: next };
}
