/**
 * The think time of callers: they have their result and will soon come with their next call, since an order that was read
 * is packed next, and one that was set ready makes room for another. A batch that is not full waits for them.
 */
import { SECOND } from '@lazada-sof/orders';

export type ThinkTime = {
  /** So many callers of this account have their result now. */
  began(accountId: string, callers: number): void;
  /** One came with a call: the think time of this one, or of whoever it took the place of, is over. */
  ended(accountId: string): void;
  /** Some caller of this account is still expected. */
  isRunning(accountId: string): boolean;
};

/** Who has not come by then went somewhere else. */
const LONGEST_MS = SECOND;

export function trackThinkTime(now: () => number = () => performance.now()): ThinkTime {
  const begins = new Map<string, number[]>();
  const running = (accountId: string) => {
    const still = (begins.get(accountId) ?? []).filter((at) => at > now() - LONGEST_MS);
    begins.set(accountId, still);
    return still;
  };
  return {
    began: (accountId, callers) => void running(accountId).push(...Array.from({ length: callers }, now)),
    ended: (accountId) => void running(accountId).shift(),
    isRunning: (accountId) => running(accountId).length > 0,
  };
}
