/** Enqueues a job and waits for its answer: for the few callers who need one now. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, JobsOptions, Queue } from 'bullmq';
import type { JobRequest } from './contract.ts';

/** `pending`: it is not over yet, and goes on by itself. */
export type Asked =
  | { readonly outcome: 'answered'; readonly answer: unknown }
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'pending' };

const LOOK_EVERY_MS = 100;

/** A job of the same key that is there already is waited for instead. */
export async function ask(
  queue: Queue,
  { name, data }: JobRequest,
  { options, withinMs }: { options: JobsOptions; withinMs: number },
): Promise<Asked> {
  const { id } = await queue.add(name, data, options);
  const ends = Date.now() + withinMs;
  // Looking is enough, and works on both backends; events would cost a blocking connection for a rare call.
  while (id && Date.now() < ends) {
    const over = await ending(queue, id);
    if (over) return over;
    await sleep(LOOK_EVERY_MS);
  }
  return { outcome: 'pending' };
}

async function ending(queue: Queue, id: string): Promise<Asked | undefined> {
  const job: Job | undefined = await queue.getJob(id);
  if (!job?.finishedOn) return undefined;
  const state = await job.getState();
  if (state === 'failed') return { outcome: 'failed', reason: job.failedReason };
  return state === 'completed' ? { outcome: 'answered', answer: job.returnvalue } : undefined;
}
