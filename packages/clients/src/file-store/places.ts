import pLimit from 'p-limit';
import pTimeout from 'p-timeout';

export type Places = {
  /** Runs the work when a place is free, first come first served. @throws the signal's reason, also while it waits */
  take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The server lets in no more than so many: the others wait for these. */
  shrink(to: number): void;
  /** One more, where there are fewer than there may be and the last refusal is a while ago. */
  grow(): void;
  /** More are at work than there are places for, since they became fewer. */
  crowded(): boolean;
  /** Resolves when nobody is at work. */
  empty(): Promise<void>;
};

/** As many places as connections may be open, and fewer for a while where the server lets in fewer. */
export function openPlaces(most: number, refusedMs: number): Places {
  const limit = pLimit(most);
  let growAt = 0;
  return {
    take: (work, signal) =>
      pTimeout(limit(work), { milliseconds: Number.POSITIVE_INFINITY, ...(signal && { signal }) }),
    shrink(to) {
      limit.concurrency = Math.max(1, to);
      growAt = Date.now() + refusedMs;
    },
    grow() {
      if (limit.concurrency >= most || Date.now() < growAt) return;
      limit.concurrency += 1;
      growAt = Date.now() + refusedMs;
    },
    crowded: () => limit.activeCount > limit.concurrency,
    async empty() {
      // Then the next one has its turn only when every other is done.
      limit.concurrency = 1;
      await limit(() => undefined);
    },
  };
}
