import type { Failure, Limiter } from '@lazada-sof/orders';

export type RecordedLimiter = Limiter & {
  /** What happened, in words: `slot`, `pause account 3000`, `told ok`. */
  readonly journal: string[];
  /** Throws this instead of giving a slot. */
  refuse: Failure | null;
};

/** Gives every slot at once and keeps what it was told. */
export function recordedLimiter(journal: string[] = []): RecordedLimiter {
  const limiter: RecordedLimiter = {
    journal,
    refuse: null,
    async take() {
      journal.push('slot');
      if (limiter.refuse) throw limiter.refuse;
    },
    async pause(_key, ms, whom = 'account') {
      journal.push(`pause ${whom} ${ms}`);
    },
    async report(_key, outcome) {
      journal.push(`told ${outcome}`);
    },
  };
  return limiter;
}
