/** Refusals and faults as RFC 9457 problem documents. A client is told what to change, never how we are made. */
import { STATUS_CODES } from 'node:http';
import { isPassing } from '@lazada-sof/db';
import { isConfidential } from '@lazada-sof/redact';
import type { Logger } from '@lazada-sof/runtime';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type SentEnd, sentEnd } from './shapes/sent-end.ts';

export type FieldProblem = {
  field: string;
  /** As it was sent; left out where it is secret or was not sent. */
  value?: unknown;
  /** What is wrong and what would be right. */
  detail: string;
};

export const problemShape = z
  .object({
    type: z.string().describe('Always about:blank: title and status say what kind it is.'),
    title: z.string(),
    status: z.number().int().min(400).max(599),
    detail: z.string(),
    requestId: z.string().describe('Also in the header x-request-id and in our log.'),
    errors: z
      .array(z.object({ field: z.string(), value: z.unknown().optional(), detail: z.string() }))
      .optional()
      .describe('Field by field, where fields are wrong.'),
    sent: z
      .array(sentEnd)
      .optional()
      .describe('Where an update contradicts it: the ends that the marketplace has accepted by now.'),
  })
  .meta({ id: 'Problem' });

/** A refusal with its HTTP status. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;
  /** Ends that were accepted, where that is what stands in the way. */
  readonly sent: readonly SentEnd[] | undefined;
  /** Of a fault: it is known to have had no effect. */
  readonly changedNothing: boolean;

  constructor(
    status: number,
    detail: string,
    { errors = [], headers = {}, sent, changedNothing = false }: ProblemParts = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
    this.sent = sent;
    this.changedNothing = changedNothing;
  }
}
export type ProblemParts = {
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly sent?: readonly SentEnd[];
  readonly changedNothing?: boolean;
};

/** 422, naming the fields. */
export const invalid = (...errors: readonly FieldProblem[]) => invalidIn(errors);

/** A request may have a mistake in each of thousands of fields: an answer is not many times as large as what was sent. */
const MOST_ERRORS = 50;
const LONGEST_FIELD = 200;

/** The same of any number of fields, of which the first are named. */
export function invalidIn(all: readonly FieldProblem[]): Problem {
  const errors = all.slice(0, MOST_ERRORS).map((error) => ({ ...error, field: error.field.slice(0, LONGEST_FIELD) }));
  const told = errors.map(({ field, detail }) => `${field}: ${detail}`);
  const more = all.length - errors.length;
  return new Problem(422, [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; '), { errors });
}

/** 503 for what passes by itself: nothing has changed, and the same request may simply come again. */
export const tryAgain = (detail: string) =>
  new Problem(503, detail, { headers: { 'retry-after': '1' }, changedNothing: true });

/** It was there, and was removed. */
export const gone = (detail: string) => new Problem(410, detail);

export const notFound = (detail: string) => new Problem(404, detail);

/** The error handler of the whole server: what nobody foresaw is logged in full and told in one sentence. */
export const problemHandler =
  (log: Logger) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = asProblem(error, request);
    if (problem.status >= 500) log.error('a request failed', { requestId: request.id, error });
    return sendProblem(problem, request, reply);
  };

export const problemDocument = (problem: Problem, requestId: string) => ({
  type: 'about:blank',
  title: STATUS_CODES[problem.status] ?? 'Error',
  status: problem.status,
  detail: problem.message,
  requestId,
  ...(problem.errors.length > 0 && { errors: problem.errors }),
  ...(problem.sent && { sent: problem.sent }),
});

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(problemDocument(problem, request.id));
}

/** Whether it was done is not known where the connection broke at the last moment. */
const DATABASE_AWAY = new Problem(
  503,
  'The database cannot be used at the moment: send this again in a while, a change under the same Idempotency-Key.',
  { headers: { 'retry-after': '5' } },
);

/** As whoever asked is told of it. */
export function asProblem(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (isPassing(error)) return DATABASE_AWAY;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const sent = { body: request.body, querystring: request.query, params: request.params, headers: undefined };
    const from = sent[error.validationContext ?? 'body'];
    return invalidIn(error.validation.flatMap((issue) => fieldProblems(issue, from)));
  }
  if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return invalid({ field: 'body', detail: 'cannot be read as JSON; send one JSON object' });
  // Fastify's own refusals (too large, too many requests) say so in words that hold nothing of ours.
  if (error.statusCode && error.statusCode < 500) return new Problem(error.statusCode, error.message);
  return new Problem(500, 'Something broke on our side. Try again; if it stays, tell us the requestId.');
}

type Issue = { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> };

/** Fields that we do not know come as one issue with their names. */
function fieldProblems({ instancePath, keyword, message, params }: Issue, sent: unknown): FieldProblem[] {
  const path = instancePath.split('/').filter(Boolean);
  if (keyword === 'unrecognized_keys' && Array.isArray(params.keys)) {
    return params.keys.map((key) => ({
      field: [...path, String(key)].join('.'),
      detail: 'no such field here; leave it out',
    }));
  }
  const field = path.join('.') || 'body';
  const value = path.reduce<unknown>((left, key) => (isObject(left) ? left[key] : undefined), sent);
  const shown = value !== undefined && path.length > 0 && !path.some(isConfidential) && !isObject(value);
  return [{ field, ...(shown && { value }), detail: message ?? 'cannot be used' }];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
