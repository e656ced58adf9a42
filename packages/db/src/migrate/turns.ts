/**
 * One migrates at a time, and nobody waits long for whoever does. The lock is that of a transaction, since one of a session
 * stays behind in a pooler. Prisma's own engine takes the same.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What Prisma's engine takes. */
const LOCK = 72707369;
/**
 * While we wait for a table that somebody holds, everybody else waits for it behind us: so briefly that what a transaction
 * of several tables adds up to stays under 2 s.
 */
const LOCK_TIMEOUT_MS = 500;

export type Patience = {
  /** How often what finds a table in use is tried. */
  readonly tries: number;
  readonly pauseMs: number;
};
export const PATIENCE: Patience = { tries: 120, pauseMs: 1_000 };

/** A transaction in which nobody else migrates; the same work again where a table was in use. */
export async function inTurn<Answer>(
  client: pg.Client,
  { tries, pauseMs }: Patience,
  work: () => Promise<Answer>,
): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    try {
      await begin(client);
      const answer = await work();
      await client.query('commit');
      return answer;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      if (!isInUse(error) || tried >= tries) throw error;
      await sleep(pauseMs);
    }
  }
}

/**
 * Asked for again and again: whoever waits inside a statement has a snapshot, for whose end an index that is built
 * concurrently waits in turn.
 */
async function begin(client: pg.Client): Promise<void> {
  for (;;) {
    await client.query('begin');
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(${LOCK}) as mine`);
    if (rows[0]?.mine) break;
    await client.query('rollback');
    await sleep(LOCK_TIMEOUT_MS);
  }
  await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
}

/** Somebody holds what is needed, or waits for us in turn. */
export const isInUse = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === '55P03' || error.code === '40P01');
