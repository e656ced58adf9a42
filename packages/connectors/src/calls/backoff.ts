/**
 * How long to stay away where the outside says "too often" and names no time: the first wait, doubling with each in a
 * row up to the longest. What comes while a wait is still running belongs to the same trouble and does not let it grow.
 */
export type Backoff = {
  /** Milliseconds from now on. */
  next(key: string): number;
  /** A call went through: the next trouble begins anew. */
  clear(key: string): void;
};

export function createBackoff(
  { firstMs, longestMs }: { firstMs: number; longestMs: number },
  clock: () => number = () => performance.now(),
): Backoff {
  const waits = new Map<string, { ms: number; until: number }>();
  return {
    next(key) {
      const now = clock();
      const last = waits.get(key);
      if (last && now < last.until) return Math.ceil(last.until - now);
      const ms = last ? Math.min(2 * last.ms, longestMs) : firstMs;
      waits.set(key, { ms, until: now + ms });
      return ms;
    },
    clear: (key) => waits.delete(key),
  };
}
