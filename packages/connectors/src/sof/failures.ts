/** What the SOF module's answers mean: one table. What goes wrong in transport stands in `transport-failures.ts`. */
import {
  LoginRefusedError,
  MissingValueError,
  NoTokenInAnswerError,
  RequestRefusedError,
  ServerRefusedError,
  TokenRefusedError,
  TooManyRequestsError,
  UncertainAnswerError,
  UnknownStatusError,
  UnknownTrackingNumberError,
  WrongAddressError,
} from '@lazada-sof/clients';
import { asFailure, Failure, type FailureDetails, type FailureKind } from '@lazada-sof/orders';
import { transportFailure } from '../calls/transport-failures.ts';

type ErrorClass = abstract new (...args: never[]) => Error & { httpStatus: number | null };
type Meaning = { readonly kind: FailureKind } & Partial<Pick<FailureDetails, 'code' | 'schedule' | 'accountStatus'>>;

const MEANINGS: readonly (readonly [ErrorClass, Meaning])[] = [
  [LoginRefusedError, { kind: 'misconfigured', code: 'login_refused', accountStatus: 'auth_failed' }],
  // A maintenance page, most likely: it says nothing of this user name and password.
  [NoTokenInAnswerError, { kind: 'transient', code: 'no_token' }],
  [UnknownTrackingNumberError, { kind: 'not-ready', code: 'package_unknown', schedule: 'unknown-package' }],
  [MissingValueError, { kind: 'rejected' }],
  [UnknownStatusError, { kind: 'rejected' }],
  [RequestRefusedError, { kind: 'rejected' }],
  // Of a token that was made a moment ago; one that may have gone stale is renewed first.
  [TokenRefusedError, { kind: 'misconfigured', accountStatus: 'auth_failed' }],
  [WrongAddressError, { kind: 'misconfigured', accountStatus: 'auth_failed' }],
  [TooManyRequestsError, { kind: 'rate-limited' }],
  [ServerRefusedError, { kind: 'transient' }],
  [UncertainAnswerError, { kind: 'transient' }],
];

/** `waitMs`: how long to stay away, where too many requests were made. */
export function sofFailure(what: string, error: unknown, waitMs?: number): Failure {
  const row = MEANINGS.find(([errorClass]) => error instanceof errorClass);
  if (!row) return transportFailure(what, error) ?? asFailure(error);
  const [, { kind, ...meaning }] = row;
  const { message, httpStatus } = error as InstanceType<ErrorClass>;
  const wait = kind === 'rate-limited' && waitMs !== undefined ? { waitMs } : {};
  return new Failure(kind, `${what}: ${message}`, { code: `http_${httpStatus}`, ...meaning, ...wait, cause: error });
}
