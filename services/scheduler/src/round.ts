/** One round: take what is due, ask the plan, enqueue, and let rest what is not due after all. */
import { type Loaded, type OwedStep, plan } from '@lazada-sof/orders';
import { JOBS, type JobRequest, jobFor, type QueueName } from '@lazada-sof/queue';

/** The most orders of one round, over all accounts. */
export const ROUND = 2_000;

/** A claimed order with the time of its claim: nobody else is offered it for 30 s. */
export type Claimed = Loaded;
export type RoundTools = {
  readonly claim: (most: number) => Promise<readonly Claimed[]>;
  /** Sets when to look again, unless somebody has set another time since the claim. */
  readonly rest: (orders: readonly { order: Loaded['order']; nextAt: Date | null }[]) => Promise<void>;
  readonly enqueue: (jobs: readonly JobRequest[]) => Promise<void>;
};

export type RoundResult = {
  /** How many orders were due. */
  readonly claimed: number;
  /** The queues that were fed. */
  readonly fed: readonly QueueName[];
};

export async function round({ claim, rest, enqueue }: RoundTools): Promise<RoundResult> {
  const claimed = await claim(ROUND);
  const planned = claimed.map(({ order, now }) => ({ order, plan: plan(order, now) }));
  const jobs = planned.flatMap(({ order, plan: { owed } }) => jobsOf(order.orderId, owed));
  const resting = planned.filter(({ plan: { owed } }) => owed.length === 0);
  if (resting.length > 0) await rest(resting.map(({ order, plan: { nextAt } }) => ({ order, nextAt })));
  if (jobs.length > 0) await enqueue(jobs);
  return { claimed: claimed.length, fed: [...new Set(jobs.map(({ name }) => JOBS[name].queue))] };
}

/** At most one job per queue, and one per document. */
function jobsOf(orderId: string, owed: readonly OwedStep[]): JobRequest[] {
  const jobs = owed.map((step) => jobFor(orderId, step));
  return [...new Map(jobs.map((job) => [JSON.stringify(job), job])).values()];
}
