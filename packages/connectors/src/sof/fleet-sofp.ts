/** Reports statuses through Lazada's SOF module, one parcel at a time, by its tracking number. */
import { openSofClient } from '@lazada-sof/clients';
import {
  type Account,
  asFailure,
  Failure,
  type Fleet,
  type Limiter,
  type ReportOutcome,
  type StatusReport,
  type Tokens,
} from '@lazada-sof/orders';
import { type AttemptHooks, attemptRound } from '../attempts/attempt-round.ts';
import { isTokenRefusal, notAgain, outcomeOf, passingRefusal } from '../attempts/report-outcome.ts';
import { abortReason } from '../calls/abort.ts';
import { growingWait } from '../calls/backoff.ts';
import type { Watch } from '../calls/instrumented.ts';
import { type SofTools, sofKey, sofLogin, sofRequest } from './login.ts';

export type SofpSettings = {
  readonly url: string;
  readonly authPath: string;
  readonly statusPath: string;
  readonly usernameField: string;
  readonly passwordField: string;
};
export type SofpParts = Pick<Watch, 'onRequest'> & {
  readonly tokens: Pick<Tokens, 'sof'>;
  readonly limiter: Limiter;
  readonly settings: SofpSettings;
};

/** What every call to the SOF module needs, with a client of its own: close that. */
export const openSofTools = ({ tokens, limiter, settings, onRequest }: SofpParts): SofTools => ({
  sof: openSofClient({ ...settings, baseUrl: settings.url }),
  waits: growingWait({ firstMs: 2_000, longestMs: 60_000 }),
  tokens,
  limiter,
  onRequest,
});

type Post = {
  readonly account: Account;
  readonly report: StatusReport & { readonly trackingNumber: string };
  readonly attempt: AttemptHooks;
  readonly signal: AbortSignal | undefined;
};

/** With its own kept connections: close it when it is not needed any more. */
export function fleetSofp(parts: SofpParts): Fleet & { close(): void } {
  const tools = openSofTools(parts);
  return {
    report: async (account, { trackingNumber, ...report }, attempt, signal) => {
      if (!trackingNumber) throw withoutNumber(account, report);
      return reportTwice(tools, { account, report: { ...report, trackingNumber }, attempt, signal });
    },
    reports: () => true,
    close: () => tools.sof.close(),
  };
}

/** A second round where the first one's token had ended. A fresh token that is refused says that the login is wrong. */
async function reportTwice(tools: SofTools, post: Post): Promise<ReportOutcome | 'superseded'> {
  const stored = await readyToken(tools, post);
  const first = await round(post, async () => passingRefusal(await send(tools, post, stored)));
  if (!isTokenRefusal(first)) return first;
  let fresh: string;
  try {
    fresh = await readyToken(tools, post, stored);
  } catch (error) {
    if (post.signal?.aborted) throw error;
    return notAgain(first, error);
  }
  return round(post, () => send(tools, post, fresh));
}

/** The token before the slot: between the slot and the attempt nothing may take long. */
async function readyToken(tools: SofTools, { account, signal }: Post, refused?: string): Promise<string> {
  try {
    const token = await sofLogin(tools).token(account, signal, refused);
    await tools.limiter.take(sofKey(account), signal);
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

async function send(tools: SofTools, { account, report, signal }: Post, token: string): Promise<ReportOutcome> {
  const { orderNumber, packageId, ...update } = report;
  const what = `${update.status} of ${account.name}/${orderNumber}, package ${packageId}`;
  try {
    const post = () => tools.sof.sendUpdateOrderStatus(token, update, { signal });
    const { httpStatus } = await sofRequest(tools, account, what, post);
    return { outcome: 'accepted', httpStatus, answer: null, requestId: null };
  } catch (error) {
    return outcomeOf(asFailure(error));
  }
}

const withoutNumber = (account: Account, { orderNumber, packageId }: Omit<StatusReport, 'trackingNumber'>) =>
  new Failure('rejected', `package ${packageId} of ${account.name}/${orderNumber} has no tracking number to report`, {
    code: 'no_tracking_number',
  });
