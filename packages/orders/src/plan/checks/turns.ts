/** What makes a step wait for its turn: for another step, for an outcome, for its time, or for a person after failures. */
import { waitsForAllocation } from '../../model/allocation.ts';
import { traitsOf } from '../../model/drivers.ts';
import type { StepRow } from '../../model/order.ts';
import { DAY } from '../../model/schedules.ts';
import { isEnd } from '../../model/status.ts';
import { findRow } from '../../model/step-rows.ts';
import { openAttemptOf, readBackAt } from '../../records/attempt.ts';
import { type Check, type CheckResult, iso, passed } from './check.ts';
import { wayOut } from './ways-out.ts';

/** No hold: the step before it stands on the same list and moves by itself. */
export const shippedFirst: Check = {
  name: 'shipped_first',
  ask: ({ account }, { parcel }) =>
    !traitsOf(account).reportsShipped || !parcel || isEnd(parcel.state) || parcel.state === 'shipped'
      ? passed(() => 'shipped has been accepted, or is not needed')
      : {
          ok: false,
          detail: () => `shipped of package ${parcel.packageId} goes first`,
          fix: 'nothing to do here: look at what stops shipped, it goes on after that',
        },
};

export const noOpenAttempt: Check = {
  name: 'open_attempt',
  ask: (order, { parcel }) => {
    const attempt = parcel && openAttemptOf(order, parcel.id);
    if (!attempt) return passed(() => 'nothing of it is under way');
    const at = readBackAt(order, attempt);
    return {
      ok: false,
      detail: () =>
        `${attempt.status} was sent at ${iso(attempt.startedAt)}, its outcome is unknown; the items are read back at ${iso(at)}`,
      fix: 'nothing to do: a status may not be sent again before it is known that it did not arrive',
    };
  },
};

export const notBlocked: Check = {
  name: 'blocked',
  ask: (order, candidate, { force }) => {
    const row = findRow(order, candidate);
    return row?.blocked && !force ? givenUp(row) : passed(() => 'it is not blocked');
  },
};

/** Blocked, a person's turn, and nevertheless tried again when its time comes. */
export const notBlockedToday: Check = {
  name: 'blocked',
  ask: (order, candidate, { now, force }) => {
    const row = findRow(order, candidate);
    const until = row?.blocked ? (row.dueAt ?? new Date(row.since.getTime() + DAY)) : now;
    return !row || force || until <= now ? passed(() => 'it is not blocked') : { ...givenUp(row), until };
  },
};

const givenUp = (row: StepRow): CheckResult => ({
  ok: false,
  blocked: true,
  detail: () => `it was given up: ${because(row)}`,
  fix: wayOut(row),
});

const because = ({ errorCode, error }: StepRow) => [errorCode ?? 'without a code', error].filter(Boolean).join(': ');

/** No hold: packages that are packed go on, and so does everything once the account names its carrier. */
export const isAllocated: Check = {
  name: 'allocation',
  ask: (order, candidate, { now, force }) => {
    const row = findRow(order, candidate);
    if (!row?.dueAt || row.dueAt <= now || force || !waitsForAllocation(row, order.account))
      return passed(() => 'who carries its parcels is known, or asked when they are packed');
    const { name } = order.account;
    const fix = `set the shipment provider of account ${name} (account set); its orders go on by themselves`;
    return { ok: false, until: row.dueAt, detail: () => row.error ?? 'nobody has named who carries its parcels', fix };
  },
};

/** Force ends the waits that are written down. What is only not due yet, a confirmation say, is no wait. */
export const isDue: Check = {
  name: 'due',
  ask: (order, candidate, { now, force }) => {
    const row = findRow(order, candidate);
    const due = row?.dueAt ?? candidate.dueAt;
    const forceable = row !== undefined || candidate.sooner === true;
    if (!due || due <= now || (force && forceable)) return passed(() => 'it is due');
    return notDue(
      due,
      row,
      forceable ? 'nothing to do, or try it now (order send)' : 'nothing to do: it goes on by itself then',
    );
  },
};

/** Nothing hurries a read-back: what is under way has to have arrived by then. */
export const isReadBackDue: Check = {
  name: 'due',
  ask: (order, candidate, { now }) => {
    const row = findRow(order, candidate);
    const due = latest(candidate.dueAt, row?.dueAt);
    return !due || due <= now
      ? passed(() => 'it is due')
      : notDue(due, row, 'nothing to do: it goes on by itself then');
  },
};

const notDue = (due: Date, row: StepRow | undefined, fix: string): CheckResult => ({
  ok: false,
  until: due,
  detail: () => `it waits until ${iso(due)}${row?.error ? `: ${row.error}` : ''}`,
  fix,
});
const latest = (a?: Date, b?: Date | null) => (a && b ? (a > b ? a : b) : (a ?? b ?? undefined));
