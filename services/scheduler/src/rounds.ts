/**
 * The scheduler's day: a round at every notification, at the next due time, and at the sweep. While rounds find
 * something the next follows at once, unless a queue that they feed is full enough.
 */
import type { QueueName } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import type { RoundResult } from './round.ts';
import type { Waker } from './waker.ts';

/** With so many jobs waiting a queue needs no more: what is due stays due. */
const FULL = 2_000;
/** How long to leave a full queue, or a database or queue that is away, alone. */
const PAUSE_MS = 1_000;

export type RoundsTools = {
  readonly round: () => Promise<RoundResult>;
  readonly waiting: (queue: QueueName) => Promise<number>;
  /** Milliseconds until the next order is due; null: none is. */
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
async function oneRound({ round, waiting, nextDueInMs, sweepIntervalMs, log, onRound }: RoundsTools): Promise<number> {
  try {
    const { claimed, fed } = await round();
    onRound?.();
    if (claimed > 0) return (await isFull(fed, waiting)) ? PAUSE_MS : 0;
    const due = Math.min((await nextDueInMs()) ?? sweepIntervalMs, sweepIntervalMs);
    // Due and not to be had: somebody, a host perhaps, holds the order's row.
    return due > 0 ? due : PAUSE_MS;
  } catch (error) {
    log.warn('round failed, what is due is offered again', { error });
    return PAUSE_MS;
  }
}

async function isFull(fed: readonly QueueName[], waiting: RoundsTools['waiting']): Promise<boolean> {
  const counts = await Promise.all(fed.map(waiting));
  return counts.some((count) => count >= FULL);
}
