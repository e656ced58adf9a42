/** What the SOF module's answers can mean, beside what can happen in transport (`../http/errors.ts`). */
import { ClientError, type ErrorFacts } from '../http/errors.ts';

/** Authenticate: this user name and password are not accepted. */
export class LoginRefusedError extends ClientError {
  override readonly name = 'LoginRefusedError';
  override readonly delivery = 'refused';
}

/** Authenticate said yes, but the answer holds no token. */
export class NoTokenInAnswerError extends ClientError {
  override readonly name = 'NoTokenInAnswerError';
  override readonly delivery = 'refused';
}

/** 400: the tracking number is not known, or not known yet. */
export class UnknownTrackingNumberError extends ClientError {
  override readonly name = 'UnknownTrackingNumberError';
  override readonly delivery = 'refused';
}

/** 400: a field is missing in the body. */
export class MissingValueError extends ClientError {
  override readonly name = 'MissingValueError';
  override readonly delivery = 'refused';
}

/** 400: the status is not one of the module's. */
export class UnknownStatusError extends ClientError {
  override readonly name = 'UnknownStatusError';
  override readonly delivery = 'refused';
}

/** Any other 4xx: this request will never be accepted. */
export class RequestRefusedError extends ClientError {
  override readonly name = 'RequestRefusedError';
  override readonly delivery = 'refused';
}

/** 401: the token is not accepted (any more). */
export class TokenRefusedError extends ClientError {
  override readonly name = 'TokenRefusedError';
  override readonly delivery = 'refused';
}

/** 403, 404, 405 or a redirect: the address is wrong, or this user may not use it. */
export class WrongAddressError extends ClientError {
  override readonly name = 'WrongAddressError';
  override readonly delivery = 'refused';
}

/** 429. */
export class TooManyRequestsError extends ClientError {
  override readonly name = 'TooManyRequestsError';
  override readonly delivery = 'refused';
  /** What the answer's `Retry-After` asks for; null where it asks for nothing. */
  readonly retryAfterMs: number | null;

  constructor(what: string, facts: ErrorFacts & { retryAfterMs: number | null }) {
    super(what, facts);
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** 500 and 503: a clear no for now. */
export class ServerRefusedError extends ClientError {
  override readonly name = 'ServerRefusedError';
  override readonly delivery = 'refused';
}

/** 408 and every other 5xx: something between us and the module lost sight of the request. */
export class UncertainAnswerError extends ClientError {
  override readonly name = 'UncertainAnswerError';
  override readonly delivery = 'unknown';
}
