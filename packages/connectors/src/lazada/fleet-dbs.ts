/**
 * Reports ends through the Open Platform, per package: "delivered by seller". The packages of one moment go out in one
 * call, and each keeps an attempt and an outcome of its own.
 */
import {
  ApiError,
  type ElementOutcome,
  MOST_PACKAGES,
  type PackageOutcomes,
  sofDelivered,
  sofFailedDelivery,
} from '@lazada-sof/clients';
import {
  type Account,
  asFailure,
  type EndStatus,
  Failure,
  type Fleet,
  type OpenPlatformCredentials,
  type ReportOutcome,
  type StatusReport,
} from '@lazada-sof/orders';
import { type AttemptHooks, attemptRound, type RoundOutcome } from '../attempts/attempt-round.ts';
import { isTokenRefusal, notAgain, outcomeOf, passingRefusal } from '../attempts/report-outcome.ts';
import { whileAnyWaits } from '../calls/abort.ts';
import { createBatcher } from '../calls/batcher.ts';
import { TOGETHER } from './batched-calls.ts';
import type { LazadaCalls } from './calls.ts';
import { elementFailure, isAboutContent, isSuccess, missingInAnswer } from './failures.ts';

type Member = {
  readonly account: Account;
  readonly report: StatusReport;
  readonly attempt: AttemptHooks;
  readonly signal: AbortSignal | undefined;
};
type Members = readonly Member[];
type Outcomes = Map<Member, RoundOutcome>;

const CALLS = { delivered: sofDelivered, not_delivered: sofFailedDelivery } as const;

export function fleetDbs(calls: LazadaCalls): Fleet {
  const reporters = { delivered: reporter(calls, 'delivered'), not_delivered: reporter(calls, 'not_delivered') };
  return {
    report: async (account, report, attempt, signal) => {
      if (report.status === 'shipped') throw notReported(account, report);
      return reporters[report.status]({ account, report, attempt, signal }, signal);
    },
  };
}

const notReported = (account: Account, { orderNumber, packageId }: StatusReport) =>
  new Failure(
    'rejected',
    `shipped of ${account.name}/${orderNumber}, package ${packageId}: driver dbs reports ends alone`,
    { code: 'not_reported' },
  );

/** Expects callers of its own alone: a flag does not wait for orders that are read and packed. */
const reporter = (calls: LazadaCalls, status: EndStatus) =>
  createBatcher<Member, OpenPlatformCredentials, ReportOutcome | 'superseded'>({
    size: MOST_PACKAGES,
    mayBegin: calls.mayBegin,
    slot: (account) => calls.slot(account, undefined, TOGETHER),
    call: (members, credentials) => reportAll(calls, status, members, credentials),
  });

async function reportAll(
  calls: LazadaCalls,
  status: EndStatus,
  members: Members,
  credentials: OpenPlatformCredentials,
): Promise<readonly RoundOutcome[]> {
  const first = await round(calls, status, members, credentials, passingRefusal);
  const outcomes: Outcomes = new Map(members.map((member, index) => [member, first[index] ?? lostOutcome()]));
  await repeatStale(calls, status, outcomes, credentials);
  await repeatSpoilt(calls, status, outcomes);
  return [...outcomes.values()];
}

/** A second round of all, where the first one's token had ended. */
async function repeatStale(
  calls: LazadaCalls,
  status: EndStatus,
  outcomes: Outcomes,
  credentials: OpenPlatformCredentials,
): Promise<void> {
  const stale = [...outcomes.keys()].filter((member) => isTokenRefusal(outcomes.get(member)));
  const [first] = stale;
  if (!first) return;
  await again(outcomes, stale, async () => {
    const renewed = await calls.renew(first.account, credentials);
    await calls.slot(first.account);
    return () => round(calls, status, stale, renewed);
  });
}

/** A round for each alone, where all were refused as a whole for their content: that says nothing of the single one. */
async function repeatSpoilt(calls: LazadaCalls, status: EndStatus, outcomes: Outcomes): Promise<void> {
  if (outcomes.size === 1) return;
  const spoilt = [...outcomes.keys()].filter((member) => isRefusedAsWhole(outcomes.get(member)));
  await Promise.all(
    spoilt.map((member) =>
      again(outcomes, [member], async () => {
        const credentials = await calls.slot(member.account);
        return () => round(calls, status, [member], credentials);
      }),
    ),
  );
}

/** Replaces the members' outcomes by those of another round; where it cannot even begin, the first ones stay. */
async function again(
  outcomes: Outcomes,
  members: Members,
  prepare: () => Promise<() => Promise<RoundOutcome[]>>,
): Promise<void> {
  const begun = await prepare().catch(
    (error: unknown) => async () => members.map((member) => notAgain(outcomes.get(member), error)),
  );
  const second = await begun();
  for (const [index, member] of members.entries()) outcomes.set(member, second[index] ?? lostOutcome());
}

const lostOutcome = () => new Error('a round left out one of its members');
const isRefusedAsWhole = (outcome: RoundOutcome | undefined) =>
  typeof outcome === 'object' &&
  'failure' in outcome &&
  outcome.failure?.cause instanceof ApiError &&
  isAboutContent(outcome.failure);

const round = (
  calls: LazadaCalls,
  status: EndStatus,
  members: Members,
  credentials: OpenPlatformCredentials,
  judge = (outcome: ReportOutcome) => outcome,
): Promise<RoundOutcome[]> =>
  attemptRound(members, async (leaving) => (await send(calls, status, leaving, credentials)).map(judge));

async function send(
  calls: LazadaCalls,
  status: EndStatus,
  members: Members,
  credentials: OpenPlatformCredentials,
): Promise<ReportOutcome[]> {
  const packageIds = members.map(({ report }) => report.packageId);
  const account = (members[0] as Member).account;
  const what = `${status} of ${account.name}, package ${packageIds.join(', ')}`;
  try {
    const reported = await whileAnyWaits(
      members.map((member) => member.signal),
      (signal) =>
        calls.once({ account, what }, credentials, (platform, shop) =>
          CALLS[status](platform, shop, packageIds, { signal }),
        ),
    );
    return members.map((member) => elementOutcome(calls, member, reported));
  } catch (error) {
    const outcome = outcomeOf(asFailure(error));
    return members.map(() => outcome);
  }
}

function elementOutcome(
  calls: LazadaCalls,
  { account, report: { orderNumber, packageId, status } }: Member,
  { outcomes, requestId }: PackageOutcomes,
): ReportOutcome {
  const element = outcomes.get(packageId);
  const response = { httpStatus: 200, answer: element ? answerText(element) : null, requestId };
  if (element && isSuccess(element)) return { ...response, outcome: 'accepted' };
  const what = `${status} of ${account.name}/${orderNumber}, package ${packageId}`;
  if (!element) return { ...response, outcome: 'unknown', failure: missingInAnswer(`${what}: not in the answer`) };
  calls.noteCode(element);
  const failure = elementFailure(what, element);
  return { ...response, outcome: failure.kind === 'transient' ? 'unknown' : 'refused', failure };
}

const answerText = ({ code, message }: ElementOutcome) => `${code} ${message}`.trim().slice(0, 500);
