/**
 * Tells the schedulers, which sleep until the earliest look they know of, that there is an earlier one. One that was told
 * already and comes first wakes them anyway, and then they read the tables: so a second within a second is kept back.
 */
import type { Queryable } from './pool.ts';

const REPEAT_MS = 1_000;

export type Announcer = {
  /** Sends a notification with the transaction, where it is needed for a look at `at`. Answers what to do once it is committed. */
  announce(client: Queryable, at: Date | null, now: Date): Promise<() => void>;
};

export function createAnnouncer(): Announcer {
  let told = { at: 0, when: 0 };
  const isTold = (at: number, now: number) => told.at > now && told.at <= at && now - told.when < REPEAT_MS;
  return {
    async announce(client, at, now) {
      if (at === null || isTold(at.getTime(), now.getTime())) return () => undefined;
      await client.query("select pg_notify('sof_due', '')");
      return () => {
        told = { at: at.getTime(), when: now.getTime() };
      };
    },
  };
}
