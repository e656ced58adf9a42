/** One run of one job, from the stored payload to what became of it. Knows nothing of BullMQ's ways. */
import { Failure, MINUTE, retryDelay } from '@lazada-sof/orders';
import { deduplicationKey, type JobOf, type JobRequest, type Payload, type QueueName } from '../contract.ts';
import { BrokenJob, FailJob, RetryJob, SnoozeJob } from './job-errors.ts';
import { readJob } from './read-job.ts';

export type JobContext = {
  /** Aborted when the process may wait no longer: what is under way should end now. */
  readonly signal: AbortSignal;
  /** Try also what is blocked, and do not wait for what waits. */
  readonly force: boolean;
  /** The job's own repeats so far; says nothing about the tries of a step. */
  readonly attemptsMade: number;
};
/** `superseded`: the rows owed nothing any more. An object is an answer for whoever asked; keep it small. */
export type JobAnswer = 'done' | 'superseded' | Readonly<Record<string, unknown>>;
/** The handlers of a queue's jobs, by name. They throw `RetryJob`, `SnoozeJob` or `FailJob`. */
export type Handlers<Queue extends QueueName> = {
  readonly [Name in JobOf<Queue>]: (data: Payload<Name>, context: JobContext) => Promise<JobAnswer>;
};

export type Outcome =
  | { readonly outcome: 'done' | 'superseded'; readonly answer: JobAnswer }
  | (Ended & { readonly outcome: 'retried' | 'snoozed'; readonly delayMs: number })
  /** `mark`: write `force` into its data first. */
  | (Ended & { readonly outcome: 'failed'; readonly mark: boolean });
type Ended = {
  readonly reason: string;
  /** Of the failure, for log and metric; empty where there was none. */
  readonly code: string;
  /** Set where the failure is a mistake of ours. */
  readonly mistake?: unknown;
};

/** A job as it is stored. */
export type StoredJob = { readonly name: string; readonly data: unknown; readonly attemptsMade: number };

export type Run = { readonly key: string; readonly result: Outcome };

export async function runJob<Queue extends QueueName>(
  job: StoredJob,
  {
    queue,
    handlers,
    attempts,
    signal,
  }: {
    queue: Queue;
    handlers: Handlers<Queue>;
    /** How often BullMQ runs this job at most. */
    attempts: number;
    signal: AbortSignal;
  },
): Promise<Run> {
  const request = readJob(queue, job.name, job.data);
  if ('mistakes' in request) return { key: job.name, result: unreadable(job, request.mistakes) };
  const key = deduplicationKey(request) ?? job.name;
  const force = 'force' in request.data && request.data.force === true;
  try {
    const answer = await handlerOf(handlers, request)(request.data, { signal, force, attemptsMade: job.attemptsMade });
    return { key, result: { outcome: answer === 'superseded' ? 'superseded' : 'done', answer } };
  } catch (error) {
    const lastAttempt = job.attemptsMade + 1 >= attempts;
    return { key, result: ended(error, { key, lastAttempt, attempt: job.attemptsMade + 1, closing: signal.aborted }) };
  }
}

type AnyHandler = (data: JobRequest['data'], context: JobContext) => Promise<JobAnswer>;
/** Sound by the types of `Handlers` and `readJob`: the handler of that name takes what the payload of that name was read as. */
const handlerOf = (handlers: object, { name }: JobRequest): AnyHandler => Reflect.get(handlers, name) as AnyHandler;

const unreadable = ({ name }: StoredJob, mistakes: readonly string[]): Outcome => ({
  outcome: 'failed',
  reason: `${name} cannot be read: ${mistakes.join('; ')}`,
  code: 'unreadable',
  mark: false,
});

type Circumstances = { key: string; attempt: number; lastAttempt: boolean; closing: boolean };

function ended(error: unknown, { key, attempt, lastAttempt, closing }: Circumstances): Outcome {
  if (error instanceof SnoozeJob) return { outcome: 'snoozed', delayMs: error.delayMs, ...reasonAndCode(error) };
  if (error instanceof FailJob) return { outcome: 'failed', mark: true, ...reasonAndCode(error) };
  if (error instanceof RetryJob) {
    if (lastAttempt) return { outcome: 'failed', mark: true, ...reasonAndCode(error) };
    return { outcome: 'retried', delayMs: error.delayMs, ...reasonAndCode(error) };
  }
  if (closing) return { outcome: 'snoozed', delayMs: 0, reason: `${key}: handed back, this process closes`, code: '' };
  const { message, cause } = error instanceof BrokenJob ? error : new BrokenJob({ about: key, cause: error });
  const poison = { reason: message, code: codeOf(cause) || 'unexpected', mistake: cause };
  if (lastAttempt) return { outcome: 'failed', mark: true, ...poison };
  return { outcome: 'retried', delayMs: retryDelay(attempt, Math.random()) ?? MINUTE, ...poison };
}

const reasonAndCode = (error: Error): Ended => ({ reason: error.message, code: codeOf(error.cause) });
const codeOf = (error: unknown): string => (error instanceof Failure ? error.code : '');
