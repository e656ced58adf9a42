/**
 * The run that the daily jobs share: one account, one day. Its row says whether something is left to do and how often it
 * failed; what a failure means decides the verdict, as for an order's step. Safe to run twice and for a day that the clock
 * never asked for.
 */
import {
  type Account,
  type Accounts,
  asFailure,
  type DailyJobName,
  type DailyKey,
  type DailyRow,
  type DailyRows,
  type Day,
  type Failure,
  isOver,
  MINUTE,
} from '@lazada-sof/orders';
import { type Verdict, verdict } from '../order-job/verdict.ts';
import type { JobResult } from '../worker/job-result.ts';

export type DayToPerform = {
  readonly account: Account;
  readonly day: Day;
  /** Somebody wants it at once. */
  readonly isAsked: boolean;
  /** The database's time. */
  readonly now: Date;
  readonly signal: AbortSignal;
};
/** What is to be done for an account's day. Throws a `Failure` where the outside did not go along. */
export type PerformDay = (of: DayToPerform) => Promise<unknown>;

export type DayJobTools = {
  readonly job: DailyJobName;
  readonly rows: DailyRows;
  readonly accounts: Accounts & { byId(accountId: string): Promise<Account | null> };
  readonly perform: PerformDay;
  /** Told once when it is given up, after so many tries (left out: when the verdict blocks). */
  readonly givenUp?: (of: { account: Account; day: Day; failure: Failure }) => Promise<void>;
  readonly mostTries?: number;
  /** So long after it was given up it is tried again, for ever: for what somebody else mends for all days at once. */
  readonly againAfterMs?: number;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
};

export type DayJobRequest = { readonly accountId: string; readonly date: Day; readonly signal: AbortSignal };

export function dayJob(tools: DayJobTools): (request: DayJobRequest) => Promise<JobResult> {
  const { job, rows, accounts, perform } = tools;
  return async ({ accountId, date, signal }) => {
    const account = await accounts.byId(accountId);
    if (!account) return 'superseded';
    const key = { accountId, job, day: date };
    const about = `${account.name}/${date}`;
    // Before its row is made: one of a day to come would be handed on until that day is over.
    if (!isOver(date, { now: await rows.now(), timezone: account.timezone }))
      return { outcome: 'failed', reason: `${about}: that day is not over in ${account.timezone}; ask again tomorrow` };
    const row = await rows.begin(key);
    try {
      await perform({ account, day: date, isAsked: row.askedAt !== null, now: row.now, signal });
      await rows.finish(key, row);
      return 'done';
    } catch (error) {
      if (signal.aborted) throw error;
      return afterFailure({ account, key, row, failure: asFailure(error), about }, tools);
    }
  };
}

type Failed = {
  readonly account: Account;
  readonly key: DailyKey;
  readonly row: DailyRow;
  readonly failure: Failure;
  readonly about: string;
};

async function afterFailure(failed: Failed, tools: DayJobTools): Promise<JobResult> {
  const { account, key, row, failure, about } = failed;
  const decided = judge(failed, tools);
  const reason = `${about}: ${failure.message}`;
  const why = { tries: row.tries, code: failure.code, error: failure.message };
  switch (decided.kind) {
    case 'retry': {
      await tools.rows.fail(key, { ...why, tries: row.tries + 1, dueAt: decided.dueAt }, row);
      if (!decided.jobGoesOn) return { outcome: 'failed', reason, cause: failure };
      return { outcome: 'retried', reason, cause: failure, delayMs: msUntil(decided.dueAt, row.now) };
    }
    case 'wait': {
      await tools.rows.fail(key, { ...why, dueAt: decided.dueAt }, row);
      const delayMs = msUntil(decided.dueAt, row.now);
      return delayMs <= MINUTE ? { outcome: 'snoozed', reason, cause: failure, delayMs } : 'done';
    }
    case 'block':
      // Ours first: where the other cannot be written, the day is given up all the same.
      await tools.rows.fail(key, { ...why, tries: row.tries + 1, dueAt: againAt(row, tools) }, row);
      await tools.givenUp?.({ account, day: key.day, failure });
      return { outcome: 'failed', reason, cause: failure };
    case 'park':
      await tools.accounts.park(account.accountId, { status: decided.status, reason: decided.reason });
      return 'done';
    case 'unpark':
    case 'leave':
      return 'done';
  }
}

function judge({ row, failure }: Failed, { mostTries, random = Math.random }: DayJobTools): Verdict {
  const { tries, now } = row;
  const since = row.errorCode === failure.code ? row.since : now;
  const decided = verdict(failure, { tries, since, now, random: random() });
  return decided.kind === 'retry' && mostTries !== undefined && tries + 1 >= mostTries ? { kind: 'block' } : decided;
}

const againAt = ({ now }: DailyRow, { againAfterMs }: DayJobTools): Date | null =>
  againAfterMs === undefined ? null : new Date(now.getTime() + againAfterMs);

const msUntil = (dueAt: Date, now: Date): number => Math.max(0, dueAt.getTime() - now.getTime());
