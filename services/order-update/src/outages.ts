/** An outage of the database is told once, however many jobs run into it, and its end once. */
import type { Logger } from '@lazada-sof/runtime';

export type Outages = {
  begin(error: unknown): void;
  /** The database has answered. */
  end(): void;
};

export function tellOutages(log: Pick<Logger, 'info' | 'warn'>): Outages {
  let isAway = false;
  return {
    begin(error) {
      if (!isAway) log.warn('the database cannot be used: updates wait in the queue until it can', { error });
      isAway = true;
    },
    end() {
      if (isAway) log.info('the database is there again: updates go on');
      isAway = false;
    },
  };
}
