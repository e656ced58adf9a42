/** What the Open Platform's answers can mean, beside what can happen in transport (`../http/errors.ts`). */
import { ClientError, type Delivery, type ErrorFacts } from '../http/errors.ts';

export type ApiErrorFacts = ErrorFacts & {
  /** Lazada's own code, as text. */
  readonly code: string;
  /** Lazada's own words. */
  readonly apiMessage: string;
  readonly requestId: string | null;
};

/** The answer holds a code that is not a success. What the code means for whom is not decided here. */
export class ApiError extends ClientError {
  override readonly name: string = 'ApiError';
  override readonly delivery = 'refused';
  readonly code: string;
  readonly apiMessage: string;
  readonly requestId: string | null;

  constructor(facts: ApiErrorFacts) {
    super(`${facts.code} "${facts.apiMessage}"`, facts);
    this.code = facts.code;
    this.apiMessage = facts.apiMessage;
    this.requestId = facts.requestId;
  }
}

/** The access token is not accepted (any more): a refreshed one may be. */
export class AccessTokenRefusedError extends ApiError {
  override readonly name = 'AccessTokenRefusedError';
}

/** The codes of "too many calls", and whose they were: of one API or seller, or of all sellers of the app. */
export const CALL_LIMITS: ReadonlyMap<string, 'account' | 'app'> = new Map([
  ['ApiCallLimit', 'account'],
  ['SellerCallLimit', 'account'],
  ['901', 'account'],
  ['4154', 'account'],
  ['AppCallLimit', 'app'],
  ['AppApiCallLimit', 'app'],
]);

export class CallLimitError extends ApiError {
  override readonly name = 'CallLimitError';
  readonly whose: 'account' | 'app';
  /** How long the answer says that the ban lasts; null where it does not say. */
  readonly banSeconds: number | null;

  constructor(facts: ApiErrorFacts) {
    super(facts);
    this.whose = CALL_LIMITS.get(facts.code) ?? 'account';
    const seconds = /will last (\d+) seconds?/i.exec(facts.apiMessage)?.[1];
    this.banSeconds = seconds === undefined ? null : Number(seconds);
  }
}

/** A status other than 200, without a code of Lazada's. 408 and 5xx but 500 and 503 leave open whether it had an effect. */
export class HttpStatusError extends ClientError {
  override readonly name: string = 'HttpStatusError';
  override readonly delivery: Delivery;

  constructor(facts: ErrorFacts & { httpStatus: number }) {
    super(`answered ${facts.httpStatus}`, facts);
    this.delivery = isUncertain(facts.httpStatus) ? 'unknown' : 'refused';
  }
}

const isUncertain = (status: number) => status === 408 || (status >= 500 && status !== 500 && status !== 503);

/** 429. */
export class HttpRateLimitError extends HttpStatusError {
  override readonly name = 'HttpRateLimitError';
  /** What the answer's `Retry-After` asks for; null where it asks for nothing. */
  readonly retryAfterMs: number | null;

  constructor(facts: ErrorFacts & { httpStatus: number; retryAfterMs: number | null }) {
    super(facts);
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** 200, but no JSON: a page of HTML, nothing, or half an answer. */
export class NotJsonError extends ClientError {
  override readonly name = 'NotJsonError';
  override readonly delivery = 'unknown';
}

/** A success without what it should hold: whether it had its effect, and what there is, is as open as before. */
export class EmptyAnswerError extends ClientError {
  override readonly name = 'EmptyAnswerError';
  override readonly delivery = 'unknown';
}

/** JSON, but not of the documented form. */
export class UnexpectedAnswerError extends ClientError {
  override readonly name = 'UnexpectedAnswerError';
  override readonly delivery = 'unknown';
}
