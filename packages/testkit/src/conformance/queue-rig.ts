/** A queue with its producer and workers for one test, and what its jobs did. */
import { until } from '@lazada-sof/local';
import {
  type JobContext,
  type JobRequest,
  type JobResult,
  openProducer,
  type Payload,
  type Producer,
  type QueueServer,
  type RunningWorker,
  runWorker,
  type WorkerOptions,
} from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import type { Job, Queue } from 'bullmq';
import { type LoggedLine, recordedLog } from '../recorded-log.ts';
import { openTestQueue, type QueueKind } from '../servers/test-queue.ts';

export type Handler = (data: Payload<'sync-status'>, context: JobContext) => Promise<JobResult>;

export type QueueRig = {
  server: QueueServer;
  producer: Producer;
  /** The queue `status-sync`, as the dashboard gets it. */
  queue: Queue;
  log: Logger;
  /** The lines of the log so far. */
  lines: readonly LoggedLine[];
  /** Runs `sync-status` jobs with this handler until the end of the test. */
  work(handler: Handler, options?: Partial<WorkerOptions<'status-sync'>>): Promise<RunningWorker>;
  /** The job in the state in which it should come to be. */
  jobIn(state: 'failed' | 'delayed' | 'completed'): Promise<Job>;
  /** Resolves when so many jobs are in that state. */
  counted(state: 'failed' | 'delayed' | 'completed' | 'waiting' | 'active', jobs: number): Promise<void>;
  /** Resolves when a retry of this job would run by force. */
  markedForced(job: Job): Promise<void>;
  close(): Promise<void>;
};

/** The server may be reached through a door, whose URL is given then. */
export async function openQueueRig(kind: QueueKind, through = async (url: string) => url): Promise<QueueRig> {
  const own = await openTestQueue(kind);
  const server = { url: await through(own.url), prefix: own.prefix };
  const { log, lines } = recordedLog();
  const producer = await openProducer({ ...server, log });
  const queue = producer.queues().find(({ name }) => name === 'status-sync') as Queue; // one of the contract's
  const workers: RunningWorker[] = [];
  const rig: QueueRig = {
    server,
    producer,
    queue,
    log,
    lines,
    async work(handler, options) {
      const done = async () => 'done' as const;
      const handlers = { 'sync-status': handler, 'check-account': done, 'seal-account': done };
      const worker = await runWorker({ ...server, queue: 'status-sync', concurrency: 20, handlers, log, ...options });
      workers.push(worker);
      return worker;
    },
    jobIn: (state) =>
      until(async () => (await queue.getJobs(state))[0], { what: `a job is ${state}`, withinMs: 30_000 }),
    async counted(state, jobs) {
      const enough = async () => (await producer.counts('status-sync'))[state] === jobs;
      await until(enough, { what: `${jobs} jobs are ${state}`, withinMs: 30_000 });
    },
    async markedForced(job) {
      const marked = async () => (await queue.getJob(String(job.id)))?.data.force === true;
      await until(marked, { what: 'the job is marked', withinMs: 30_000 });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await producer.close();
      await own.close();
    },
  };
  return rig;
}

/** "Look at this order." */
export const sync = (orderId: string): JobRequest => ({ name: 'sync-status', data: { v: 1, orderId } });

/** A handler that is held until it is let go, and tells that it has been entered. */
export function heldHandler() {
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    entered: entered.promise,
    release: () => released.resolve(),
    hold: async () => {
      entered.resolve();
      await released.promise;
    },
  };
}
