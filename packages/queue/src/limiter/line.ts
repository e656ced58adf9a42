/**
 * The line of those who cannot wait here: each is told a time of its own, one turn after the other, so that they do not all
 * come back at once and find no turn again.
 */
import { HOUR } from '@lazada-sof/orders';

export type Line = {
  /** In how many milliseconds to come back: not before `afterMs`, and a turn after whoever stands in front. */
  stand(name: string, turn: { readonly afterMs: number; readonly intervalMs: number }): number;
};

/** Nobody is sent further away: until then rates and backlogs are others. */
const LONGEST_MS = HOUR;

export function createLine(clock: () => number = () => performance.now()): Line {
  const ends = new Map<string, number>();
  return {
    stand(name, { afterMs, intervalMs }) {
      const now = clock();
      const at = Math.min(Math.max(now + afterMs, ends.get(name) ?? 0), now + LONGEST_MS);
      ends.set(name, at + intervalMs);
      return Math.ceil(at - now);
    },
  };
}
