/**
 * "Why was this not sent?": the same checks that `plan` walks, all of them, in words. First what stops something, in the
 * order of what a person should do: mend the account, then what was given up, then holds, then what only takes time; then
 * what passed; last, of an order that nothing stops, what it waits for, or that all is done.
 */

import { consentAgain } from '../consent/consent.ts';
import { isUsable, settingsFailure } from '../model/account-settings.ts';
import type { Order, Package } from '../model/order.ts';
import { isRecheck } from '../model/owed.ts';
import { isEnd, isKnownStatus, isOpen, lastSent } from '../model/status.ts';
import { findRow } from '../model/step-rows.ts';
import { type Judged, judgeCandidates, noticesOf } from './candidates.ts';
import { type Candidate, type Check, iso } from './checks/check.ts';
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
  const told = [
    accountCheck(order),
    ...deadlineOf(order, now),
    ...unknownStatuses(order),
    ...order.packages.flatMap(sentSoFar),
    ...candidates.flatMap((one) => tell(order, one, now)),
    ...notices.map(({ reason, detail, fix }) => ({ check: reason, ok: false, detail, ...(fix ? { fix } : {}) })),
  ];
  return [...told.toSorted((a, b) => rankOf(a) - rankOf(b)), ...lastWords(order, candidates, now)];
}

const BY_ITSELF = ['awaiting_tracking', 'tracking_missing', 'allocation', 'shipped_first', 'open_attempt', 'due'];
/** What a person should look at first; of the same rank in the order of the steps. */
function rankOf({ check, ok }: Explanation): number {
  if (ok) return check === 'account_blocked' ? 0 : 5;
  if (check === 'account_blocked') return 0;
  if (check === 'blocked') return 1;
  if (check === 'ship_by') return 3;
  return BY_ITSELF.includes(check) ? 4 : 2;
}

function lastWords(order: Order, judged: readonly Judged[], now: Date): Explanation[] {
  if (judged.every(waitsForNothing)) return [nothingAsked(order, judged)];
  const turn = turnOf(order, judged, now);
  return turn.length > 0 ? turn : waitsFor(order, judged);
}

/** A look for its own sake: at the items, at an invoice that is there, at a parcel whose carrier was asked. */
const waitsForNothing = ({ candidate, failed }: Judged): boolean =>
  candidate.step === 'look' || isRecheck(candidate) || (candidate.step === 'carrier_poll' && failed !== null);

/** A carrier that answered waits for nothing: what it said last, and when it is asked again. */
function askedAgain(order: Order, candidate: Candidate, now: Date): Explanation[] {
  const row = findRow(order, candidate);
  const isAnswered = candidate.step === 'carrier_poll' && row && !row.blocked && row.errorCode === null;
  if (!isAnswered || !row.dueAt || row.dueAt <= now) return [];
  const detail = `${nameOf(candidate)}: ${row.error ?? 'asked'}; asked again at ${iso(row.dueAt)}`;
  return [{ check: 'carrier', ok: true, detail }];
}

/** An invoice that is there waits for nothing, however long it is until it is looked at again. */
function tell(order: Order, { step, candidate }: Judged, now: Date): Explanation[] {
  const answered = askedAgain(order, candidate, now);
  if (answered.length > 0) return answered;
  const { dueAt } = candidate;
  const document = isRecheck(candidate) && order.documents.find(({ documentId }) => documentId === candidate.ref);
  if (!document || !dueAt || findRow(order, candidate)) return tellChecks(order, step, candidate, now);
  const { part, revision } = document;
  const when = dueAt > now ? `at ${iso(dueAt)}` : 'when its turn comes';
  const detail = `invoice part ${part}, revision ${revision} is there; Lazada is asked again ${when} whether there is another`;
  return [{ check: 'recheck', ok: true, detail }];
}

function tellChecks(order: Order, { checks }: Step, candidate: Candidate, now: Date): Explanation[] {
  return checks.map((check) => {
    const { ok: passes, detail, fix } = check.ask(order, candidate, { now, force: false });
    const ok = passes || isItsOwnTime(order, candidate, check);
    return { check: check.name, ok, detail: `${nameOf(candidate)}: ${detail()}`, ...(fix && !ok ? { fix } : {}) };
  });
}

/** No failure and nothing that is missing: a confirmation or a look whose time has not come stops nothing. */
const isItsOwnTime = (order: Order, candidate: Candidate, { name }: Check): boolean =>
  name === 'due' && !findRow(order, candidate);

const nameOf = ({ step, parcel }: Candidate) => (parcel ? `${step} of package ${parcel.packageId}` : step);

function accountCheck(order: Order): Explanation {
  const { account } = order;
  if (isActive(order)) return { check: 'account_blocked', ok: true, detail: `account ${account.name} is active` };
  return {
    check: 'account_blocked',
    ok: false,
    detail: `account ${account.name}: ${whyInactive(order)}`,
    fix: `${wayOut(order)}; its orders go on by themselves`,
  };
}

const wayOut = ({ account }: Order): string =>
  account.enabled && account.deliveryType === 'sof' && isUsable(account) && account.status === 'reauth_required'
    ? consentAgain(account.name)
    : 'mend the account (account set), then test it (account test)';

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

/** Of an order in which each step only waits for its time. */
function waitsFor(order: Order, judged: readonly Judged[]): Explanation[] {
  const waits = judged.filter(({ candidate, failed }) => failed?.until && !findRow(order, candidate));
  if (waits.length === 0 || waits.length < judged.length) return [];
  const [first] = waits.toSorted((a, b) => (a.failed?.until?.getTime() ?? 0) - (b.failed?.until?.getTime() ?? 0));
  if (!first?.failed?.until) return [];
  const detail = `it waits for ${WAITED_FOR[first.candidate.step] ?? nameOf(first.candidate)}${ofParcel(first.candidate)} until ${iso(first.failed.until)}`;
  return [{ check: 'waits', ok: true, detail }];
}
const WAITED_FOR: Partial<Record<Candidate['step'], string>> = {
  confirm: 'Lazada to show what it accepted',
  look: 'the next look at its items',
};
const ofParcel = ({ parcel }: Candidate) => (parcel ? ` of package ${parcel.packageId}` : '');

function nothingAsked(order: Order, looks: readonly Judged[]): Explanation {
  const next = looks.find(({ candidate }) => candidate.step === 'look')?.failed?.until;
  const again = next ? `; its items are read again at ${iso(next)}` : '';
  return { check: 'instruction', ok: true, detail: `${whatIsDone(order)}${again}` };
}

function whatIsDone({ updateShipping, toolStatus, packages, summary }: Order): string {
  const alive = packages.filter(({ state }) => state !== 'cancelled');
  const open = alive.filter(isOpen);
  if (open.length > 0)
    return `nothing is left to do until somebody says how ${open.map(({ packageId, state }) => `package ${packageId} (${state})`).join(', ')} ended: set update_delivered or update_not_delivered`;
  if (alive.length > 0 && alive.every(({ state }) => isEnd(state)))
    return `all is done: every package has ended, invoice ${summary.invoiceStatus}`;
  if (summary.status === 'cancelled') return 'all is done: every item is cancelled';
  return `nothing is left to do: update_shipping is ${updateShipping ? 1 : 0}, tool_status is ${toolStatus ?? 'empty'}, no flag is set`;
}
