/** "Why was this not sent?": the same checks that `plan` walks, all of them, in words. */

import { isUsable, settingsFailure } from '../model/account-settings.ts';
import type { Order, Package } from '../model/order.ts';
import { isKnownStatus, lastSent } from '../model/status.ts';
import { type Judged, judgeCandidates, noticesOf } from './candidates.ts';
import { type Candidate, iso } from './checks/check.ts';
import { deadlineInWords } from './deadline.ts';
import { isActive } from './plan.ts';
import type { Step } from './steps/step.ts';

export type Explanation = {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
};

export function explain(order: Order, now: Date): Explanation[] {
  const notices = noticesOf(order, now);
  const candidates = judgeCandidates(order, notices, { now, force: false });
  return [
    accountCheck(order),
    ...deadlineOf(order, now),
    ...unknownStatuses(order),
    ...order.packages.flatMap(sentSoFar),
    ...candidates.flatMap(({ step, candidate }) => tellChecks(order, step, candidate, now)),
    ...notices.map(({ reason, detail, fix }) => ({ check: reason, ok: false, detail, ...(fix ? { fix } : {}) })),
    ...(candidates.every(({ candidate }) => candidate.step === 'look')
      ? [nothingAsked(order)]
      : turnOf(order, candidates, now)),
  ];
}

function tellChecks(order: Order, { checks }: Step, candidate: Candidate, now: Date): Explanation[] {
  return checks.map((check) => {
    const { ok, detail, fix } = check.ask(order, candidate, { now, force: false });
    return { check: check.name, ok, detail: `${nameOf(candidate)}: ${detail()}`, ...(fix && !ok ? { fix } : {}) };
  });
}

const nameOf = ({ step, parcel }: Candidate) => (parcel ? `${step} of package ${parcel.packageId}` : step);

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
  if (!isUsable(account)) return settingsFailure(account).message;
  return `it is parked as ${account.status}${account.statusReason ? `: ${account.statusReason}` : ''}`;
}

/** It stops nothing; what is late stands here for a person to hurry. */
function deadlineOf(order: Order, now: Date): Explanation[] {
  const detail = deadlineInWords(order, now);
  if (detail === null || !order.shipBy) return [];
  if (order.shipBy > now) return [{ check: 'ship_by', ok: true, detail }];
  const fix = order.updateShipping
    ? 'look at what stops ready_to_ship: Lazada may cancel what is not ready in time'
    : 'set it ready to ship (update_shipping=1, tool_status=ready_for_delivery): Lazada may cancel what is not ready in time';
  return [{ check: 'ship_by', ok: false, detail, fix }];
}

/** They move nothing, so an order may stand still for no reason that a check of ours knows. */
const unknownStatuses = ({ items }: Order): Explanation[] =>
  (items ?? [])
    .filter(({ status }) => !isKnownStatus(status))
    .map(({ orderItemId, status }) => ({
      check: 'item_status',
      ok: false,
      detail: `item ${orderItemId} shows "${status}", a status that this version does not know: it moves nothing`,
      fix: 'look at the order in the Seller Center; it goes on when Lazada shows a known status',
    }));

function sentSoFar(parcel: Package): Explanation[] {
  const sent = lastSent(parcel);
  if (!sent) return [];
  const confirmed = parcel.confirmedAt ? `confirmed ${parcel.confirmedAt.toISOString()}` : 'not confirmed yet';
  return [
    {
      check: 'sent',
      ok: true,
      detail: `${sent.status} of package ${parcel.packageId} was accepted ${sent.at.toISOString()}, ${confirmed}`,
    },
  ];
}

/** Of what no check stops. The time is a place in the account's line, or the lease under which it was handed on. */
function turnOf(order: Order, judged: readonly Judged[], now: Date): Explanation[] {
  const owed = new Set(judged.filter(({ failed }) => !failed).map(({ candidate }) => nameOf(candidate)));
  const at = order.nextAttemptAt;
  if (owed.size === 0 || !at || at <= now || !isActive(order)) return [];
  const detail = `nothing stops ${[...owed].join(', ')}: handed on to a worker, or comes to its turn at about ${iso(at)}`;
  return [{ check: 'turn', ok: true, detail }];
}

function nothingAsked(order: Order): Explanation {
  const { updateShipping, toolStatus } = order;
  return {
    check: 'instruction',
    ok: true,
    detail: `nothing is left to do: update_shipping is ${updateShipping ? 1 : 0}, tool_status is ${toolStatus ?? 'empty'}, no flag is set`,
  };
}
