/**
 * Notifies the schedulers, which sleep until the earliest look they know of, that there is an earlier one. One that was
 * notified already and comes first wakes them anyway, and then they read the tables: so a second within a second is kept
 * back.
 */
import type { Transaction } from './transaction.ts';

/** The triggers notify here too. */
export const CHANNEL = 'sof_due';
const REPEAT_MS = 1_000;

export type Notifier = {
  /** Sends a notification with the transaction, where it is needed for a look at `at`. Answers what to do once it is committed. */
  notify(client: Transaction, at: Date | null, now: Date): () => void;
};

export function createNotifier(): Notifier {
  let last = { at: 0, when: 0 };
  const isKnown = (at: number, now: number) => last.at > now && last.at <= at && now - last.when < REPEAT_MS;
  return {
    notify(client, at, now) {
      if (at === null || isKnown(at.getTime(), now.getTime())) return () => undefined;
      client.send(`select pg_notify('${CHANNEL}', '')`);
      return () => {
        last = { at: at.getTime(), when: now.getTime() };
      };
    },
  };
}
