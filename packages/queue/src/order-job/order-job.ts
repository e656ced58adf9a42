/**
 * The run that every order worker shares. A job only says "look at this order": the run loads it, asks the plan what is
 * owed, does the first thing that belongs to this worker, and asks again, until nothing is left. A step that fails is
 * written down with what the verdict says of it, and the order's other steps go on; how the job itself ends is decided
 * when all of them have had their turn.
 */

import {
  type Accounts,
  type AccountVerdict,
  asFailure,
  type Change,
  type Changed,
  type Decide,
  endAttempt,
  Failure,
  failStep,
  findRow,
  isActive,
  isReport,
  type Loaded,
  type Order,
  type Orders,
  type OwedStep,
  type Plan,
  plan,
  quiet,
  type ReportOutcome,
  SECOND,
  type StepKey,
  sinceOf,
} from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import { JOBS, jobFor, type QueueName } from '../contract.ts';
import type { Producer } from '../producer.ts';
import { BrokenJob, type JobResult } from '../worker/job-result.ts';
import { changeWhenFree, OrderBusy, OrderGone } from './change-when-free.ts';
import { keepUnwrittenOutcomes, type UnwrittenOutcomes } from './unwritten-outcomes.ts';
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
  readonly log?: Pick<Logger, 'warn' | 'error'>;
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

export type OrderJob = (request: OrderJobRequest) => Promise<JobResult>;

/** A step that failed, or an element of it. Parking concerns the account, and is no trouble of this order's. */
type Trouble = { readonly failure: Failure; readonly verdict: Exclude<Verdict, AccountVerdict> };

export function orderJob(tools: OrderJobTools): OrderJob {
  const unwritten = keepUnwrittenOutcomes({
    orders: tools.orders,
    onWritten: (orderId, { plan: { owed } }) => wake(tools.producer, orderId, owed),
    log: tools.log,
  });
  /** Orders whose rows were locked when they were looked at last: no turn at Lazada is taken for them before they are free. */
  const locked = new Set<string>();
  return async (request) => {
    const run = new Run({ ...tools, unwritten }, request);
    try {
      if (locked.has(request.orderId)) await run.probe();
      locked.delete(request.orderId);
      while (await run.next()) if (request.signal.aborted) break;
    } catch (error) {
      if (error instanceof OrderGone) return 'superseded';
      if (error instanceof OrderBusy) {
        locked.add(request.orderId);
        return run.locked();
      }
      throw run.named(error);
    }
    return run.end();
  };
}

/**
 * Behind those that the scheduler puts first: one account may wake orders faster than its rate lets their next step through.
 * The queue may be away: the order's lease ends soon, and the scheduler offers it again.
 */
async function wake(producer: OrderJobTools['producer'], orderId: string, owed: readonly OwedStep[]): Promise<void> {
  const jobs = owed.map((step) => jobFor(orderId, step));
  if (jobs.length > 0) await producer.add(jobs, 'behind').catch(() => undefined);
}

type Decided = (order: Order, now: Date) => Change;

type RunTools = OrderJobTools & { readonly unwritten: UnwrittenOutcomes };

class Run {
  readonly #tools: RunTools;
  readonly #request: OrderJobRequest;
  /** One job tries a step once: what is owed again at once is the next job's. */
  readonly #tried = new Set<string>();
  readonly #woken = new Set<string>();
  readonly #troubles: Trouble[] = [];
  #label = '';
  /** By the database's clock, as it was told last. */
  #now = new Date(0);
  /** As the last change left it, which need not be read again; whoever wrote since wakes the order himself. */
  #left: Changed | null = null;
  /** Somebody has the order's rows locked, and an outcome of it waits beside this job. */
  #isLocked = false;

  constructor(tools: RunTools, request: OrderJobRequest) {
    this.#tools = tools;
    this.#request = request;
  }

  /** Does the next step that is owed here; false: there is none. */
  async next(): Promise<boolean> {
    if (this.#isLocked) return false;
    const left = this.#left;
    const loaded = left ?? (await this.#tools.orders.load(this.#request.orderId));
    this.#left = null;
    if (!loaded) throw new OrderGone();
    this.#now = loaded.now;
    this.#label = `${loaded.order.account.name}/${loaded.order.orderNumber}`;
    const { force } = this.#request;
    // A change is planned without force: a job that forces asks by its own rules.
    const planned = left && !force ? left.plan : plan(loaded.order, loaded.now, { force });
    const step = this.#mine(planned)[0];
    if (!step) {
      await this.#letGo(loaded.order, planned);
      return false;
    }
    this.#tried.add(nameOf(step));
    await this.#try(step, loaded);
    return true;
  }

  /** Whatever a step did not catch, named by the order where that is known by then. */
  named(error: unknown): unknown {
    if (isCancelled(error, this.#request.signal) || this.#label === '') return error;
    return new BrokenJob({ about: this.#label, cause: error });
  }

  /** @throws OrderBusy where somebody has the order's rows locked */
  async probe(): Promise<void> {
    await this.#change(() => null);
    const { order } = this.#left ?? {};
    if (order) this.#label = `${order.account.name}/${order.orderNumber}`;
  }

  /** Somebody has the order's rows locked for longer than a hand should wait. */
  locked(): JobResult {
    return {
      outcome: 'snoozed',
      reason: `${this.#label || `order ${this.#request.orderId}`}: somebody has its rows locked`,
      delayMs: SECOND,
    };
  }

  /** How the job ends: for good where a person is needed or the next try is far away, else again in a while. */
  end(): JobResult {
    const worst = this.#troubles.find(({ verdict: { kind } }) => kind === 'block') ?? this.#troubles.find(endsJob);
    if (worst) return { outcome: 'failed', ...this.#why(worst) };
    const soonest = this.#troubles
      .flatMap((trouble) => (trouble.verdict.kind === 'retry' ? [{ trouble, dueAt: trouble.verdict.dueAt }] : []))
      .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0];
    if (!soonest) return this.#tried.size > 0 ? 'done' : 'superseded';
    const delayMs = Math.max(0, soonest.dueAt.getTime() - this.#now.getTime());
    return { outcome: 'retried', ...this.#why(soonest.trouble), delayMs };
  }
  #why = ({ failure }: Trouble) => ({ reason: `${this.#label}: ${failure.message}`, cause: failure });

  /** Nothing is owed while an account is parked; without the claim's lease, its orders go on as soon as it is mended. */
  async #letGo(order: Order, { nextAt }: Plan): Promise<void> {
    const isLeased = nextAt !== null && order.nextAttemptAt !== null && order.nextAttemptAt > nextAt;
    if (!isActive(order) && isLeased) await this.#change(() => null);
  }

  #mine({ owed }: Plan): OwedStep[] {
    const { orderId, only = () => true } = this.#request;
    return owed.filter(
      (step) => this.#queueOf(orderId, step) === this.#tools.queue && only(step) && !this.#tried.has(nameOf(step)),
    );
  }
  #queueOf = (orderId: string, step: OwedStep): QueueName => JOBS[jobFor(orderId, step).name].queue;

  async #try(step: OwedStep, loaded: Loaded): Promise<void> {
    const { force, signal } = this.#request;
    const { order, now } = loaded;
    try {
      if (isReport(step) && this.#tools.unwritten.isFull()) throw tooManyUnwritten(order);
      await this.#tools.perform(step, {
        order,
        now,
        force,
        signal,
        change: (decide) => this.#change(decide),
        closeAttempt: (attemptId, outcome) => this.#closeAttempt(step, attemptId, outcome),
        refused: (failure) => void this.#troubles.push({ failure, verdict: { kind: 'block' } }),
      });
    } catch (error) {
      if (error instanceof OrderGone || error instanceof OrderBusy || isCancelled(error, signal)) throw error;
      if (this.#isLocked && !(error instanceof Failure)) throw error; // a mistake, or a database that is away: told as such
      await this.#fail(step, loaded, asFailure(error));
    }
  }

  async #fail(step: OwedStep, { order, now }: Loaded, failure: Failure): Promise<void> {
    const judge = this.#judgeOf(step, failure);
    const first = judge(order, now);
    if (isOfAccount(first)) return this.#park(order, first);
    if (this.#isLocked) return; // written with the outcome, as soon as the rows are free
    let decided = first;
    await this.#change((fresh, at) => {
      // Of the rows as they are under their lock; which kind it is, they do not change.
      decided = judge(fresh, at) as typeof first;
      return failStep(fresh, rowOf(step), failure, decided, at);
    });
    this.#troubles.push({ failure, verdict: decided });
  }
  #judgeOf(step: OwedStep, failure: Failure): (order: Order, now: Date) => Verdict {
    const random = (this.#tools.random ?? Math.random)();
    return (order, now) => {
      const row = findRow(order, rowOf(step));
      return verdict(failure, { tries: row?.tries ?? 0, since: sinceOf(row, failure.code, now), now, random });
    };
  }

  async #park({ account }: Order, to: AccountVerdict): Promise<void> {
    this.#left = null; // its account is another one from here on
    if (to.kind === 'park')
      await this.#tools.accounts.park(account.accountId, { status: to.status, reason: to.reason });
  }

  /** An outcome in hand is never thrown away: where the rows are locked it waits beside this job, which ends. */
  async #closeAttempt(step: OwedStep, attemptId: string, outcome: ReportOutcome): Promise<void> {
    try {
      await this.#change((fresh, at) => endAttempt(fresh, attemptId, outcome, at));
    } catch (error) {
      if (error instanceof OrderGone) throw error;
      this.#isLocked = true;
      const afterwards = this.#failureOf(step, outcome);
      await this.#tools.unwritten.keep({ orderId: this.#request.orderId, attemptId, outcome, afterwards });
      if (!(error instanceof OrderBusy)) throw error;
    }
  }
  /** What a refusal leaves in the step's row; parking is the account's, and needs no row. */
  #failureOf(step: OwedStep, { failure }: ReportOutcome): Decided {
    if (!failure) return quiet;
    const judge = this.#judgeOf(step, failure);
    return (order, now) => {
      const decided = judge(order, now);
      if (isOfAccount(decided)) return quiet(order);
      return failStep(order, rowOf(step), failure, decided, now);
    };
  }

  async #change(decide: Decide): Promise<Changed> {
    const changed = await changeWhenFree(this.#tools.orders, this.#request.orderId, decide);
    this.#left = changed;
    this.#now = changed.now;
    await this.#wakeOthers(changed.plan);
    return changed;
  }

  /** What the change made due for other workers; this one sees its own steps when it looks again. */
  async #wakeOthers({ owed }: Plan): Promise<void> {
    const { orderId } = this.#request;
    const others = owed.filter(
      (step) => this.#queueOf(orderId, step) !== this.#tools.queue && !this.#woken.has(nameOf(step)),
    );
    for (const step of others) this.#woken.add(nameOf(step));
    await wake(this.#tools.producer, orderId, others);
  }
}

const isOfAccount = (decided: Verdict): decided is AccountVerdict =>
  decided.kind === 'park' || decided.kind === 'unpark' || decided.kind === 'leave';

const nameOf = (step: OwedStep) => `${step.step} ${step.ref}`;
const endsJob = ({ verdict: decided }: Trouble) => decided.kind === 'retry' && !decided.jobGoesOn;
/** A read-back is a try of the step whose status was sent; `settle` writes rows alone, and what fails there is the look's. */
function rowOf(step: OwedStep): StepKey {
  if (step.step === 'read_back') return { step: step.of, ref: step.ref };
  return { step: step.step === 'settle' ? 'look' : step.step, ref: step.ref };
}

const tooManyUnwritten = ({ account, orderNumber }: Order): Failure =>
  new Failure(
    'rate-limited',
    `${account.name}/${orderNumber}: too many outcomes wait for rows that somebody holds; no new status is sent from here`,
    { code: 'unwritten_outcomes', waitMs: 5 * SECOND },
  );

/** The worker is closing: nothing failed, the step is owed as before. */
const isCancelled = (error: unknown, signal: AbortSignal) =>
  signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'));
