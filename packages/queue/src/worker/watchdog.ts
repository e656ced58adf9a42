/**
 * Whether a worker gets on. After a fail-over a worker can sit there for ever, connected and running by its own account,
 * and take no job up; only this tells: jobs wait, hands are free, and nothing has been taken up for a while.
 */
export type Progress = {
  /** A job was taken up or ended. */
  noted(): void;
  /** Looks at the queue. Where it cannot be reached nothing is known, and nothing changes. */
  look(): Promise<void>;
  alive(): boolean;
};

export function watchProgress({
  waiting,
  handsFree,
  now,
  stuckAfterMs,
}: {
  waiting: () => Promise<number>;
  handsFree: () => boolean;
  now: () => number;
  stuckAfterMs: number;
}): Progress {
  /** Since when jobs have waited for free hands; null: they do not. */
  let idleSince: number | null = null;
  let steps = 0;
  return {
    noted() {
      steps += 1;
      idleSince = null;
    },
    async look() {
      const before = steps;
      const jobs = await waiting().catch(() => null);
      if (jobs === null || steps !== before) return;
      idleSince = jobs > 0 && handsFree() ? (idleSince ?? now()) : null;
    },
    alive: () => idleSince === null || now() - idleSince < stuckAfterMs,
  };
}
