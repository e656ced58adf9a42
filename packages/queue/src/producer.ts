/** How jobs get into the queues. Adding is always safe: a job that is there already is woken instead of doubled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { JOB_ATTEMPTS } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import type { Job, JobsOptions, Queue } from 'bullmq';
import { deduplicationKey, JOBS, type JobRequest, QUEUES, type QueueName } from './contract.ts';
import { connect, type QueueServer, untilReady } from './server/connection.ts';

export const JOB_STATES = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const;
export type JobCounts = Record<(typeof JOB_STATES)[number], number>;

/** `pending`: it is not over yet, and goes on by itself. */
export type JobReply =
  | { readonly outcome: 'answered'; readonly answer: unknown }
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'pending' };

export type Producer = {
  /**
   * Enqueues each request once. One that waits already is left alone, one that is delayed runs at once, one that
   * runs is run once more afterwards. `behind`: taken up only when none that was added without it waits.
   * Fails at once while the queue is away; some of the requests may be in it then.
   */
  add(requests: readonly JobRequest[], place?: 'behind'): Promise<void>;
  /** For the few callers who need an answer now. A job of the same key that is there already is waited for instead. */
  addAndWait(request: JobRequest, withinMs: number): Promise<JobReply>;
  /** Jobs that could run now and do not yet. */
  waiting(queue: QueueName): Promise<number>;
  counts(queue: QueueName): Promise<JobCounts>;
  /** How long the one that waits longest has been there; 0: none waits. */
  oldestWaitingSeconds(queue: QueueName): Promise<number>;
  /** For the dashboard alone. */
  queues(): readonly Queue[];
  ping(): Promise<boolean>;
  close(): Promise<void>;
};

export async function openProducer({ log, ...server }: QueueServer & { log?: Logger }): Promise<Producer> {
  const connection = await connect(server, 'fails', log);
  const queues = Object.fromEntries(QUEUES.map((name) => [name, connection.openQueue(name)])) as Record<
    QueueName,
    Queue
  >;
  const close = async () => {
    await Promise.all(Object.values(queues).map((queue) => queue.close()));
    connection.drop();
  };
  try {
    await Promise.all(Object.values(queues).map((queue) => untilReady(queue, server.url)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async add(requests, place) {
      const byQueue = Map.groupBy(unique(requests), ({ name }) => JOBS[name].queue);
      const adding = [...byQueue].map(([name, jobs]) => queues[name].addBulk(jobs.map((job) => bullJob(job, place))));
      await Promise.all(adding);
    },
    addAndWait: (request, withinMs) => addAndWait(queues[JOBS[request.name].queue], request, withinMs),
    waiting: async (name) => queues[name].getJobCountByTypes(...WAITING),
    counts: async (name) => {
      const { prioritized = 0, ...counts } = await queues[name].getJobCounts(...JOB_STATES, 'prioritized');
      return { ...(counts as JobCounts), waiting: (counts.waiting ?? 0) + prioritized };
    },
    oldestWaitingSeconds: async (name) => {
      const heads = await Promise.all(WAITING.map((state) => queues[name].getJobs(state, 0, 0, true)));
      const times = heads.flat().map(({ timestamp }) => timestamp);
      return times.length > 0 ? Math.max(0, (Date.now() - Math.min(...times)) / 1_000) : 0;
    },
    queues: () => Object.values(queues),
    ping: () => answers(queues[QUEUES[0]]),
    close,
  };
}

/** The last of each key: a queue that is asked twice in one breath would only swallow the second. */
function unique(requests: readonly JobRequest[]): JobRequest[] {
  const byKey = new Map(requests.map((request, position) => [deduplicationKey(request) ?? position, request]));
  return [...byKey.values()];
}

/** BullMQ takes up what has no priority first: 1 is its word for `behind`. */
const bullJob = (request: JobRequest, place?: 'behind') => ({
  name: request.name,
  data: request.data,
  opts: { ...jobOptions(deduplicationKey(request)), ...(place === 'behind' && { priority: 1 }) },
});
/** Its words for jobs that wait, without a priority and with one. */
const WAITING = ['waiting', 'prioritized'] as const;

const LOOK_EVERY_MS = 100;

async function addAndWait(queue: Queue, request: JobRequest, withinMs: number): Promise<JobReply> {
  const { name, data, opts } = bullJob(request);
  const { id } = await queue.add(name, data, opts);
  const ends = Date.now() + withinMs;
  // Looking is enough, and works on both backends; events would cost a blocking connection for a rare call.
  while (id && Date.now() < ends) {
    const reply = await replyOf(queue, id);
    if (reply) return reply;
    await sleep(LOOK_EVERY_MS);
  }
  return { outcome: 'pending' };
}

/** Undefined: the job is not over. */
async function replyOf(queue: Queue, id: string): Promise<JobReply | undefined> {
  const job: Job | undefined = await queue.getJob(id);
  if (!job?.finishedOn) return undefined;
  const state = await job.getState();
  if (state === 'failed') return { outcome: 'failed', reason: job.failedReason };
  return state === 'completed' ? { outcome: 'answered', answer: job.returnvalue } : undefined;
}

/** How many finished jobs the dashboard can still show, per queue. */
export const KEPT = { removeOnComplete: { count: 1_000 }, removeOnFail: { count: 5_000 } };

/**
 * No `jobId`: a failed job that is kept would make every later add under its id vanish silently. The deduplication key
 * is free again once the job is over, be it done or failed.
 */
export const jobOptions = (key: string | undefined): JobsOptions => ({
  attempts: JOB_ATTEMPTS,
  backoff: { type: 'failure' },
  ...KEPT,
  stackTraceLimit: 1, // of the last failure; they are the largest part of a job
  ...(key !== undefined && { deduplication: { id: key, keepLastIfActive: true, reschedule: true } }),
});

async function answers(queue: Queue): Promise<boolean> {
  try {
    await queue.getJobCountByTypes('waiting');
    return true;
  } catch {
    return false;
  }
}
