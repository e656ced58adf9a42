/** The jobs that a worker runs now, and how they end when the process does. */
import { setMaxListeners } from 'node:events';
import pTimeout from 'p-timeout';

export type InFlightJobs = {
  /** Aborted when they may go on no longer. */
  readonly signal: AbortSignal;
  /** Counts this run among them until it is over. */
  track<Result>(run: Promise<Result>): Promise<Result>;
  /** Resolves when none is left: lets them finish for so long, then tells them to give up, and waits for that. */
  finish(times: { finish: number; giveUp: number }): Promise<void>;
};

export function trackInFlightJobs(): InFlightJobs {
  const running = new Set<Promise<unknown>>();
  const hurry = new AbortController();
  setMaxListeners(0, hurry.signal); // every one of them may listen
  const untilNone = async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  return {
    signal: hurry.signal,
    async track(run) {
      running.add(run);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    },
    async finish({ finish, giveUp }) {
      await within(finish, untilNone());
      hurry.abort();
      await within(giveUp, untilNone());
    },
  };
}

/** Resolves when that is over, at the latest after so many milliseconds. */
export async function within(milliseconds: number, awaited: Promise<unknown>): Promise<void> {
  await pTimeout(awaited, { milliseconds, message: false });
}
