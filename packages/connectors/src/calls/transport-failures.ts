/** What can happen to any request in transport, whoever it went to, as kinds of failure. */
import {
  AbortedError,
  AnswerTooLargeError,
  ConnectionLostError,
  NoConnectionError,
  NotAnIdError,
  TimedOutError,
} from '@lazada-sof/clients';
import { Failure, type FailureKind } from '@lazada-sof/orders';

type ErrorClass = abstract new (...args: never[]) => Error;
const TRANSPORT_FAILURES: readonly (readonly [ErrorClass, FailureKind, code: string])[] = [
  [NoConnectionError, 'transient', 'no_connection'],
  [TimedOutError, 'transient', 'timeout'],
  [ConnectionLostError, 'transient', 'reset'],
  [AnswerTooLargeError, 'transient', 'too_large'],
  [AbortedError, 'transient', 'aborted'],
  [NotAnIdError, 'rejected', 'not_an_id'],
];

/** Null: nothing went wrong in transport. */
export function transportFailure(what: string, error: unknown): Failure | null {
  const row = TRANSPORT_FAILURES.find(([errorClass]) => error instanceof errorClass);
  return row ? new Failure(row[1], `${what}: ${(error as Error).message}`, { code: row[2], cause: error }) : null;
}
