/** What DHL's answers mean: one table. What goes wrong in transport stands in `../calls/transport-failures.ts`. */
import {
  DhlKeyRefusedError,
  DhlQuestionRefusedError,
  DhlTooManyRequestsError,
  DhlUnavailableError,
  DhlUnreadableError,
} from '@lazada-sof/clients';
import { asFailure, Failure, type FailureKind } from '@lazada-sof/orders';
import { transportFailure } from '../calls/transport-failures.ts';

type ErrorClass = abstract new (...args: never[]) => Error & { httpStatus: number | null };

const MEANINGS: readonly (readonly [ErrorClass, FailureKind, code?: string])[] = [
  [DhlKeyRefusedError, 'misconfigured'],
  [DhlTooManyRequestsError, 'rate-limited'],
  [DhlQuestionRefusedError, 'rejected'],
  [DhlUnavailableError, 'transient'],
  // A page of something in between, most likely: it says nothing of the parcel.
  [DhlUnreadableError, 'transient', 'unreadable'],
];

export function dhlFailure(what: string, error: unknown): Failure {
  const row = MEANINGS.find(([errorClass]) => error instanceof errorClass);
  if (!row) return transportFailure(what, error) ?? asFailure(error);
  const [, kind, code] = row;
  const { message, httpStatus } = error as InstanceType<ErrorClass>;
  const waitMs = error instanceof DhlTooManyRequestsError ? error.retryAfterMs : null;
  return new Failure(kind, `${what}: ${message}`, {
    code: code ?? `http_${httpStatus}`,
    cause: error,
    ...(waitMs !== null && { waitMs }),
  });
}
