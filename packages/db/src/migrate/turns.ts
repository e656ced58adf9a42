/**
 * One migrates at a time, and nobody waits long for whoever does. The lock is that of a transaction, since one of a session
 * stays behind in a pooler, as all that is set is of the transaction. Prisma's own engine takes the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { FOR_TRANSACTION } from './own-settings.ts';

export type Migrating = {
  readonly client: pg.Client;
  /** Another connection, for a turn beside what cannot run in a transaction. */
  readonly connect: () => Promise<pg.Client>;
  readonly patience: Patience;
  readonly log?: { info(message: string): unknown; warn(message: string): unknown } | undefined;
};

export type Patience = {
  /** How often what finds something in use is tried. */
  readonly tries: number;
  readonly pauseMs: number;
};
export const PATIENCE: Patience = { tries: 120, pauseMs: 1_000 };

/** What Prisma's engine takes. */
const LOCK = 72707369;
/**
 * While we wait for a table that somebody holds, everybody else waits for it behind us: so briefly that what a transaction
 * of several tables adds up to stays under 2 s.
 */
const LOCK_TIMEOUT_MS = 300;
const ASK_AGAIN_MS = 500;
const SAY_AFTER_TRIES = 10;

/** A transaction in which nobody else migrates; the same work again where something was in use. */
export async function inTurn<Answer>(migrating: Migrating, work: () => Promise<Answer>): Promise<Answer> {
  const { client, patience } = migrating;
  for (let tried = 1; ; tried++) {
    try {
      await begin(migrating);
      const answer = await work();
      await client.query('commit');
      return answer;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      if (!isInUse(error) || tried >= patience.tries) throw error;
      await sleep(patience.pauseMs);
    }
  }
}

/**
 * The same for what cannot run in a transaction: the turn is that of another connection, which asks nothing meanwhile. A
 * snapshot of its own would be waited for by an index that is built concurrently.
 */
export async function besideTurn<Answer>(migrating: Migrating, work: () => Promise<Answer>): Promise<Answer> {
  const turn = await migrating.connect();
  try {
    return await inTurn({ ...migrating, client: turn }, async () => {
      await turn.query('set local idle_in_transaction_session_timeout = 0');
      return work();
    });
  } finally {
    await turn.end();
  }
}

/** Asked for again and again: whoever waits inside a statement has a snapshot, see above. */
async function begin({ client, log }: Migrating): Promise<void> {
  for (let tried = 1; ; tried++) {
    await client.query('begin isolation level read committed read write');
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
    if (rows[0]?.mine) break;
    await client.query('rollback');
    if (tried === SAY_AFTER_TRIES) log?.warn('somebody else migrates this database: waiting for the end of that');
    await sleep(ASK_AGAIN_MS);
  }
  await client.query(`${FOR_TRANSACTION}; set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
}

/** Somebody holds what is needed, or waits for us in turn. */
export const isInUse = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === '55P03' || error.code === '40P01');
