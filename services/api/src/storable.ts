/** PostgreSQL can hold neither NUL nor half of a surrogate pair: text with either is the caller's mistake, in whatever place. */
import { isStorable } from '@lazada-sof/queue';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type FieldProblem, invalidIn, sendProblem } from './problem.ts';

const DETAIL = 'it has a character that cannot be stored (NUL, or half of a surrogate pair); take it out';

/** After each call's own shape, which may have said so already. */
export async function refuseUnstorable(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const found = [request.params, request.query, request.body].flatMap((part) => unstorable(part));
  return found.length === 0 ? undefined : sendProblem(invalidIn(found), request, reply);
}

const TOO_DEEP = 'it is nested deeper than anything that is read here; leave that out';
/** Nothing of ours is deeper than five; what goes on for ever would use up the stack. */
const DEEPEST = 100;

/** Values are not shown: some are secret. */
export function unstorable(value: unknown, path: readonly string[] = []): FieldProblem[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ field: path.join('.') || 'body', detail: DETAIL }];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if (path.length > DEEPEST) return [{ field: path[0] ?? 'body', detail: TOO_DEEP }];
  return Object.entries(value).flatMap(([name, part]) =>
    isStorable(name) ? unstorable(part, [...path, name]) : [{ field: path.join('.') || 'body', detail: DETAIL }],
  );
}
