/**
 * Outcomes that are in hand while somebody holds their orders' rows. They wait here, beside the jobs and in no hand of the
 * worker, until the rows are free, however long that takes. An acceptance is noted with its attempt besides, so that no
 * process sends the status again; whoever is stopped meanwhile leaves the attempt as it is.
 */
import { type Changed, endAttempt, type Orders, type ReportOutcome, SECOND } from '@lazada-sof/orders';

export type KeptOutcome = { readonly orderId: string; readonly attemptId: string; readonly outcome: ReportOutcome };

export type UnwrittenOutcomes = {
  /** True while as many wait as a process may hold: it takes no new reports. */
  isFull(): boolean;
  keep(kept: KeptOutcome): Promise<void>;
};

const MOST_KEPT = 200;
const LOOK_EVERY_MS = SECOND / 4;

export function keepUnwrittenOutcomes({
  orders,
  onWritten,
  everyMs = LOOK_EVERY_MS,
}: {
  orders: Pick<Orders, 'change' | 'noteAccepted'>;
  /** The order goes on. */
  onWritten: (orderId: string, changed: Changed) => Promise<void>;
  everyMs?: number;
}): UnwrittenOutcomes {
  const kept = new Map<string, KeptOutcome>();
  let isLooking = false;

  async function write({ orderId, attemptId, outcome }: KeptOutcome): Promise<void> {
    const changed = await orders.change(orderId, (fresh, at) => endAttempt(fresh, attemptId, outcome, at));
    if (changed === 'busy') return;
    kept.delete(attemptId);
    if (changed !== 'gone') await onWritten(orderId, changed);
  }
  /** A database that is away is looked for as rows are that somebody holds. */
  async function look(): Promise<void> {
    await Promise.allSettled([...kept.values()].map(write));
    if (kept.size > 0) lookSoon();
    else isLooking = false;
  }
  // A process that is about to end need not wait for this.
  const lookSoon = () => void setTimeout(() => void look(), everyMs).unref();

  return {
    isFull: () => kept.size >= MOST_KEPT,
    async keep(outcome) {
      kept.set(outcome.attemptId, outcome);
      if (!isLooking) lookSoon();
      isLooking = true;
      // Where this fails too, the outcome is still in hand, and is written with the order.
      if (outcome.outcome.outcome === 'accepted')
        await orders.noteAccepted(outcome.attemptId, outcome.outcome).catch(() => undefined);
    },
  };
}
