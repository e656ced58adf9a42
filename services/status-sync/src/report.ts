/** One status of one package goes to the marketplace: slot, intent, post, outcome. */
import {
  type Attempt,
  beginAttempt,
  type Fleet,
  findRow,
  isOpenAttempt,
  type Order,
  type OwedReport,
  plan,
  type ReportOutcome,
  traitsOf,
} from '@lazada-sof/orders';
import { readAndRecordItems, type StepContext } from '@lazada-sof/queue';
import type { Outside } from './outside.ts';

type ReportTools = Pick<Outside, 'marketplace' | 'onAccepted'> & { readonly fleet: Fleet };

export async function report(
  { fleet, marketplace, onAccepted }: ReportTools,
  step: OwedReport,
  context: StepContext,
): Promise<void> {
  const { order, signal } = context;
  if (mayHaveMoved(order, step)) await readAndRecordItems(marketplace, context);
  const { orderNumber, account } = order;
  const { packageId, trackingNumber, occurredAt } = step;
  const asked = { orderNumber, packageId, trackingNumber: trackingNumber || null, status: step.step, occurredAt };
  const outcome = await fleet.report(account, asked, attemptOf(step, context), signal);
  if (outcome === 'superseded' || outcome.outcome === 'unknown') return;
  if (outcome.outcome !== 'accepted') throw outcome.failure;
  onAccepted?.(order.orderId, step.step);
}

/**
 * Lazada did not know the number, or the package was in no state for it: it may have been renumbered, or the status set
 * by hand, since.
 */
function mayHaveMoved(order: Order, step: OwedReport): boolean {
  const code = findRow(order, step)?.errorCode;
  return code != null && (code === 'package_unknown' || traitsOf(order.account).judgesState);
}

/** One attempt at a time: a second round opens another. */
function attemptOf(step: OwedReport, context: StepContext) {
  let attemptId: string | null = null;
  return {
    open: async () => {
      attemptId = await open(step, context);
      return attemptId !== null;
    },
    close: async (outcome: ReportOutcome) => {
      if (attemptId === null) throw new Error(`the outcome of ${step.step} belongs to no attempt`);
      await context.closeAttempt(attemptId, outcome);
    },
  };
}

/** The intent is written only if exactly this is still owed, judged by the rows under their lock. Answers the attempt's id. */
async function open(step: OwedReport, { change, force }: StepContext): Promise<string | null> {
  let begins = false;
  const { order, now } = await change((fresh, at) => {
    const owed = plan(fresh, at, { force }).owed.find((one) => one.step === step.step && one.ref === step.ref);
    const begun = owed && 'trackingNumber' in owed && isSame(owed, step) ? beginAttempt(fresh, owed, at) : null;
    begins = begun !== null;
    return begun;
  });
  // The time alone does not tell whose attempt it is: another process may begin one within the same millisecond.
  const mine = order.attempts.find((attempt) => isOpenAttempt(attempt) && isMine(attempt, step, now));
  return begins && mine ? mine.attemptId : null;
}

const isSame = (a: OwedReport, b: OwedReport) =>
  a.trackingNumber === b.trackingNumber && a.occurredAt.getTime() === b.occurredAt.getTime();

const isMine = (attempt: Attempt, { ref, step }: OwedReport, now: Date) =>
  attempt.packageRowId === ref && attempt.status === step && attempt.startedAt.getTime() === now.getTime();
