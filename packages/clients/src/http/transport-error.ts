import { TimeoutError } from 'got';
import { AbortedError, ClientError, ConnectionLostError, NoConnectionError, TimedOutError } from './errors.ts';
import { factsOf, type HttpRequest } from './request.ts';

/** The caller takes the request back. */
export class TakenBackError extends Error {}
/** A phase of the request takes too long. */
export class LateError extends Error {}

/** What got threw, as one of our errors. How far the request came decides first, what went wrong only second. */
export function transportError(
  error: unknown,
  request: HttpRequest,
  { left, httpStatus }: { left: boolean; httpStatus: number | undefined },
): ClientError {
  if (error instanceof ClientError) return error;
  const facts = { request: factsOf(request), httpStatus, cause: bareCause(error) };
  if (reasonOf(error) instanceof TakenBackError) return new AbortedError(left ? 'unknown' : 'never-left', facts);
  const why = messageOf(error);
  if (!left) return new NoConnectionError(`no connection (${why})`, facts);
  if (isLate(error)) return new TimedOutError(`sent, but no whole answer in time (${why})`, facts);
  return new ConnectionLostError(`sent, but the connection broke (${why})`, facts);
}

/** got wraps whatever its stream or request was destroyed with. */
const reasonOf = (error: unknown) => (error instanceof Error ? error.cause : undefined);
const isLate = (error: unknown) => error instanceof TimeoutError || reasonOf(error) instanceof LateError;
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** got's own errors hold the request with its headers and body, so they never become a cause: only the bare fact does. */
function bareCause(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return Object.assign(new Error(messageOf(error)), code === undefined ? {} : { code });
}
