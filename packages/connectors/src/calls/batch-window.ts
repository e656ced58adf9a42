/**
 * How long a batch stays open for more callers. The jobs of a worker arrive milliseconds apart, and once they are out of
 * step they trickle: a fixed short window left two to four times as many calls as were needed. So it is open
 * - 20 ms where the account is quiet, so that a single order is not held up;
 * - until it is full, 5 s at most, while more callers are expected: those whose call is under way, those who have just had
 *   a result and come next with another call, or a stream of them (five or more within the last second) that has not broken
 *   off. So the ten that are left of fifty wait for the next fifty, and no call leaves half empty;
 * - 3 s where all of its callers have low priority, while there are hands free in which others may come.
 *
 * Who is in a batch that is open is under way to nobody: where all callers of an account stand in open batches, the first
 * of these to look leaves, and the others wait for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '@lazada-sof/orders';

const QUIET_MS = 20;
const LONGEST_MS = 5_000;
const LOW_PRIORITY_MS = 3_000;

/** Nothing waits for the result of a call of low priority: it may wait for others to join. */
export type Priority = 'low';

export type BatchWindow = {
  joined(priority: Priority | undefined): void;
  /** Resolves when the batch is full, or was open long enough. */
  closed(look: () => MoreCallers): Promise<void>;
};

/** Who might still join. */
export type MoreCallers = {
  /** Some are in another call. */
  readonly areUnderWay: boolean;
  /** Some have just had a result. */
  readonly areThinking: boolean;
  /** A stream of them has not broken off. */
  readonly areStreaming: boolean;
  /** False: none can begin that has not begun. */
  readonly mayBegin: boolean;
};

export function openWindow(size: number): BatchWindow {
  const full = Promise.withResolvers<void>();
  let callers = 0;
  let isUrgent = false;
  return {
    joined(priority) {
      callers += 1;
      if (priority !== 'low') isUrgent = true;
      if (callers >= size) full.resolve();
    },
    async closed(look) {
      const opened = performance.now();
      do await Promise.race([full.promise, sleep(QUIET_MS)]);
      while (callers < size && staysOpen(performance.now() - opened, { isUrgent, ...look() }));
    },
  };
}

/** Whether a batch that is not full waits on. `isUrgent`: something waits for one of its results. */
export const staysOpen = (openMs: number, batch: MoreCallers & { readonly isUrgent: boolean }): boolean => {
  const { isUrgent, areUnderWay, areThinking, areStreaming, mayBegin } = batch;
  if (areUnderWay || areThinking || areStreaming) return openMs < LONGEST_MS;
  return !isUrgent && mayBegin && openMs < LOW_PRIORITY_MS;
};

/** From so many a second on, more are expected. */
const BUSY = 5;
/** A stream has broken off when nobody came for so many of its usual gaps, or of the longest of the last two seconds. */
const GAPS = 3;

/** Tells whether more callers are likely to come, by those who came lately. */
export function recentArrivals(clock: () => number = () => performance.now()) {
  let times: number[] = [];
  return {
    note: () => void times.push(clock()),
    goOn({ mayBegin }: Pick<MoreCallers, 'mayBegin'>) {
      const now = clock();
      times = times.filter((time) => time > now - 2 * SECOND);
      const ofLastSecond = times.filter((time) => time > now - SECOND).length;
      if (ofLastSecond < BUSY) return false;
      const usual = SECOND / ofLastSecond;
      // Who has begun already comes without a long gap.
      const gap = mayBegin ? Math.max(usual, longestGap(times)) : usual;
      return now - (times.at(-1) ?? 0) <= GAPS * gap;
    },
  };
}

/** What was gathered once is due again together: such callers come in bunches, with long gaps between them. */
const longestGap = (times: readonly number[]): number =>
  Math.max(0, ...times.slice(1).map((time, before) => time - (times[before] ?? time)));
