/**
 * The end of every change: what follows from it by the rules, what to tell of holds and blocks, what is owed then, and
 * when to look again. One pure function with one pass of the plan, so that whoever stores orders stores them alike.
 */
import type { Change, Order, OrderEvent, Summary } from '../model/order.ts';
import type { Plan } from '../model/owed.ts';
import { isOpen } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { afterAccount, type Planned, plan, planSettled } from './plan.ts';
import { settleRows } from './settle.ts';

export type Committing = {
  readonly now: Date;
  /** So long whoever makes the change has to hand on what is owed; then the order is due again. */
  readonly leaseMs: number;
};

/** The order as it is to be stored, with its summary and the time of the next look, and everything that is to be told. */
export type Committed = { readonly order: Order; readonly plan: Plan; readonly events: readonly OrderEvent[] };

/**
 * `before` is the order as it was loaded under its lock; its new parts have their ids by now. Null: the rule had nothing to
 * write, and only the time of the next look may change.
 */
export function commit(before: Order, change: Change | null, { now, leaseMs }: Committing): Committed {
  if (change === null) return leaveAlone(before, now);
  const { order: settled, events } = settleRows(change.order, now);
  const order = withHostNumber(settled);
  const planned = planSettled(order, now);
  const next = afterAccount(order, planned, now);
  return {
    order: { ...order, summary: planned.summary, nextAttemptAt: nextLook(next, { now, leaseMs }) },
    plan: next,
    events: [...change.events, ...events, ...unblockedEvents(before, order), ...holdEvents(before.summary, planned)],
  };
}

/** What waits for a time of its own is not to wait for the lease of what is owed now: its worker may be hours behind. */
function nextLook({ owed, nextAt, laterAt }: Plan, { now, leaseMs }: Committing): Date | null {
  if (owed.length === 0) return nextAt;
  const leaseEnd = new Date(now.getTime() + leaseMs);
  return laterAt && laterAt < leaseEnd ? laterAt : leaseEnd;
}

/** Where something is owed, whoever holds the order's lease goes on with it. */
function leaveAlone(order: Order, now: Date): Committed {
  const next = plan(order, now);
  const nextAttemptAt = next.owed.length > 0 ? order.nextAttemptAt : next.nextAt;
  return { order: { ...order, nextAttemptAt }, plan: next, events: [] };
}

/** By a person's release, a forced try or because it is not asked for any more: whoever saw it blocked is told its end. */
const unblockedEvents = (before: Order, after: Order): OrderEvent[] =>
  before.steps
    .filter((row) => row.blocked && !findRow(after, row)?.blocked)
    .map(({ step, ref }) => ({ kind: 'unblocked', data: { step, ref } }));

/** A hold is told when it begins; the stored summary is what was told last. */
function holdEvents({ holdReason }: Summary, { held, summary }: Planned): OrderEvent[] {
  if (!summary.holdReason || summary.holdReason === holdReason) return [];
  const first = held.find(({ reason }) => reason === summary.holdReason);
  const kind = summary.holdReason === 'status_mismatch' ? 'status_mismatch' : 'held';
  return [{ kind, data: { reason: summary.holdReason, detail: first?.detail } }];
}

/** The first number known; replaced only when its package is no longer open or was renumbered. */
function withHostNumber(order: Order): Order {
  const numbered = order.packages.filter((parcel) => parcel.trackingNumber);
  const current = numbered.find((parcel) => parcel.trackingNumber === order.trackingNumber);
  if (current && isOpen(current)) return order;
  const next = (numbered.find(isOpen) ?? current ?? numbered[0])?.trackingNumber ?? order.trackingNumber;
  return next === order.trackingNumber ? order : { ...order, trackingNumber: next };
}
