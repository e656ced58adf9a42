/** What can happen to any request, whoever it went to, as kinds of failure. */
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
const ON_THE_WAY: readonly (readonly [ErrorClass, FailureKind, code: string])[] = [
  [NoConnectionError, 'transient', 'no_connection'],
  [TimedOutError, 'transient', 'timeout'],
  [ConnectionLostError, 'transient', 'reset'],
  [AnswerTooLargeError, 'transient', 'too_large'],
  [AbortedError, 'transient', 'aborted'],
  [NotAnIdError, 'rejected', 'not_an_id'],
];

/** Null: the error says more than that something happened on the way. */
export function failureOnTheWay(what: string, error: unknown): Failure | null {
  const row = ON_THE_WAY.find(([errorClass]) => error instanceof errorClass);
  return row ? new Failure(row[1], `${what}: ${(error as Error).message}`, { code: row[2], cause: error }) : null;
}
