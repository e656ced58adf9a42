/**
 * How a transaction is run. Statements that wait for nobody's answer travel together: the beginning with the first reads,
 * writes with the commit. A round trip costs both sides a wake-up, however many orders stand behind it.
 */
import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Queryable } from './pool.ts';

export type Transaction = Queryable & {
  /** A write whose answer nobody needs: nobody waits for it, and where it fails the commit fails with its error. */
  send(text: string, values?: unknown[]): void;
};

export type TransactionOptions = {
  /** Who writes, for the events of the triggers: `lazada_sof.source`. */
  source?: string;
  /** The writer computed everything that follows, so the triggers add nothing: `lazada_sof.whole`. */
  whole?: boolean;
  /** How long a statement waits for a row that somebody else holds. */
  lockTimeoutMs?: number;
  /** How long the connection may hold its transaction without saying anything. */
  idleTimeoutMs?: number;
};

/** A table that the host alters, say, is locked for as long as that takes. */
const LOCK_TIMEOUT_MS = 500;

/** Runs `work` in a transaction: committed when it answers, rolled back when it throws. */
export const transaction = <Answer>(
  pool: pg.Pool,
  options: TransactionOptions,
  work: (client: Transaction) => Promise<Answer>,
): Promise<Answer> =>
  onConnection(pool, async (query) => {
    const begun = query(beginning(options));
    const sent: Promise<unknown>[] = [begun];
    const answer = await work({
      // What is asked next may be a write: never of a transaction that did not begin.
      query: ((text: string, values?: unknown[]) => {
        const answered = query(text, values);
        return begun.then(() => answered);
      }) as Queryable['query'],
      send: (text, values) => void sent.push(query(text, values)),
    });
    sent.push(query('commit'));
    await Promise.all(sent);
    return answer;
  });

/**
 * One state of all rows for everything that `work` asks; nothing can be written. All of it is one round trip, so `work` asks
 * for all that it wants to know before it waits for any of it.
 */
export const snapshot = <Answer>(pool: pg.Pool, work: (client: Queryable) => Promise<Answer>): Promise<Answer> =>
  onConnection(pool, async (query) => {
    const begun = query(`begin isolation level repeatable read read only; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    let isOver = false;
    const working = work({
      query: ((text: string, values?: unknown[]) => {
        if (isOver) throw new Error('a snapshot was asked after its end: ask for all of it before waiting for any');
        return query(text, values);
      }) as Queryable['query'],
    });
    isOver = true;
    const ended = query('commit');
    const [answer] = await Promise.all([working, begun, ended]);
    return answer;
  });

type Query = (text: string, values?: unknown[]) => Promise<pg.QueryResult>;

async function onConnection<Answer>(pool: pg.Pool, work: (query: Query) => Promise<Answer>): Promise<Answer> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let firstFailure: unknown;
  try {
    return await work((text, values) => {
      inOnePacket(client);
      const answered = client.query(text, values);
      answered.catch((error) => {
        firstFailure ??= error;
      });
      return answered;
    });
  } catch (error) {
    await client.query('rollback').catch((rollback: Error) => {
      broken = rollback;
    });
    throw isConsequence(error) ? (firstFailure ?? error) : error;
  } finally {
    client.release(broken);
  }
}

/** "Current transaction is aborted": something before it failed, which nobody has waited for yet. */
const isConsequence = (error: unknown) => error instanceof pg.DatabaseError && error.code === '25P02';

/** What is asked within one turn leaves together. The driver has no word for it, and its stream is no part of its types. */
function inOnePacket(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

function beginning(options: TransactionOptions): string {
  const { source, whole = false, lockTimeoutMs = LOCK_TIMEOUT_MS, idleTimeoutMs = 15_000 } = options;
  return [
    'begin',
    `set local lock_timeout = ${lockTimeoutMs}`,
    `set local idle_in_transaction_session_timeout = ${idleTimeoutMs}`,
    ...(source ? [`set local lazada_sof.source = ${pg.escapeLiteral(source)}`] : []),
    ...(whole ? ['set local lazada_sof.whole = on'] : []),
  ].join('; ');
}
