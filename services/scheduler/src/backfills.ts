/**
 * Backfills that nobody goes on with: their job was lost with the queue or its process, their account was mended, or what
 * they waited for has come. Their rows tell; asking twice is harmless.
 */
import type { Backfills } from '@lazada-sof/db';
import type { JobRequest } from '@lazada-sof/queue';
import type { Waker } from './waker.ts';

const EVERY_MS = 60_000;

export type BackfillTools = {
  readonly take: Backfills['take'];
  readonly enqueue: (jobs: readonly JobRequest[], place: 'behind') => Promise<void>;
  readonly waker: Waker;
  readonly log: { warn(message: string, fields: object): unknown };
};

export async function goOnWithBackfills(
  { take, enqueue, waker, log }: BackfillTools,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const taken = await take();
      if (taken.length > 0)
        await enqueue(
          taken.map((range) => ({ name: 'backfill', data: { v: 1, ...range } })),
          'behind',
        );
    } catch (error) {
      log.warn('backfills could not be looked at, they are looked at again', { error });
    }
    await waker.sleep(EVERY_MS, signal);
  }
}
