/**
 * What an order is owed, computed from its rows and never remembered: every candidate of every step goes through the
 * step's checks, and the first that fails says whether it is held, blocked or waits. Whatever passes them all is owed now.
 *
 * Held, blocked and owed steps stand side by side: one package's hold never stops another's status.
 */

import { isUsable } from '../model/account-settings.ts';
import type { Order } from '../model/order.ts';
import type { Blocked, Held, OwedStep, Plan } from '../model/owed.ts';
import { type Judged, judgeCandidates, noticesOf } from './candidates.ts';
import { settleRows } from './settle.ts';
import { sameSummary, summarize } from './summary.ts';

export type PlanOptions = {
  /** Tries blocked steps and ignores waits (never an open attempt, never a hold). */
  readonly force?: boolean;
};

export function plan(order: Order, now: Date, { force = false }: PlanOptions = {}): Plan {
  const { order: settled } = settleRows(order, now);
  const planned = planSettled(settled, now, { force });
  const isSettled = settled === order && sameSummary(order.summary, planned.summary);
  if (isSettled || planned.due.some(settles)) return afterAccount(order, planned, now);
  return afterAccount(order, { ...planned, due: [...planned.due, { step: 'settle', ref: '' }] }, now);
}

/** `due`: what is owed as if the account were active. */
export type Planned = Omit<Plan, 'owed' | 'nextAt'> & { readonly due: readonly OwedStep[] };

/** The plan of an order whose rows are settled and whose summary will be stored with it. */
export function planSettled(order: Order, now: Date, { force = false }: PlanOptions = {}): Planned {
  const notices = noticesOf(order, now);
  const judged = judgeCandidates(order, notices, { now, force });
  const held = [...judged.flatMap(heldOf), ...notices];
  const blocked = judged.flatMap(blockedOf);
  return {
    due: judged.filter(({ failed }) => !failed).map(({ step, candidate }) => step.owe(candidate)),
    laterAt: earliest(judged.flatMap(({ failed }) => failed?.until ?? [])),
    held,
    blocked,
    summary: summarize(order, { held, blocked }),
  };
}

/** Nothing is owed while the account is not active, but its time stays. */
export const afterAccount = (order: Order, { due, ...rest }: Planned, now: Date): Plan => ({
  ...rest,
  owed: isActive(order) ? due : [],
  nextAt: due.length > 0 ? now : rest.laterAt,
});

/**
 * Whatever writes the order settles it too; but a number, an invoice or a carrier may be another worker's for hours, and
 * lists must be true before that.
 */
const settles = ({ step }: OwedStep): boolean => !ELSEWHERE.has(step);
const ELSEWHERE: ReadonlySet<OwedStep['step']> = new Set([
  'tracking',
  'invoice_fetch',
  'invoice_upload',
  'carrier_poll',
]);

export const isActive = ({ account }: Pick<Order, 'account'>): boolean =>
  account.enabled && account.status === 'active' && account.deliveryType === 'sof' && isUsable(account);

function heldOf({ candidate: { step, ref }, failed }: Judged): Held[] {
  if (!failed?.hold) return [];
  const { hold, detail, fix, until } = failed;
  return [{ reason: hold, step, ref, detail: detail(), ...(fix ? { fix } : {}), ...(until ? { until } : {}) }];
}

const blockedOf = ({ candidate: { step, ref }, failed }: Judged): Blocked[] =>
  failed?.blocked ? [{ step, ref, detail: failed.detail() }] : [];

const earliest = (times: readonly Date[]): Date | null =>
  times.reduce<Date | null>((a, b) => (a && a < b ? a : b), null);
