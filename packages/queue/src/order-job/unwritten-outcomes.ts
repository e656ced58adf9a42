/**
 * Outcomes that are in hand while somebody has the rows of their orders locked. They wait here, beside the jobs and in no hand
 * of the worker, until the rows are free, however long that takes. An acceptance is noted with its attempt besides, so that no
 * process sends the status again; whoever is stopped meanwhile leaves the attempt as it is.
 */
import {
  type Change,
  type Changed,
  endAttempt,
  MINUTE,
  type Order,
  type Orders,
  type ReportOutcome,
  SECOND,
} from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';

export type KeptOutcome = {
  readonly orderId: string;
  readonly attemptId: string;
  readonly outcome: ReportOutcome;
  /** What the order's step remembers of it: of a refusal, its failure. */
  readonly afterwards: (order: Order, now: Date) => Change;
};

export type UnwrittenOutcomes = {
  /** True while some 200 wait: the process takes no new reports, beyond those that are on their way already. */
  isFull(): boolean;
  keep(kept: KeptOutcome): Promise<void>;
};

export type UnwrittenTools = {
  readonly orders: Pick<Orders, 'change' | 'noteAccepted'>;
  /** The order goes on. */
  readonly onWritten: (orderId: string, changed: Changed) => Promise<void>;
  readonly log?: Pick<Logger, 'warn' | 'error'> | undefined;
  readonly everyMs?: number;
};

const MOST_KEPT = 200;
const LOOK_EVERY_MS = SECOND / 4;
/** A database is back by then; what still breaks is the order itself, which nobody can write. */
const BROKEN_FOR_MS = 10 * MINUTE;

type Waiting = KeptOutcome & { brokenLooks: number; isNoted: boolean };

export function keepUnwrittenOutcomes(tools: UnwrittenTools): UnwrittenOutcomes {
  const { orders, log, everyMs = LOOK_EVERY_MS } = tools;
  const waiting = new Map<string, Waiting>();
  let isLooking = false;

  async function write(one: Waiting): Promise<void> {
    try {
      const changed = await orders.change(one.orderId, (fresh, at) => closed(fresh, one, at));
      if (changed === 'busy') return await note(one);
      waiting.delete(one.attemptId);
      if (changed !== 'gone') await tools.onWritten(one.orderId, changed);
    } catch (error) {
      one.brokenLooks += 1;
      if (one.brokenLooks * everyMs < BROKEN_FOR_MS) return;
      waiting.delete(one.attemptId);
      log?.error('an outcome cannot be written: look at its order', { ...named(one), error });
    }
  }
  /** Where it fails, the outcome is still in hand: it is noted at the next look, or written with the order. */
  async function note(one: Waiting): Promise<void> {
    if (one.isNoted || one.outcome.outcome !== 'accepted') return;
    try {
      await orders.noteAccepted(one.attemptId, one.outcome);
      one.isNoted = true;
    } catch {
      // Still in hand.
    }
  }
  async function look(): Promise<void> {
    await Promise.all([...waiting.values()].map(write));
    if (waiting.size > 0) lookSoon();
    else isLooking = false;
  }
  // A process that is about to end need not wait for this.
  const lookSoon = () => void setTimeout(() => void look(), everyMs).unref();

  return {
    isFull: () => waiting.size >= MOST_KEPT,
    async keep(kept) {
      const one = { ...kept, brokenLooks: 0, isNoted: false };
      waiting.set(kept.attemptId, one);
      log?.warn('an outcome waits until the rows of its order are free', named(kept));
      if (!isLooking) lookSoon();
      isLooking = true;
      await note(one);
    },
  };
}

/** Null where the attempt was closed meanwhile. */
function closed(order: Order, { attemptId, outcome, afterwards }: KeptOutcome, now: Date): Change | null {
  const change = endAttempt(order, attemptId, outcome, now);
  if (!change) return null;
  const after = afterwards(change.order, now);
  return { ...change, order: after.order, events: [...change.events, ...after.events] };
}

const named = ({ orderId, attemptId, outcome }: KeptOutcome) => ({ orderId, attemptId, outcome: outcome.outcome });
