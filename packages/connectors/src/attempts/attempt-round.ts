/**
 * A report's intent is written down before it leaves and its outcome after: whatever happens in between, a killed
 * process included, the rows show that it may have arrived. A round opens the attempts of its members, lets those go
 * that are still owed, and closes each by its own outcome, exactly once.
 */
import { type CloseAttempt, Failure, type OpenAttempt, type ReportOutcome } from '@lazada-sof/orders';
import { abortReason } from '../calls/abort.ts';

export type AttemptHooks = { readonly open: OpenAttempt; readonly close: CloseAttempt };
export type RoundMember = { readonly attempt: AttemptHooks; readonly signal?: AbortSignal | undefined };
/** An error where the rows could not be written, or the member's signal was aborted before anything left. */
export type RoundOutcome = ReportOutcome | 'superseded' | Error;

/** An attempt is read back 30 s after it was opened: a post that begins later than this could still be under way then. */
const START_WITHIN_MS = 5_000;

/** `post` answers one outcome per member that it is given, and never throws. */
export async function attemptRound<Member extends RoundMember>(
  members: readonly Member[],
  post: (leaving: readonly Member[]) => Promise<readonly ReportOutcome[]>,
  clock: () => number = () => performance.now(),
): Promise<RoundOutcome[]> {
  const began = clock();
  const outcomes = new Map<Member, RoundOutcome>();
  const opened = await openAll(members, outcomes);
  const late = clock() - began > START_WITHIN_MS;
  const leaving = opened.filter(({ signal }) => !late && !signal?.aborted);
  const posted = leaving.length > 0 ? await post(leaving) : [];
  const postOutcomes = new Map(leaving.map((member, index) => [member, posted[index]]));
  await Promise.all(
    opened.map(async (member) => {
      const outcome = postOutcomes.get(member) ?? (late ? TOO_LATE : TAKEN_BACK);
      outcomes.set(member, await closed(member, outcome));
    }),
  );
  return members.map((member) => outcomes.get(member) ?? new Error('an attempt was left without an outcome'));
}

async function openAll<Member extends RoundMember>(members: readonly Member[], outcomes: Map<Member, RoundOutcome>) {
  const opens = await Promise.allSettled(members.map(({ attempt }) => attempt.open()));
  return members.filter((member, index) => {
    const open = opens[index];
    if (open?.status === 'fulfilled' && open.value) return true;
    outcomes.set(member, open?.status === 'rejected' ? asError(open.reason) : 'superseded');
    return false;
  });
}

/** Where a shutdown took it back nothing failed: its signal's reason says so. */
async function closed({ attempt, signal }: RoundMember, outcome: ReportOutcome): Promise<RoundOutcome> {
  try {
    await attempt.close(outcome);
  } catch (error) {
    return asError(error);
  }
  return outcome.failure?.code === 'aborted' && signal?.aborted ? abortReason(signal) : outcome;
}

const voided = (code: string, message: string): ReportOutcome => ({
  outcome: 'void',
  httpStatus: null,
  answer: null,
  requestId: null,
  failure: new Failure('transient', message, { code }),
});
const TOO_LATE = voided('started_late', `the post could not begin within ${START_WITHIN_MS} ms of its attempt`);
const TAKEN_BACK = voided('aborted', 'taken back before it was sent');

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason)));
