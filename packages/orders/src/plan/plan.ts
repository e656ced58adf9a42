/**
 * What an order is owed, computed from its rows and never remembered: every subject goes through its checks, and the
 * first that fails says whether it is held, blocked or waits. Whatever passes them all is owed now.
 *
 * Held, blocked and owed steps stand side by side: one package's hold never stops another's status.
 */

import type { Order } from '../model/order.ts';
import type { Blocked, Held, OwedStep, Plan } from '../model/owed.ts';
import { HOUR } from '../model/schedules.ts';
import { confirms, isOpen, lastSent, shownState } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { lookOf, subjectsOf } from './candidates.ts';
import { CHECKS, type CheckContext, type CheckResult, type Subject } from './checks.ts';
import { tidy } from './normalize.ts';
import { sameSummary, summarize } from './summary.ts';

export type PlanOptions = {
  /** Tries blocked steps and ignores waits (never an open attempt, never a hold). */
  readonly force?: boolean;
};

export function plan(order: Order, now: Date, { force = false }: PlanOptions = {}): Plan {
  const context = { now, force };
  const asked = subjectsOf(order, { force }).map((subject) => judge(order, subject, context));
  const notices = noticesOf(order, now);
  const held = [...asked.flatMap(heldOf), ...notices];
  const judged = [...asked, ...lookOf(order, held.length > 0).map((subject) => judge(order, subject, context))];
  const blocked = judged.flatMap(blockedOf);
  const summary = summarize(order, { held, blocked });
  const settle = tidy(order, now) !== order || !sameSummary(order.summary, summary);
  const due = judged.filter(({ failed }) => !failed).map(({ subject }) => owe(subject));
  const owed: OwedStep[] = settle && !due.some(settles) ? [...due, { step: 'settle', ref: '' }] : due;
  const times = judged.flatMap(({ failed }) => failed?.until ?? []);
  const nextAt = owed.length > 0 ? now : earliest(times);
  return { owed: isActive(order) ? owed : [], held, blocked, nextAt, summary };
}

/**
 * Whatever writes the order settles it too; but a number or an invoice may be another worker's for hours, and lists must
 * be true before that.
 */
const settles = ({ step }: OwedStep): boolean =>
  step !== 'tracking' && step !== 'invoice_fetch' && step !== 'invoice_upload';

export const isActive = ({ account }: Pick<Order, 'account'>): boolean =>
  account.enabled && account.status === 'active' && account.deliveryType === 'sof';

type Judged = { readonly subject: Subject; readonly failed: CheckResult | null };

function judge(order: Order, subject: Subject, context: CheckContext): Judged {
  for (const check of CHECKS[subject.readBack ? 'read_back' : subject.step]) {
    const result = check.ask(order, subject, context);
    if (!result.ok) return { subject, failed: result };
  }
  return { subject, failed: null };
}

function heldOf({ subject, failed }: Judged): Held[] {
  if (!failed?.hold) return [];
  const { hold, detail, fix, until } = failed;
  return [
    {
      reason: hold,
      step: subject.step,
      ref: subject.ref,
      detail,
      ...(fix ? { fix } : {}),
      ...(until ? { until } : {}),
    },
  ];
}

const blockedOf = ({ subject, failed }: Judged): Blocked[] =>
  failed?.blocked ? [{ step: subject.step, ref: subject.ref, code: '', detail: failed.detail }] : [];

/** Two things that stop nothing and that a person should know. */
export function noticesOf(order: Order, now: Date): Held[] {
  return order.packages.flatMap((pack) => [...mismatch(order, pack, now), ...numberMissing(order, pack, now)]);
}

function mismatch(order: Order, pack: Order['packages'][number], now: Date): Held[] {
  const sent = lastSent(pack);
  if (!sent || pack.state === 'cancelled') return [];
  const answer = confirms(shownState(order.items ?? [], pack.packageId), sent.status);
  const late = !pack.confirmedAt && now.getTime() - sent.at.getTime() >= 24 * HOUR;
  if (answer === 'yes' || (answer === 'not_yet' && !late)) return [];
  return [
    {
      reason: 'status_mismatch',
      step: 'confirm',
      ref: pack.id,
      detail: `Lazada accepted ${sent.status} of package ${pack.packageId} and ${answer === 'other_end' ? 'shows the other end' : 'does not show it after a day'}`,
      fix: 'order send posts it again, order release takes over what Lazada shows',
    },
  ];
}

function numberMissing(order: Order, pack: Order['packages'][number], now: Date): Held[] {
  const row = findRow(order, { step: 'tracking', ref: pack.id });
  const missing = isOpen(pack) && !pack.trackingNumber && row && now.getTime() - row.since.getTime() >= 24 * HOUR;
  if (!missing) return [];
  const detail = `package ${pack.packageId} has had no tracking number since ${row.since.toISOString()}`;
  return [{ reason: 'tracking_missing', step: 'tracking', ref: pack.id, detail }];
}

/** The step as its worker needs it. A subject that passed its checks has what these need. */
function owe({ step, ref, pack, occurredAt, readBack }: Subject): OwedStep {
  const packageId = pack?.packageId ?? '';
  switch (step) {
    case 'ready_to_ship':
    case 'look':
    case 'invoice_fetch':
      return { step, ref: '' };
    case 'invoice_upload':
      return { step, ref };
    case 'tracking':
    case 'confirm':
      return { step, ref, packageId };
    case 'shipped':
    case 'delivered':
    case 'not_delivered':
      if (readBack) return { step: 'read_back', of: step, ref, packageId };
      return {
        step,
        ref,
        packageId,
        trackingNumber: pack?.trackingNumber ?? '',
        occurredAt: occurredAt ?? new Date(0),
      };
    case 'carrier_poll':
      throw new Error('carrier_poll is not planned');
  }
}

const earliest = (times: readonly Date[]): Date | null =>
  times.reduce<Date | null>((a, b) => (a && a < b ? a : b), null);
