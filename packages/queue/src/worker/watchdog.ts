/**
 * Whether a worker gets on. After a fail-over a worker can sit there for ever, connected and running by its own account,
 * and take no job up; only this tells: jobs wait, hands are free, and nothing has been taken up for a while.
 */
export type Watchdog = {
  /** A job was taken up or ended. */
  reset(): void;
  /** Looks at the queue. Where it cannot be reached nothing is known, and nothing changes. */
  look(): Promise<void>;
  alive(): boolean;
};

export function createWatchdog({
  waiting,
  handsFree,
  now,
  stuckAfterMs,
}: {
  waiting: () => Promise<number>;
  handsFree: () => boolean;
  now: () => number;
  stuckAfterMs: number;
}): Watchdog {
  /** Since when jobs have waited for free hands; null: they do not. */
  let idleSince: number | null = null;
  let resets = 0;
  return {
    reset() {
      resets += 1;
      idleSince = null;
    },
    async look() {
      const before = resets;
      const jobs = await waiting().catch(() => null);
      if (jobs === null || resets !== before) return;
      idleSince = jobs > 0 && handsFree() ? (idleSince ?? now()) : null;
    },
    alive: () => idleSince === null || now() - idleSince < stuckAfterMs,
  };
}
