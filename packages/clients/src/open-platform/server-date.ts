/** What time it is at Lazada: every answer has it in its `Date` header, also that to a call that nobody signed. */
import { openConnections } from '../http/connections.ts';
import type { CallOptions } from './request.ts';

export type ServerDate = {
  /** To the second, cut off; null: the answer had none that can be read. */
  readonly theirs: Date | null;
  readonly askedAt: Date;
  readonly answeredAt: Date;
};

/** @throws a ClientError where nobody answers */
export async function readServerDate(url: string, { signal }: CallOptions = {}): Promise<ServerDate> {
  const connections = openConnections();
  try {
    const askedAt = new Date();
    const { headers } = await connections.send({
      method: 'GET',
      url: new URL(url),
      // A cache on the way would answer with the time at which it was filled.
      headers: { 'cache-control': 'no-cache' },
      wholeMs: 15_000,
      largestAnswer: 1024 * 1024,
      signal,
    });
    return { theirs: dateOf(headers), askedAt, answeredAt: new Date() };
  } finally {
    connections.close();
  }
}

/** What lay in a cache all the same says how long in `Age`. */
function dateOf({ date, age }: { readonly date?: string | undefined; readonly age?: string | undefined }): Date | null {
  const ms = Date.parse(date ?? '');
  const aged = /^\d{1,9}$/.test(age ?? '') ? Number(age) * 1_000 : 0;
  return Number.isNaN(ms) ? null : new Date(ms + aged);
}
