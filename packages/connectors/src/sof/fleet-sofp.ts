/** Reports statuses through Lazada's SOF module, one parcel at a time, by its tracking number. */
import {
  type Account,
  asFailure,
  Failure,
  type Fleet,
  type ReportOutcome,
  type StatusReport,
} from '@lazada-sof/orders';
import { type AttemptHooks, attemptRound } from '../attempts/attempt-round.ts';
import { isTokenRefusal, notAgain, outcomeOf, passingRefusal } from '../attempts/report-outcome.ts';
import { abortReason } from '../calls/abort.ts';
import type { SofCalls } from './calls.ts';

type Post = {
  readonly account: Account;
  readonly report: StatusReport & { readonly trackingNumber: string };
  readonly attempt: AttemptHooks;
  readonly signal: AbortSignal | undefined;
};

export function fleetSofp(calls: SofCalls): Fleet {
  return {
    report: async (account, { trackingNumber, ...report }, attempt, signal) => {
      if (!trackingNumber) throw withoutNumber(account, report);
      return reportTwice(calls, { account, report: { ...report, trackingNumber }, attempt, signal });
    },
  };
}

/** A second round where the first one's token had ended. A fresh token that is refused says that the login is wrong. */
async function reportTwice(calls: SofCalls, post: Post): Promise<ReportOutcome | 'superseded'> {
  const stored = await readyToken(calls, post);
  const first = await round(post, async () => passingRefusal(await send(calls, post, stored)));
  if (!isTokenRefusal(first)) return first;
  let fresh: string;
  try {
    fresh = await readyToken(calls, post, stored);
  } catch (error) {
    if (post.signal?.aborted) throw error;
    return notAgain(first, error);
  }
  return round(post, () => send(calls, post, fresh));
}

/** The token before the slot: between the slot and the attempt nothing may take long. */
async function readyToken(calls: SofCalls, { account, signal }: Post, refused?: string): Promise<string> {
  try {
    const token = await calls.token(account, signal, refused);
    await calls.slot(account, signal);
    return token;
  } catch (error) {
    throw signal?.aborted ? abortReason(signal) : error;
  }
}

async function round(post: Post, send: () => Promise<ReportOutcome>): Promise<ReportOutcome | 'superseded'> {
  const [outcome] = await attemptRound([post], async () => [await send()]);
  if (outcome === undefined || outcome instanceof Error) throw outcome;
  return outcome;
}

async function send(calls: SofCalls, { account, report, signal }: Post, token: string): Promise<ReportOutcome> {
  const { orderNumber, packageId, ...update } = report;
  const what = `${update.status} of ${account.name}/${orderNumber}, package ${packageId}`;
  try {
    const { httpStatus } = await calls.once({ account, what }, (client) =>
      client.sendUpdateOrderStatus(token, update, { signal }),
    );
    return { outcome: 'accepted', httpStatus, answer: null, requestId: null };
  } catch (error) {
    return outcomeOf(asFailure(error));
  }
}

const withoutNumber = (account: Account, { orderNumber, packageId }: Omit<StatusReport, 'trackingNumber'>) =>
  new Failure('rejected', `package ${packageId} of ${account.name}/${orderNumber} has no tracking number to report`, {
    code: 'no_tracking_number',
  });
