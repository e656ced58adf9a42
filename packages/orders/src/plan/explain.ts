/** "Why was this not sent?": the same checks that `plan` walks, all of them, in words. */

import type { Order, Package } from '../model/order.ts';
import { lastSent } from '../model/status.ts';
import { lookOf, subjectsOf } from './candidates.ts';
import { CHECKS, type Subject } from './checks.ts';
import { isActive, noticesOf } from './plan.ts';

export type Explanation = {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
};

export function explain(order: Order, now: Date): Explanation[] {
  const subjects = subjectsOf(order);
  const held = noticesOf(order, now);
  return [
    accountCheck(order),
    ...order.packages.flatMap(sentSoFar),
    ...[...subjects, ...lookOf(order, held.length > 0)].flatMap((subject) => walk(order, subject, now)),
    ...held.map(({ reason, detail, fix }) => ({ check: reason, ok: false, detail, ...(fix ? { fix } : {}) })),
    ...(subjects.length === 0 ? [nothingAsked(order)] : []),
  ];
}

function walk(order: Order, subject: Subject, now: Date): Explanation[] {
  const of = subject.pack ? ` of package ${subject.pack.packageId}` : '';
  return CHECKS[subject.readBack ? 'read_back' : subject.step].map((check) => {
    const { ok, detail, fix } = check.ask(order, subject, { now, force: false });
    return { check: check.name, ok, detail: `${subject.step}${of}: ${detail}`, ...(fix && !ok ? { fix } : {}) };
  });
}

function accountCheck(order: Order): Explanation {
  const { account } = order;
  if (isActive(order)) return { check: 'account_blocked', ok: true, detail: `account ${account.name} is active` };
  return {
    check: 'account_blocked',
    ok: false,
    detail: `account ${account.name}: ${whyInactive(order)}`,
    fix: 'mend the account (account set), then test it (account test); its orders go on by themselves',
  };
}

function whyInactive({ account }: Order): string {
  if (!account.enabled) return 'it is disabled';
  if (account.deliveryType !== 'sof') return `its delivery type is ${account.deliveryType ?? 'not set'}, not sof`;
  return `it is parked as ${account.status}${account.statusReason ? `: ${account.statusReason}` : ''}`;
}

function sentSoFar(pack: Package): Explanation[] {
  const sent = lastSent(pack);
  if (!sent) return [];
  const confirmed = pack.confirmedAt ? `confirmed ${pack.confirmedAt.toISOString()}` : 'not confirmed yet';
  return [
    {
      check: 'sent',
      ok: true,
      detail: `${sent.status} of package ${pack.packageId} was accepted ${sent.at.toISOString()}, ${confirmed}`,
    },
  ];
}

function nothingAsked(order: Order): Explanation {
  const { updateShipping, toolStatus } = order;
  return {
    check: 'instruction',
    ok: true,
    detail: `nothing is left to do: update_shipping is ${updateShipping ? 1 : 0}, tool_status is ${toolStatus ?? 'empty'}, no flag is set`,
  };
}
