/**
 * The run that every order worker shares. A job only says "look at this order": the run loads it, asks the plan what is
 * owed, does the first thing that belongs to this worker, and asks again, until nothing is left. A step that fails is
 * written down with what the verdict says of it, and the order's other steps go on; how the job itself ends is decided
 * when all of them have had their turn.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Accounts,
  asFailure,
  type Changed,
  type Decide,
  endAttempt,
  type Failure,
  failStep,
  findRow,
  isActive,
  type Loaded,
  type Order,
  type Orders,
  type OwedStep,
  type Plan,
  plan,
  type ReportOutcome,
  SECOND,
  type StepKey,
  type StepVerdict,
  sinceOf,
} from '@lazada-sof/orders';
import { JOBS, jobFor, type QueueName } from '../contract.ts';
import type { Producer } from '../producer.ts';
import { BrokenJob, FailJob, RetryJob, SnoozeJob } from '../worker/job-errors.ts';
import { type Verdict, verdict } from './verdict.ts';

/** What a step's performer is handed. */
export type StepContext = {
  /** The order as the plan saw it. */
  readonly order: Order;
  /** The database's time of that load: a read of the items that begins now counts from here. */
  readonly now: Date;
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Writes what happened, and wakes the workers of whatever is owed since. */
  readonly change: (decide: Decide) => Promise<Changed>;
  /** Writes what became of an attempt. */
  readonly closeAttempt: (attemptId: string, outcome: ReportOutcome) => Promise<void>;
  /** One element was refused for good and has its own blocked row; the job fails visibly, the step goes on. */
  readonly refused: (failure: Failure) => void;
};
/** Does one step. Throws a `Failure` where the outside did not go along. */
export type Perform = (step: OwedStep, context: StepContext) => Promise<void>;

export type OrderJobTools = {
  readonly queue: QueueName;
  readonly orders: Orders;
  readonly accounts: Accounts;
  readonly producer: Pick<Producer, 'add'>;
  readonly perform: Perform;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
};

export type OrderJobRequest = {
  readonly orderId: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Only these of the worker's steps; absent: all. */
  readonly only?: (step: OwedStep) => boolean;
};

export type OrderJob = (request: OrderJobRequest) => Promise<'done' | 'superseded'>;

/** The row is gone, deleted by the host. */
class OrderGone extends Error {}

type Trouble = { readonly failure: Failure; readonly verdict: Verdict };

export function orderJob(tools: OrderJobTools): OrderJob {
  return async (request) => {
    const run = new Run(tools, request);
    try {
      while (await run.next()) if (request.signal.aborted) break;
    } catch (error) {
      if (error instanceof OrderGone) return 'superseded';
      throw run.named(error);
    }
    return run.end();
  };
}

class Run {
  readonly #tools: OrderJobTools;
  readonly #request: OrderJobRequest;
  /** One job tries a step once: what is owed again at once is the next job's. */
  readonly #tried = new Set<string>();
  readonly #woken = new Set<string>();
  readonly #troubles: Trouble[] = [];
  #label = '';
  /** As the last change left it, which need not be read again; whoever wrote since wakes the order himself. */
  #left: Loaded | null = null;

  constructor(tools: OrderJobTools, request: OrderJobRequest) {
    this.#tools = tools;
    this.#request = request;
  }

  /** Does the next step that is owed here; false: there is none. */
  async next(): Promise<boolean> {
    const loaded = this.#left ?? (await this.#tools.orders.load(this.#request.orderId));
    this.#left = null;
    if (!loaded) throw new OrderGone();
    this.#label = `${loaded.order.account.name}/${loaded.order.orderNumber}`;
    const planned = plan(loaded.order, loaded.now, { force: this.#request.force });
    const step = this.#mine(planned)[0];
    if (!step) {
      await this.#letGo(loaded.order, planned);
      return false;
    }
    this.#tried.add(keyOf(step));
    await this.#try(step, loaded);
    return true;
  }

  /** Whatever a step did not catch, named by the order where that is known by then. */
  named(error: unknown): unknown {
    const isOurs = error instanceof SnoozeJob || isCancelled(error, this.#request.signal);
    return isOurs || this.#label === '' ? error : new BrokenJob({ about: this.#label, cause: error });
  }

  /** How the job ends: for good where a person is needed or the next try is far away, else again in a while. */
  end(): 'done' | 'superseded' {
    const worst = this.#troubles.find(({ verdict: { kind } }) => kind === 'block') ?? this.#troubles.find(endsJob);
    if (worst) throw new FailJob({ reason: `${this.#label}: ${worst.failure.message}`, cause: worst.failure });
    const retries = this.#troubles.flatMap(({ failure, verdict: { kind, ...rest } }) =>
      'delayMs' in rest ? [{ failure, delayMs: rest.delayMs }] : [],
    );
    const soonest = retries.toSorted((a, b) => a.delayMs - b.delayMs)[0];
    if (soonest)
      throw new RetryJob({
        reason: `${this.#label}: ${soonest.failure.message}`,
        cause: soonest.failure,
        delayMs: soonest.delayMs,
      });
    return this.#tried.size > 0 ? 'done' : 'superseded';
  }

  /** Nothing is owed while an account is parked; without the claim's lease, its orders go on as soon as it is mended. */
  async #letGo(order: Order, { nextAt }: Plan): Promise<void> {
    const isLeased = nextAt !== null && order.nextAttemptAt !== null && order.nextAttemptAt > nextAt;
    if (!isActive(order) && isLeased) await this.#change(() => null);
  }

  #mine({ owed }: Plan): OwedStep[] {
    const { orderId, only = () => true } = this.#request;
    return owed.filter(
      (step) => this.#queueOf(orderId, step) === this.#tools.queue && only(step) && !this.#tried.has(keyOf(step)),
    );
  }
  #queueOf = (orderId: string, step: OwedStep): QueueName => JOBS[jobFor(orderId, step).name].queue;

  async #try(step: OwedStep, { order, now }: Loaded): Promise<void> {
    const { force, signal } = this.#request;
    const refused = (failure: Failure) => void this.#troubles.push({ failure, verdict: { kind: 'block' } });
    try {
      const change = (decide: Decide) => this.#change(decide);
      const closeAttempt = async (attemptId: string, outcome: ReportOutcome) => {
        await change((fresh, at) => endAttempt(fresh, attemptId, outcome, at));
      };
      await this.#tools.perform(step, { order, now, force, signal, change, closeAttempt, refused });
    } catch (error) {
      if (error instanceof OrderGone || error instanceof SnoozeJob || isCancelled(error, signal)) throw error;
      await this.#fail(step, order, asFailure(error));
    }
  }

  async #fail(step: OwedStep, { account }: Order, failure: Failure): Promise<void> {
    if (failure.kind === 'misconfigured') {
      this.#left = null; // its account is another one from here on
      // Parked already, by whoever tried its credentials: to park it here too could undo a mend of this moment.
      if (failure.code === 'account_parked') return;
      const status = failure.accountStatus ?? 'auth_failed';
      return this.#tools.accounts.park(account.accountId, { status, reason: failure.message });
    }
    const random = (this.#tools.random ?? Math.random)();
    let decided: Verdict = { kind: 'block' };
    await this.#change((fresh, now) => {
      const row = findRow(fresh, rowOf(step));
      decided = verdict(failure, { tries: row?.tries ?? 0, since: sinceOf(row, failure.code, now), now, random });
      return failStep(fresh, rowOf(step), failure, forOrder(decided, now), now);
    });
    this.#troubles.push({ failure, verdict: decided });
  }

  async #change(decide: Decide): Promise<Changed> {
    const changed = await changeWhenFree(this.#tools.orders, this.#request.orderId, decide);
    this.#left = changed;
    await this.#wakeOthers(changed.plan);
    return changed;
  }

  /** What the change made due for other workers; this one sees its own steps when it looks again. */
  async #wakeOthers({ owed }: Plan): Promise<void> {
    const { orderId } = this.#request;
    const jobs = owed
      .filter((step) => this.#queueOf(orderId, step) !== this.#tools.queue && !this.#woken.has(keyOf(step)))
      .map((step) => ({ step, job: jobFor(orderId, step) }));
    if (jobs.length === 0) return;
    for (const { step } of jobs) this.#woken.add(keyOf(step));
    // The queue may be away: the order's lease ends soon, and the scheduler offers it again.
    await this.#tools.producer.add(jobs.map(({ job }) => job)).catch(() => undefined);
  }
}

const BUSY_LOOKS = [50, 100, 200, 400, 800];

/** Whoever holds the order's rows has them for milliseconds; what was done outside should be written now. */
async function changeWhenFree(orders: Orders, orderId: string, decide: Decide): Promise<Changed> {
  for (const pauseMs of [...BUSY_LOOKS, null]) {
    const changed = await orders.change(orderId, decide);
    if (changed === 'gone') throw new OrderGone();
    if (changed !== 'busy') return changed;
    if (pauseMs !== null) await sleep(pauseMs);
  }
  throw new SnoozeJob({ reason: `order ${orderId} is being written by somebody else`, delayMs: SECOND });
}

const keyOf = (step: OwedStep) => `${step.step} ${step.ref}`;
const endsJob = ({ verdict: decided }: Trouble) => decided.kind === 'retry' && !decided.jobGoesOn;
/** A read-back is a try of the step whose status was sent; `settle` writes rows alone, and what fails there is the look's. */
function rowOf(step: OwedStep): StepKey {
  if (step.step === 'read_back') return { step: step.of, ref: step.ref };
  return { step: step.step === 'settle' ? 'look' : step.step, ref: step.ref };
}

function forOrder(decided: Verdict, now: Date): StepVerdict {
  switch (decided.kind) {
    case 'retry':
      return { kind: 'retry', dueAt: new Date(now.getTime() + decided.delayMs) };
    case 'snooze':
    case 'wait':
      return { kind: 'wait', dueAt: decided.until };
    case 'block':
    case 'park':
      return { kind: 'block' };
  }
}

/** The worker is closing: nothing failed, the step is owed as before. */
const isCancelled = (error: unknown, signal: AbortSignal) =>
  signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
