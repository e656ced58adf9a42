/** One round: take what is due, ask the plan, enqueue, and let rest what is not due after all. */
import { isUsable, type Loaded, type OwedStep, plan } from '@lazada-sof/orders';
import { JOBS, type JobRequest, jobFor, type QueueName } from '@lazada-sof/queue';

/** The most orders of one round, over all accounts. */
export const ROUND = 2_000;

/**
 * Orders of an account whose row cannot be used rest so long: status-sync is about to park it, and where that is away they
 * would be claimed time and again.
 */
const UNUSABLE_MS = 5_000;

export type RoundTools<Claim extends { readonly orderId: string }> = {
  /** Orders that are due; nobody else is offered them for 30 s. */
  readonly claim: (most: number) => Promise<readonly Claim[]>;
  readonly load: (orderId: string) => Promise<Loaded | null>;
  /** Sets when to look again, where nobody has changed the order since its claim. */
  readonly rest: (rests: readonly { claim: Claim; nextAt: Date | null }[]) => Promise<void>;
  readonly enqueue: (jobs: readonly JobRequest[]) => Promise<void>;
  /** Told of an order that cannot be planned: a mistake of ours, or of what stands in its row. */
  readonly broken: (orderId: string, error: unknown) => void;
};

export type RoundResult = {
  /** How many orders were due. */
  readonly claimed: number;
  /** The queues that were fed. */
  readonly fed: readonly QueueName[];
};

/** An order that cannot be planned is told of, and stays leased; the others go on. */
export async function round<Claim extends { readonly orderId: string }>(
  tools: RoundTools<Claim>,
): Promise<RoundResult> {
  const claims = await tools.claim(ROUND);
  const planned = (await Promise.all(claims.map((claim) => planOf(claim, tools)))).filter((one) => one !== null);
  const jobs = planned.flatMap(({ claim, owed }) => jobsOf(claim.orderId, owed));
  const rests = planned.filter(({ owed }) => owed.length === 0);
  if (rests.length > 0) await tools.rest(rests.map(({ claim, nextAt }) => ({ claim, nextAt })));
  if (jobs.length > 0) await tools.enqueue(jobs);
  return { claimed: claims.length, fed: [...new Set(jobs.map(({ name }) => JOBS[name].queue))] };
}

async function planOf<Claim extends { readonly orderId: string }>(claim: Claim, { load, broken }: RoundTools<Claim>) {
  const loaded = await load(claim.orderId);
  if (!loaded) return null;
  if (!isUsable(loaded.order.account)) return { claim, owed: [], nextAt: new Date(loaded.now.getTime() + UNUSABLE_MS) };
  try {
    const { owed, nextAt } = plan(loaded.order, loaded.now);
    return { claim, owed, nextAt };
  } catch (error) {
    broken(claim.orderId, error);
    return null;
  }
}

/** At most one job per queue, and one per document. */
function jobsOf(orderId: string, owed: readonly OwedStep[]): JobRequest[] {
  const jobs = owed.map((step) => jobFor(orderId, step));
  return [...new Map(jobs.map((job) => [JSON.stringify(job), job])).values()];
}
