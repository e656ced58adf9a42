/** What a failure leaves behind in the step's row. The verdict is the queue's; its consequence for the order is here. */
import type { Failure } from '../model/failure.ts';
import type { Change, Order } from '../model/order.ts';
import { DAY } from '../model/schedules.ts';
import { findRow, putRow, type StepKey } from '../model/step-rows.ts';

/** The part of a verdict that concerns the order; parking concerns its account, and leaves the order as it is. */
export type StepVerdict =
  /** A failed try: again at that time. */
  | { readonly kind: 'retry'; readonly dueAt: Date }
  /** Uses up no try: looked at again at that time. */
  | { readonly kind: 'wait'; readonly dueAt: Date }
  | { readonly kind: 'block' };

const LONGEST_ERROR = 500;
/** A failure's words as they are stored. */
export const storedError = ({ message }: Failure): string => message.slice(0, LONGEST_ERROR);

export function failStep(order: Order, key: StepKey, failure: Failure, verdict: StepVerdict, now: Date): Change {
  const tries = findRow(order, key)?.tries ?? 0;
  const error = { errorCode: failure.code, error: storedError(failure) };
  switch (verdict.kind) {
    case 'retry':
      return {
        order: putRow(order, key, now, { ...error, tries: tries + 1, dueAt: verdict.dueAt, blocked: false }),
        events: [],
      };
    case 'wait': {
      // To wait for one's turn is no reason of its own: what is waited for keeps its ladder.
      const reason = failure.kind === 'rate-limited' && findRow(order, key)?.errorCode ? {} : error;
      return { order: putRow(order, key, now, { ...reason, dueAt: verdict.dueAt, blocked: false }), events: [] };
    }
    case 'block':
      return {
        order: putRow(order, key, now, { ...error, tries: tries + 1, dueAt: blockedUntil(key, now), blocked: true }),
        events: [{ kind: 'blocked', data: { step: key.step, ref: key.ref, code: failure.code, reason: error.error } }],
      };
  }
}

/** A look that is given up goes on daily: nobody else would see that the order can go on. */
const blockedUntil = ({ step }: StepKey, now: Date): Date | null =>
  step === 'look' ? new Date(now.getTime() + DAY) : null;
