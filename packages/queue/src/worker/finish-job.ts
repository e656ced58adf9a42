/** How a job ends, in BullMQ's words. */
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { QueueName } from '../contract.ts';
import type { LogJob } from './job-log.ts';
import { readJob } from './read-job.ts';
import { keyOf, type Outcome } from './run-job.ts';

/** So often a job whose process ended is given to another. */
export const MAX_STALLED = 2;

/** Handed to BullMQ, whose question for the delay brings it back. */
export class RepeatJob extends Error {
  override readonly name = 'RepeatJob';
  readonly delayMs: number;

  constructor({ reason, delayMs }: { reason: string; delayMs: number }) {
    super(reason);
    this.delayMs = delayMs;
  }
}

export async function finishJob(job: Job, result: Outcome, token: string | undefined): Promise<unknown> {
  switch (result.outcome) {
    case 'done':
    case 'superseded':
      return result.answer;
    case 'retried':
      throw new RepeatJob(result);
    case 'snoozed':
      await job.moveToDelayed(Date.now() + result.delayMs, token);
      throw new DelayedError();
    case 'failed':
      if (result.mark) await markForced(job);
      throw new UnrecoverableError(result.reason);
  }
}

/** A person's retry of this job shall mean what `force` means; nothing else tells it from the job's own repeats. */
async function markForced(job: Job): Promise<void> {
  const data: unknown = job.data;
  if (typeof data === 'object' && data !== null) await job.updateData({ ...data, force: true });
}

/** BullMQ failed it without calling us: its process ended by it once too often. */
export async function takenDown(queue: QueueName, job: Job, logJob: LogJob): Promise<void> {
  const request = readJob(queue, job.name, job.data);
  const key = 'mistakes' in request ? (request.about ?? job.name) : keyOf(request);
  const reason = `${key}: its process ended ${MAX_STALLED + 1} times while it ran`;
  logJob(job, { key, result: { outcome: 'failed', reason, code: 'stalled', mark: true } }, 0);
  await markForced(job);
}
