/** The jobs that a worker holds now, and how they end when the process does. */
import { setMaxListeners } from 'node:events';
import pTimeout from 'p-timeout';

export type HeldJobs = {
  readonly size: number;
  /** Aborted when they may go on no longer. */
  readonly signal: AbortSignal;
  /** Counts this run among them until it is over. */
  hold<Result>(run: Promise<Result>): Promise<Result>;
  /** Resolves when none is held: lets them finish for so long, then tells them to give up, and waits for that. */
  finish(times: { finish: number; giveUp: number }): Promise<void>;
};

export function holdJobs(): HeldJobs {
  const held = new Set<Promise<unknown>>();
  const hurry = new AbortController();
  setMaxListeners(0, hurry.signal); // every job that is held may listen
  const untilNone = async () => {
    while (held.size > 0) await Promise.allSettled(held);
  };
  return {
    get size() {
      return held.size;
    },
    signal: hurry.signal,
    async hold(run) {
      held.add(run);
      try {
        return await run;
      } finally {
        held.delete(run);
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
