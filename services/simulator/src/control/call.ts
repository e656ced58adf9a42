/** One control call, and how its body is read. */
import type { ZodType, z } from 'zod';

/** The control call makes no sense: answered as 400 with its text. */
export class BadRequest extends Error {}

export type ControlCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** Shown on the page. */
  readonly description: string;
  readonly handle: (request: ControlRequest) => unknown;
};

export type ControlRequest = {
  /** What the path names: an account, an order, a fault. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export function parseBody<Schema extends ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new BadRequest(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}

export function limitOf(query: Record<string, string>): number {
  const limit = Number(query.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw new BadRequest(`limit ${query.limit} is not a number from 1 up`);
  return limit;
}
