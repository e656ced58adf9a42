/**
 * What to do about a failure: the one place where retries are decided. A connector has said what kind of failure it is;
 * nobody else asks about codes.
 *
 * | kind            | verdict                                                             | uses up a try |
 * |-----------------|---------------------------------------------------------------------|---------------|
 * | `transient`     | again after a while: the same job about 90 s, then a rung, then block | yes         |
 * | `rate-limited`  | wait as long as the outside asked for                               | no            |
 * | `not-ready`     | look again at the next rung of its ladder, at the ladder's end block  | no          |
 * | `rejected`      | block: the same words would be refused again                        | ends it       |
 * | `misconfigured` | park the account: no order of it can go through                     | no            |
 */
import {
  type AccountVerdict,
  accountVerdict,
  type Failure,
  isSameJob,
  nextLook,
  retryDelay,
  SCHEDULES,
  SECOND,
  type StepVerdict,
  type WaitSchedule,
} from '@lazada-sof/orders';

export type Verdict =
  /** `jobGoesOn`: the same job repeats it; else the job fails for good and the step alone waits. */
  | (Extract<StepVerdict, { kind: 'retry' }> & { readonly jobGoesOn: boolean })
  | Exclude<StepVerdict, { kind: 'retry' }>
  /** `leave`: whoever tried the account's credentials has parked it; to do it here too could undo a mend of this moment. */
  | AccountVerdict;

export type Circumstances = {
  /** Failed tries of this step before this one, as its row counts them; 0 where it has no row. */
  readonly tries: number;
  /** Since when the step waits or fails for this reason, as its row says; `now` where it does not. */
  readonly since: Date;
  readonly now: Date;
  /** In [0, 1): spreads the retries of many orders that failed together. */
  readonly random: number;
};

/** Where the outside asked us to slow down and named no time. */
const UNNAMED_WAIT = 2 * SECOND;
/** Where a connector named none: the one that is given up soonest, so that the mistake shows. */
const UNNAMED_SCHEDULE: WaitSchedule = 'unknown-package';

export function verdict(failure: Failure, circumstances: Circumstances): Verdict {
  switch (failure.kind) {
    case 'transient':
      return retry(circumstances);
    case 'rate-limited':
      return { kind: 'wait', dueAt: later(circumstances.now, failure.waitMs ?? UNNAMED_WAIT) };
    case 'not-ready':
      return lookAgain(failure.schedule ?? UNNAMED_SCHEDULE, circumstances);
    case 'rejected':
      return { kind: 'block' };
    case 'misconfigured':
      return accountVerdict(failure);
  }
}

function retry({ tries, now, random }: Circumstances): Verdict {
  const delayMs = retryDelay(tries + 1, random);
  if (delayMs === null) return { kind: 'block' };
  return { kind: 'retry', dueAt: later(now, delayMs), jobGoesOn: isSameJob(tries + 1) };
}

function lookAgain(schedule: WaitSchedule, { since, now }: Circumstances): Verdict {
  const dueAt = nextLook(SCHEDULES[schedule], since, now);
  return dueAt === null ? { kind: 'block' } : { kind: 'wait', dueAt };
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
