/** What became of a post, as the outcome that closes its attempt: a clear yes or no, never left, or nobody knows. */
import { AccessTokenRefusedError, ApiError, ClientError, TokenRefusedError } from '@lazada-sof/clients';
import { asFailure, Failure, type ReportOutcome } from '@lazada-sof/orders';

const OUTCOMES = { refused: 'refused', 'never-left': 'void', unknown: 'unknown' } as const;

/** `failure` is what the error means for whoever asked; an error that no client made leaves everything open. */
export function outcomeOf(failure: Failure): ReportOutcome {
  const { cause } = failure;
  if (!(cause instanceof ClientError)) {
    return { outcome: 'unknown', httpStatus: null, answer: null, requestId: null, failure };
  }
  return {
    outcome: isLeftOpen(failure, cause) ? 'unknown' : OUTCOMES[cause.delivery],
    httpStatus: cause.httpStatus,
    answer: cause.excerpt,
    requestId: cause instanceof ApiError ? cause.requestId : null,
    failure,
  };
}

/** "Service timeout" is an answer, but says nothing about what was done before the time was out. */
const isLeftOpen = ({ kind }: Failure, cause: ClientError) => cause instanceof ApiError && kind === 'transient';

type Settled = ReportOutcome | 'superseded' | Error | undefined;

/** A stored token may end before its time, so a first refusal of one is no reason to stop the account. */
export const isTokenRefusal = (outcome: Settled): outcome is ReportOutcome & { failure: Failure } => {
  const cause = isOutcome(outcome) ? outcome.failure?.cause : undefined;
  return cause instanceof TokenRefusedError || cause instanceof AccessTokenRefusedError;
};

export function passingRefusal(outcome: ReportOutcome): ReportOutcome {
  if (!isTokenRefusal(outcome)) return outcome;
  const { message, code, cause } = outcome.failure;
  return { ...outcome, failure: new Failure('transient', message, { code, cause }) };
}

/** The first round's outcome, where a second one could not begin: that is why now. */
export function notAgain(outcome: Settled, error: unknown): ReportOutcome {
  if (!isOutcome(outcome)) throw error;
  return { ...outcome, failure: asFailure(error) };
}

const isOutcome = (outcome: Settled): outcome is ReportOutcome =>
  outcome !== undefined && outcome !== 'superseded' && !(outcome instanceof Error);
