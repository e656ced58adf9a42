/**
 * What can happen to a request before its answer means anything. The clients add what their answers mean; each error
 * is one small class that says how far the request came, and carries facts without secrets.
 */

/** `refused`: the answer is a clear no. `never-left`: nothing was sent. `unknown`: it may have arrived and had its effect. */
export type Delivery = 'refused' | 'never-left' | 'unknown';

/** Enough to find the request in a log: the query, which may hold tokens, is left out. */
export type RequestFacts = { readonly method: string; readonly url: string };

export type ErrorFacts = {
  readonly request: RequestFacts;
  readonly httpStatus?: number | null | undefined;
  /** At most 500 characters of the answer, redacted. */
  readonly excerpt?: string | null | undefined;
  readonly cause?: unknown;
};

export abstract class ClientError extends Error {
  abstract readonly delivery: Delivery;
  readonly request: RequestFacts;
  /** Null where no answer had begun. */
  readonly httpStatus: number | null;
  readonly excerpt: string | null;

  constructor(what: string, { request, httpStatus, excerpt, cause }: ErrorFacts) {
    super(`${request.method} ${request.url}: ${what}`, { cause });
    this.request = request;
    this.httpStatus = httpStatus ?? null;
    this.excerpt = excerpt ?? null;
  }
}

/** No connection came about: refused, no such host, no valid certificate, or not in time. */
export class NoConnectionError extends ClientError {
  override readonly name = 'NoConnectionError';
  override readonly delivery = 'never-left';
}

/** The request was taken back by its signal. */
export class AbortedError extends ClientError {
  override readonly name = 'AbortedError';
  override readonly delivery: Delivery;

  constructor(delivery: Exclude<Delivery, 'refused'>, facts: ErrorFacts) {
    super(delivery === 'never-left' ? 'taken back before it was sent' : 'given up while it was under way', facts);
    this.delivery = delivery;
  }
}

/** Sent, and no whole answer in time. */
export class TimedOutError extends ClientError {
  override readonly name = 'TimedOutError';
  override readonly delivery = 'unknown';
}

/** Sent, and the connection broke before the answer was whole; also an answer that ends within its compression. */
export class ConnectionLostError extends ClientError {
  override readonly name = 'ConnectionLostError';
  override readonly delivery = 'unknown';
}

/** The answer is larger than we read, so nobody knows what it says. */
export class AnswerTooLargeError extends ClientError {
  override readonly name = 'AnswerTooLargeError';
  override readonly delivery = 'unknown';
}
