/** Everything that could be asked of an order now, and the first thing that stands in the way of each. */
import type { Order } from '../model/order.ts';
import type { Held } from '../model/owed.ts';
import type { Candidate, CheckContext, CheckResult } from './checks/check.ts';
import { STEPS } from './steps/catalog.ts';
import type { Step } from './steps/step.ts';

/** `failed`: the first check that it does not pass; null: it is owed. */
export type Judged = { readonly step: Step; readonly candidate: Candidate; readonly failed: CheckResult | null };

export function judgeCandidates(order: Order, notices: readonly Held[], context: CheckContext): Judged[] {
  const judged: Judged[] = [];
  for (const step of STEPS) {
    const circumstances = {
      force: context.force,
      holds: [...notices.map(({ reason }) => reason), ...judged.flatMap(({ failed }) => failed?.hold ?? [])],
      isBlocked: judged.some(({ failed }) => failed?.blocked),
    };
    for (const candidate of step.candidates(order, circumstances)) {
      judged.push({ step, candidate, failed: firstFailing(order, step, candidate, context) });
    }
  }
  return judged;
}

function firstFailing(order: Order, step: Step, candidate: Candidate, context: CheckContext): CheckResult | null {
  for (const check of step.checks) {
    const result = check.ask(order, candidate, context);
    if (!result.ok) return result;
  }
  return null;
}

/** What stops nothing and a person should know. */
export const noticesOf = (order: Order, now: Date): Held[] => STEPS.flatMap((step) => step.notices?.(order, now) ?? []);
