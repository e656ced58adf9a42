/**
 * The scheduler's day: a round at every notification, at the next due time, and at the sweep. While rounds find
 * something the next follows at once: what an account has too much of rests until its time, so it comes to an end.
 */
import type { Logger } from '@lazada-sof/runtime';
import type { RoundResult } from './round.ts';
import type { Waker } from './waker.ts';

/** How long to leave a database or a queue that is away, or a row that somebody holds, alone. */
const PAUSE_MS = 1_000;
/** What is due at a time of its own waits for others that are due soon after it: a busy account's come one by one. */
const TOGETHER_MS = 100;

export type RoundsTools = {
  readonly round: () => Promise<RoundResult>;
  /** Milliseconds until the next order is due, below 0 since it is; null: none is. */
  readonly nextDueInMs: () => Promise<number | null>;
  readonly waker: Waker;
  readonly sweepIntervalMs: number;
  readonly log: Logger;
  readonly onRound?: () => void;
};

export async function runRounds(tools: RoundsTools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await tools.waker.sleep(await oneRound(tools), signal);
}

/** Answers how long to sleep before the next one. */
async function oneRound({ round, nextDueInMs, sweepIntervalMs, log, onRound }: RoundsTools): Promise<number> {
  try {
    const { claimed } = await round();
    onRound?.();
    if (claimed > 0) return 0;
    const due = Math.min((await nextDueInMs()) ?? sweepIntervalMs, sweepIntervalMs);
    return due > 0 || isJustDue(due) ? Math.max(due, TOGETHER_MS) : PAUSE_MS;
  } catch (error) {
    log.warn('round failed, what is due is offered again', { error });
    return PAUSE_MS;
  }
}

/** It became due after the round. What has been due for longer is not to be had: somebody, a host perhaps, holds its row. */
const isJustDue = (due: number) => due <= 0 && due > -PAUSE_MS;
