/** Connections to PostgreSQL: how many, how long anything may take, and what an error of theirs means. */
import pg from 'pg';

/** Where a statement can be sent: a pool, or a connection in a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** What the database needs of a log; any logger of the services fits. */
export type Log = { warn(message: string, fields?: Record<string, unknown>): unknown };

const TIMESTAMPTZ = 1184;
/**
 * Milliseconds, cut off: PostgreSQL keeps microseconds, and `date_trunc('milliseconds', …)` must find a time that was
 * read and not changed equal to what is stored.
 */
export const parseTimestamp = (text: string): Date =>
  // A session in UTC says `2026-11-27 12:00:00.123456+00`; in this form, and with milliseconds alone, it is read twice as fast.
  text.endsWith('+00')
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, Math.min(23, text.length - 3))}Z`)
    : new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
const parsers = new pg.TypeOverrides();
parsers.setTypeParser(TIMESTAMPTZ, parseTimestamp);

export type PoolOptions = {
  url: string;
  /** At most so many connections. */
  max: number;
  /** So many of those that were made stay open, however long nobody needs them. */
  kept?: number;
  /** How long a statement may take before its connection is given up. */
  longestMs?: number;
  log?: Log | undefined;
};

/**
 * A pool that a broken connection does not bring down: the next query opens another. Time limits that live on the server
 * are set per transaction and not at the start of a connection, which a pooler in between would refuse.
 */
export function openPool({ url, max, kept = 0, longestMs = 60_000, log }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: parsers,
    application_name: 'lazada-sof',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    min: kept,
    query_timeout: longestMs,
    keepAlive: true,
    pipeline: true,
  });
  pool.on('error', (error) => log?.warn('an idle database connection broke', { error: error.message }));
  // One that is in use is no longer listened to by the pool, and what nobody listens to ends the process. Whoever uses it hears
  // of it by what is asked of it next.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Somebody else holds the row. */
export const isLocked = (error: unknown): boolean => codeOf(error) === '55P03';
/** Two transactions got in each other's way; the same work again goes through. */
export const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));
/** The name of the check or index that refused a row, if one did. */
export const refusedBy = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined;
/** The database or the way to it is not well: what was tried says nothing about the rows. */
export const isOutage = (error: unknown): boolean =>
  error instanceof pg.DatabaseError ? /^(08|25|53|57|58|XX)/.test(codeOf(error)) : isBrokenConnection(error);
/** Of a raw query Prisma tells what its driver met, and no code of its own. */
const AWAY: ReadonlySet<unknown> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);
function isAwayForPrisma(error: unknown): boolean {
  const { meta, cause } = Object(error) as { meta?: { driverAdapterError?: { cause?: unknown } }; cause?: unknown };
  return [meta?.driverAdapterError?.cause, cause].some((one) => AWAY.has((Object(one) as { kind?: unknown }).kind));
}

/** The system's codes, and Prisma's: not reached, timed out, closed, none free. */
const isBrokenConnection = (error: unknown) =>
  /^(E[A-Z]+|P1001|P1002|P1008|P1017|P2024)$/.test(codeOf(error)) ||
  isAwayForPrisma(error) ||
  (error instanceof Error && BROKEN.test(error.message));
/** The driver has no codes for these. */
const BROKEN =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered)/;

/** What was tried says nothing about the rows: the same work may go through in a while. */
export const isPassing = (error: unknown): boolean => isOutage(error) || isLocked(error) || isCollision(error);

/** Runs work again that lost against another transaction, at most three times in all. */
export async function withoutCollisions<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (let round = 1; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (!isCollision(error) || round === 3) throw error;
    }
  }
}
