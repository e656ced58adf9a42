/** Whether two requests ask the same: by where they go and what they say, not by how it is written. */
import { createHash } from 'node:crypto';

export type AskedFor = {
  readonly method: string;
  /** The route's. */
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
};

export const fingerprint = ({ method, url, params, query, body }: AskedFor): Uint8Array =>
  createHash('sha256')
    .update(JSON.stringify([method, url, sorted(params), sorted(query), sorted(body)]))
    .digest();

/** With the fields of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]));
}
