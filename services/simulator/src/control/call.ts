/** One control call, and how its body is read. */
import type { ZodType, z } from 'zod';

/** A mistake in a control call: answered as 400 with its text. */
export class Mistake extends Error {}

/** What it does is told on the page. */
export type ControlCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly does: string;
  readonly handle: (asked: Asked) => unknown;
};

export type Asked = {
  /** What the path names: an account, an order, a fault. */
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export function read<Schema extends ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new Mistake(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}

export function limitOf(query: Record<string, string>): number {
  const limit = Number(query.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw new Mistake(`limit ${query.limit} is not a number from 1 up`);
  return limit;
}
