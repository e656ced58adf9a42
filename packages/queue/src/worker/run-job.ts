/** One run of one job, from the stored payload to what became of it. Knows nothing of BullMQ's ways. */
import { Failure, MINUTE, retryDelay } from '@lazada-sof/orders';
import { redactText, redactValue } from '@lazada-sof/redact';
import { aboutJob, deduplicationKey, type JobOf, type JobRequest, type Payload, type QueueName } from '../contract.ts';
import { BrokenJob, type JobResult } from './job-result.ts';
import { readJob, type Unreadable } from './read-job.ts';

export type JobContext = {
  /** Aborted when the process may wait no longer: what is under way should end now. */
  readonly signal: AbortSignal;
  /** Try also what is blocked, and do not wait for what waits. */
  readonly force: boolean;
  /** The job's own repeats so far; says nothing about the tries of a step. */
  readonly attemptsMade: number;
  readonly job: JobIdentity;
};
/** What is the same at each run of a job, and of no other job ever: ids begin again at 1 where the queue lost everything. */
export type JobIdentity = {
  readonly id: string;
  /** By the clock of whoever added it. */
  readonly addedAt: Date;
};
/** The handlers of a queue's jobs, by name. */
export type Handlers<Queue extends QueueName> = {
  readonly [Name in JobOf<Queue>]: (data: Payload<Name>, context: JobContext) => Promise<JobResult>;
};

export type Outcome =
  | { readonly outcome: 'done' | 'superseded'; readonly answer: unknown }
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
export type StoredJob = {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  readonly attemptsMade: number;
  /** Milliseconds. */
  readonly timestamp: number;
};

export type Run = { readonly key: string; readonly result: Outcome };

type Options<Queue extends QueueName> = {
  readonly queue: Queue;
  readonly handlers: Handlers<Queue>;
  /** How often BullMQ runs this job at most. */
  readonly attempts: number;
  /** In [0, 1); for the jitter. */
  readonly random: () => number;
  readonly signal: AbortSignal;
};

/**
 * What stands in `failedReason`, in a job's answer and in the dashboard may hold what others said: it is kept without secrets
 * and buyers' data.
 */
export async function runJob<Queue extends QueueName>(job: StoredJob, options: Options<Queue>): Promise<Run> {
  const { key, result } = await run(job, options);
  return { key, result: fitToKeep(result) };
}

const fitToKeep = (result: Outcome): Outcome =>
  'reason' in result
    ? { ...result, reason: redactText(result.reason) }
    : { ...result, answer: redactValue(result.answer) };

async function run<Queue extends QueueName>(
  job: StoredJob,
  { queue, handlers, attempts, random, signal }: Options<Queue>,
): Promise<Run> {
  const request = readJob(queue, job.name, job.data);
  if ('mistakes' in request) return { key: request.about ?? job.name, result: unreadable(job, request) };
  const key = keyOf(request);
  const force = 'force' in request.data && request.data.force === true;
  const attempt = job.attemptsMade + 1;
  const lastAttempt = attempt >= attempts;
  try {
    const context = { signal, force, attemptsMade: job.attemptsMade, job: identityOf(job) };
    const result = await handlerOf(handlers, request)(request.data, context);
    return { key, result: outcomeOf(result, lastAttempt) };
  } catch (error) {
    if (signal.aborted) return { key, result: handedBack(key) };
    return { key, result: broken(error, { key, lastAttempt, delayMs: retryDelay(attempt, random()) ?? MINUTE }) };
  }
}

type AnyHandler = (data: JobRequest['data'], context: JobContext) => Promise<JobResult>;
/** Sound by the types of `Handlers` and `readJob`: the handler of that name takes what the payload of that name was read as. */
const handlerOf = (handlers: object, { name }: JobRequest): AnyHandler => Reflect.get(handlers, name) as AnyHandler;

/** What the log calls it. */
export const keyOf = (request: JobRequest): string =>
  deduplicationKey(request) ?? aboutJob(request.name, request.data) ?? request.name;

const identityOf = ({ id = '', timestamp }: StoredJob): JobIdentity => ({ id, addedAt: new Date(timestamp) });

const unreadable = ({ name }: StoredJob, { mistakes, about }: Unreadable): Outcome => ({
  outcome: 'failed',
  reason: `${about === undefined ? '' : `${about}: `}${name} cannot be read: ${mistakes.join('; ')}`,
  code: 'unreadable',
  mark: false,
});

function outcomeOf(result: JobResult, lastAttempt: boolean): Outcome {
  if (typeof result === 'string') return { outcome: result, answer: result };
  if (result.outcome === 'done') return result;
  const why = { reason: result.reason, code: codeOf(result.cause) };
  if (result.outcome === 'failed' || (result.outcome === 'retried' && lastAttempt))
    return { outcome: 'failed', mark: true, ...why };
  return { outcome: result.outcome, delayMs: result.delayMs, ...why };
}

const handedBack = (key: string): Outcome => ({
  outcome: 'snoozed',
  delayMs: 0,
  reason: `${key}: handed back, this process closes`,
  code: '',
});

/** A mistake is repeated like a failure, since its cause may pass. */
function broken(
  error: unknown,
  { key, lastAttempt, delayMs }: { key: string; lastAttempt: boolean; delayMs: number },
): Outcome {
  const { message, cause } = error instanceof BrokenJob ? error : new BrokenJob({ about: key, cause: error });
  const why = { reason: message, code: codeOf(cause) || 'unexpected', mistake: cause };
  return lastAttempt ? { outcome: 'failed', mark: true, ...why } : { outcome: 'retried', delayMs, ...why };
}

const codeOf = (error: unknown): string => (error instanceof Failure ? error.code : '');
