/** What DHL's answers can mean, beside what can happen in transport (`../http/errors.ts`). A question has no effect, whatever became of it. */
import { ClientError, type ErrorFacts } from '../http/errors.ts';

/** 401 and 403: the key is not accepted, or may not use this API. */
export class DhlKeyRefusedError extends ClientError {
  override readonly name = 'DhlKeyRefusedError';
  override readonly delivery = 'refused';
}

/** 429: too many calls, in the day or at once. */
export class DhlTooManyRequestsError extends ClientError {
  override readonly name = 'DhlTooManyRequestsError';
  override readonly delivery = 'refused';
  /** What the answer's `Retry-After` asks for; null where it asks for nothing. */
  readonly retryAfterMs: number | null;

  constructor(what: string, facts: ErrorFacts & { retryAfterMs: number | null }) {
    super(what, facts);
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** 400 and 422 in DHL's own words: this question will never be answered. */
export class DhlQuestionRefusedError extends ClientError {
  override readonly name = 'DhlQuestionRefusedError';
  override readonly delivery = 'refused';
}

/** 5xx, a redirect, any other 4xx: whoever answered, it says nothing of the parcel. Not now. */
export class DhlUnavailableError extends ClientError {
  override readonly name = 'DhlUnavailableError';
  override readonly delivery = 'refused';
}

/** An answer that is not DHL's: a page of something in between, or JSON of another form. */
export class DhlUnreadableError extends ClientError {
  override readonly name = 'DhlUnreadableError';
  override readonly delivery = 'refused';
}
