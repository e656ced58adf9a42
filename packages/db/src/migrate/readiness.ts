/** What a service says while orders of before have no rows: it works on those that have. */
import type pg from 'pg';
import { backfillNote } from './backfill.ts';

const ASK_AGAIN_AFTER_MS = 5_000;

/** Asks the database now and then, and no more once it is over. What cannot be asked is not told. */
export function watchBackfill(pool: Pick<pg.Pool, 'query'>): () => Promise<{ backfill?: string }> {
  let askAt = Number.NEGATIVE_INFINITY;
  let note: string | null | undefined;
  return async () => {
    if (performance.now() >= askAt) {
      askAt = performance.now() + ASK_AGAIN_AFTER_MS;
      note = await backfillNote(pool).catch(() => undefined);
      if (note === null) askAt = Number.POSITIVE_INFINITY;
    }
    return note ? { backfill: note } : {};
  };
}
