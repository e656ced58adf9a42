/** The two forms in which the Open Platform wraps its answers: `data` at the top, or a `result` with its own success. */
import { z } from 'zod';
import type { ErrorFacts } from '../http/errors.ts';
import { excerptOf } from '../http/excerpt.ts';
import { AccessTokenRefusedError, ApiError, type ApiErrorFacts, CALL_LIMITS, CallLimitError } from './errors.ts';
import { code, flag, name, text } from './schemas.ts';

/** Which parameter an error is about; never a reason to lose the error itself. */
const Detail = z
  .array(z.object({ field: text, message: text }))
  .nullish()
  .catch(null);
const Result = z.object({
  success: flag.optional(),
  data: z.unknown().optional(),
  error_code: code.nullish(),
  errorCode: code.nullish(),
  error_msg: text,
  errorMsg: text,
});
const Envelope = z.object({
  code,
  message: text,
  request_id: name,
  detail: Detail,
  data: z.unknown().optional(),
  result: Result.nullish(),
});

export type Opened = {
  /** What the endpoint is about: `data`, wherever it lies. */
  readonly data: unknown;
  /** The answer as it came, for the endpoints that lay their fields at the top. */
  readonly whole: unknown;
  readonly requestId: string | null;
};

/**
 * The content of an answer. Null: it is no envelope. `secrets` never show in an error.
 * @throws ApiError for every code that is not a success
 */
export function openEnvelope(answer: unknown, facts: ErrorFacts, secrets: readonly string[] = []): Opened | null {
  const envelope = Envelope.safeParse(answer);
  if (!envelope.success) return null;
  const { data, result, request_id, ...outer } = envelope.data;
  const requestId = request_id || null;
  const refusal = outer.code === '0' ? refusalOf(result) : { code: outer.code, words: wordsOf(outer) };
  if (refusal !== null)
    throw apiError({ ...facts, code: refusal.code, apiMessage: excerptOf(refusal.words, secrets), requestId });
  return { data: result ? result.data : data, whole: answer, requestId };
}

/** Nothing, null, or an empty text, list or object: whatever stands where there is no content. */
export const holdsNothing = (content: unknown): boolean =>
  content === undefined ||
  content === null ||
  content === '' ||
  (typeof content === 'object' && Object.values(content).every((value) => value === null));

type Words = Pick<z.output<typeof Envelope>, 'message' | 'detail'>;
const wordsOf = ({ message, detail }: Words) =>
  [message, ...(detail ?? []).map((one) => `${one.field}: ${one.message}`)].filter(Boolean).join('; ');

function refusalOf(result: z.output<typeof Result> | null | undefined) {
  if (result?.success !== false) return null;
  return { code: result.error_code || result.errorCode || 'no_code', words: result.error_msg || result.errorMsg };
}

const TOKEN_REFUSALS = ['IllegalAccessToken', 'InvalidAccessToken'];

function apiError(facts: ApiErrorFacts): ApiError {
  if (TOKEN_REFUSALS.includes(facts.code)) return new AccessTokenRefusedError(facts);
  if (CALL_LIMITS.has(facts.code)) return new CallLimitError(facts);
  return new ApiError(facts);
}
