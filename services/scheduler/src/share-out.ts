/**
 * What of a round's orders is handed on, and when the others come again. One account's backlog is handed on as its rates
 * let it through and as its jobs are taken up; the rest of it waits in its rows, each order until its place in the
 * account's line. So no queue fills with what would only wait, and the next account's flag finds it short.
 */
import { type Account, isRecheck, type Order, type OwedStep, type Plan } from '@lazada-sof/orders';
import { JOBS, type JobRequest, jobFor, type QueueName } from '@lazada-sof/queue';
import type { Backlog } from './backlog.ts';
import type { Pace } from './pace.ts';
import { type Work, workOf } from './work.ts';

export type PlannedOrder<Claim> = {
  readonly claim: Claim;
  readonly order: Order;
  readonly now: Date;
  readonly plan: Pick<Plan, 'owed' | 'nextAt' | 'laterAt'>;
};

export type SharedOut<Claim> = {
  /** Jobs of accounts of which little waits: taken up before all others. */
  readonly first: readonly JobRequest[];
  readonly behind: readonly JobRequest[];
  readonly rests: readonly { readonly claim: Claim; readonly nextAt: Date | null }[];
};

type Claimed = { readonly orderId: string; readonly accountId: string };
export type Sharing<Claim extends Claimed> = { readonly pace: Pace; readonly backlog: Backlog<Claim> };

export function shareOut<Claim extends Claimed>(
  orders: readonly PlannedOrder<Claim>[],
  sharing: Sharing<Claim>,
): SharedOut<Claim> {
  const first: JobRequest[] = [];
  const behind: JobRequest[] = [];
  const rests: { claim: Claim; nextAt: Date | null }[] = [];
  for (const planned of orders) {
    const jobs = jobsOf(planned);
    const going = jobs.filter((job) => mayGo(planned, job, sharing));
    for (const job of going) (handOn(planned, job, sharing) === 'first' ? first : behind).push(job.request);
    if (going.length === 0) rests.push({ claim: planned.claim, nextAt: nextLook(planned, jobs, sharing) });
  }
  return { first, behind, rests };
}

type Job = { readonly request: JobRequest; readonly queue: QueueName; readonly steps: readonly OwedStep[] };

/** At most one job per queue, and one per document. */
function jobsOf<Claim extends Claimed>({ claim, plan: { owed } }: PlannedOrder<Claim>): Job[] {
  const steps = Map.groupBy(owed, (step) => JSON.stringify(jobFor(claim.orderId, step)));
  return [...steps.values()].map((list) => {
    const request = jobFor(claim.orderId, list[0] as OwedStep); // a group has a first member
    return { request, queue: JOBS[request.name].queue, steps: list };
  });
}

/** A job is one for all of its steps: where one of them may go, the others go along. */
function mayGo<Claim extends Claimed>(
  { claim, order }: PlannedOrder<Claim>,
  { queue, steps }: Job,
  { pace, backlog }: Sharing<Claim>,
): boolean {
  if (backlog.isFull(claim, queue)) return false;
  // They fill no queue before first fetches.
  if (steps.every(isRecheck) && !backlog.isShort(claim, queue)) return false;
  return steps.some((step) => {
    const work = workOf(step, order.account);
    if (pace.isPaused(claim.accountId, work)) return false;
    return hadItsTurn(order, step) || pace.isOpen(claim.accountId, work);
  });
}

/** It failed, or was told when to come again, and that time has come: it does not stand in line anew. */
const hadItsTurn = ({ steps }: Order, { step, ref }: OwedStep): boolean =>
  steps.some((row) => row.step === step && row.ref === ref);

function handOn<Claim extends Claimed>(
  { claim, order }: PlannedOrder<Claim>,
  { queue, steps }: Job,
  { pace, backlog }: Sharing<Claim>,
): 'first' | 'behind' {
  const place = backlog.isShort(claim, queue) && !steps.every(isRecheck) ? 'first' : 'behind';
  backlog.handedOn(claim, queue);
  for (const step of steps) pace.passed(claim.accountId, workOf(step, order.account));
  return place;
}

/** When its turn comes, or something else is owed before. */
function nextLook<Claim extends Claimed>(
  { claim, order, now, plan: { nextAt, laterAt } }: PlannedOrder<Claim>,
  jobs: readonly Job[],
  { pace }: Sharing<Claim>,
): Date | null {
  if (jobs.length === 0) return nextAt;
  const waits = worksOf(jobs, order.account).map((work) => pace.stand(claim.accountId, work));
  const turn = new Date(now.getTime() + Math.min(...waits));
  return laterAt && laterAt < turn ? laterAt : turn;
}

/** Each kind once: an order stands in a line with all of its packages. */
const worksOf = (jobs: readonly Job[], account: Account): Work[] => [
  ...new Set(jobs.flatMap(({ steps }) => steps.map((step) => workOf(step, account)))),
];
