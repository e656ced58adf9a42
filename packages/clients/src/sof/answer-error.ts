/** The SOF module's answers that are not a yes, as errors. */
import type { ClientError, ErrorFacts } from '../http/errors.ts';
import { excerptOf } from '../http/excerpt.ts';
import { factsOf, type HttpAnswer, type HttpRequest } from '../http/request.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import {
  MissingValueError,
  RequestRefusedError,
  ServerRefusedError,
  TokenRefusedError,
  TooManyRequestsError,
  UncertainAnswerError,
  UnknownStatusError,
  UnknownTrackingNumberError,
  WrongAddressError,
} from './errors.ts';

type ErrorClass = new (what: string, facts: ErrorFacts) => ClientError;

/** A 400 says only in words what it means. */
const BAD_REQUESTS: readonly (readonly [RegExp, ErrorClass])[] = [
  // The apostrophe comes plain, curled, or escaped by JSON or HTML.
  [/doesn.{1,8}t exist|does not exist/i, UnknownTrackingNumberError],
  [/required value missing/i, MissingValueError],
  [/is not registered in the system/i, UnknownStatusError],
];

const BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  401: TokenRefusedError,
  403: WrongAddressError,
  404: WrongAddressError,
  405: WrongAddressError,
  408: UncertainAnswerError,
  500: ServerRefusedError,
  503: ServerRefusedError,
};

/** Null for a yes (any 2xx). `secrets` never show in the error's excerpt. */
export function answerError(answer: HttpAnswer, request: HttpRequest, secrets: readonly string[]): ClientError | null {
  const { status, body, headers } = answer;
  if (status >= 200 && status < 300) return null;
  const excerpt = excerptOf(body, secrets);
  const facts = { request: factsOf(request), httpStatus: status, excerpt };
  const what = `answered ${status}${excerpt && ` (${excerpt})`}`;
  if (status === 429) {
    return new TooManyRequestsError(what, { ...facts, retryAfterMs: retryAfterMs(headers['retry-after'], new Date()) });
  }
  return new (classOf(status, body.toString('utf8')))(what, facts);
}

function classOf(status: number, text: string): ErrorClass {
  if (status === 400) return BAD_REQUESTS.find(([words]) => words.test(text))?.[1] ?? RequestRefusedError;
  const known = BY_STATUS[status];
  if (known) return known;
  if (status >= 300 && status < 400) return WrongAddressError;
  return status >= 400 && status < 500 ? RequestRefusedError : UncertainAnswerError;
}
