/**
 * The life of a job, in a worker.
 *
 * 1. BullMQ hands over a stored job and holds a lock on it for us, renewed while our process lives. A process that dies
 *    loses its locks after 10 s; the next look at stalled jobs, 5 s apart, gives its jobs to somebody else. So a job may
 *    run twice, even at the same time: handlers re-read the rows, and an intent in the database guards each effect.
 * 2. The payload is read. One that cannot be read fails at once and names every mistake: repeating would not mend it.
 * 3. The handler of that job runs and ends in one of five ways:
 *    - `done`, or `superseded` where the rows owed nothing any more;
 *    - `retried`: something failed that may pass; the same job again after the delay that also stands in the row;
 *    - `snoozed`: nothing failed, look again a little later; uses up no attempt;
 *    - `failed`: given up, a person's turn. First `force` is written into its data, so that the dashboard's Retry
 *      means "try it all the same" and not "see that it is blocked";
 *    - it throws: a mistake of ours (poison). Repeated like a failure, since the cause may pass, and counted.
 * 4. Whatever ended it: one line in the log, one count in the metrics.
 *
 * A job that takes its process down with it is recovered twice; the third time BullMQ fails it without calling us, and
 * it is told like one that was given up.
 *
 * A worker that BullMQ believes to be running may still take nothing up (seen after fail-overs): `alive()` looks at what
 * is done, not at what is believed. And BullMQ's `close()` never returns while Redis is away: ours has a deadline.
 */
import type { Logger, Registry } from '@lazada-sof/runtime';
import type { Job, Processor, Worker } from 'bullmq';
import type { QueueName } from '../contract.ts';
import { createHands, type Hands } from '../hands.ts';
import { KEPT } from '../producer.ts';
import { connect, dropBlocking, type QueueServer, untilReady } from '../server/connection.ts';
import { finishJob, MAX_STALLED, RepeatJob, takenDown } from './finish-job.ts';
import { trackInFlightJobs, within } from './in-flight-jobs.ts';
import { createJobLog, type LogJob } from './job-log.ts';
import { type Handlers, runJob } from './run-job.ts';
import { createWatchdog } from './watchdog.ts';

export type RunningWorker = {
  /** It takes jobs up, as far as BullMQ knows. */
  running(): boolean;
  /** False: jobs wait, hands are free, and nothing has been taken up for half a minute. The process should end. */
  alive(): boolean;
  /** Takes nothing up any more and resolves when what is in flight is finished, after 24 s at the latest. */
  close(): Promise<void>;
};

/** Milliseconds. */
export type Timing = {
  /** How long a job stays its worker's without a sign of life, and how often stalled ones are looked for. */
  readonly lock: number;
  readonly stalledEvery: number;
  /** So long nothing may be taken up while jobs wait. */
  readonly stuckAfter: number;
  /** In closing: how long jobs may go on, then how long they may take to give up, then how long BullMQ may take. */
  readonly finish: number;
  readonly giveUp: number;
  readonly goodbye: number;
};
/**
 * With BullMQ's own 30 s and 30 s the jobs of a killed worker were done after a minute, with 10 s and 5 s after 19 s.
 * Closing stays below the 25 s that a service has to end.
 */
const TIMING: Timing = {
  lock: 10_000,
  stalledEvery: 5_000,
  stuckAfter: 30_000,
  finish: 18_000,
  giveUp: 3_000,
  goodbye: 3_000,
};
export type WorkerOptions<Name extends QueueName> = QueueServer & {
  queue: Name;
  concurrency: number;
  /** Where others have to know of its hands: `concurrency` of them. */
  hands?: Hands;
  handlers: Handlers<Name>;
  log: Logger;
  metrics?: Registry;
  /** In [0, 1); for the jitter. */
  random?: () => number;
  /** Other times than the usual ones, for tests. */
  timing?: Partial<Timing>;
  /** Of the finished jobs that say nothing of it, fewer than usual, for tests. */
  kept?: typeof KEPT;
};

/** Runs the jobs of a queue from now on. @throws Error where the queue's server is not there */
export async function runWorker<Name extends QueueName>({
  queue,
  concurrency,
  hands = createHands(concurrency),
  handlers,
  log,
  metrics,
  random = Math.random,
  timing: otherTiming,
  kept = KEPT,
  ...server
}: WorkerOptions<Name>): Promise<RunningWorker> {
  const timing = { ...TIMING, ...otherTiming };
  const inFlight = trackInFlightJobs();
  const logJob = createJobLog(queue, log, metrics);
  const observer = await openObserver(queue, server, log);
  const watchdog = createWatchdog({
    waiting: observer.waiting,
    handsFree: hands.areFree,
    now: () => performance.now(),
    stuckAfterMs: timing.stuckAfter,
  });

  const run = async (job: Job, token?: string) => {
    watchdog.reset();
    leaveOutNulls(job);
    const startedAt = performance.now();
    const attempts = job.opts.attempts ?? 1;
    const ran = await runJob(job, { queue, handlers, attempts, random, signal: inFlight.signal });
    logJob(job, ran, performance.now() - startedAt);
    watchdog.reset();
    return finishJob(job, ran.result, token);
  };
  const running = await openWorker(queue, server, {
    process: (job, token) => {
      const letGo = hands.begin();
      return inFlight.track(run(job, token).finally(letGo));
    },
    concurrency,
    timing,
    kept,
    logJob,
    log,
  }).catch(async (error: unknown) => {
    await observer.close();
    observer.drop();
    throw error;
  });

  const looking = setInterval(() => void watchdog.look(), timing.stuckAfter / 6).unref();
  const close = async () => {
    clearInterval(looking);
    const ended = Promise.allSettled([running.worker.close(), observer.close()]);
    await inFlight.finish(timing);
    await within(timing.goodbye, ended);
    running.drop();
    observer.drop();
  };
  let closed: Promise<void> | undefined;
  return {
    running: () => closed === undefined && running.worker.isRunning(),
    alive: watchdog.alive,
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Other languages write what they leave out as null, and BullMQ cannot finish a job whose `removeOn…` is null. */
function leaveOutNulls({ opts }: Job): void {
  for (const name of ['removeOnComplete', 'removeOnFail'] as const) if (opts[name] === null) delete opts[name];
}

type Opening = {
  process: Processor;
  concurrency: number;
  timing: Timing;
  kept: typeof KEPT;
  logJob: LogJob;
  log: Logger;
};

async function openWorker(
  queue: QueueName,
  server: QueueServer,
  { process, concurrency, timing, kept, logJob, log }: Opening,
): Promise<{ worker: Worker; drop(): void }> {
  const connection = await connect(server, 'waits', log);
  const worker = connection.openWorker(queue, process, {
    concurrency,
    lockDuration: timing.lock,
    stalledInterval: timing.stalledEvery,
    maxStalledCount: MAX_STALLED,
    // For jobs that say nothing of it, which other systems add: BullMQ would keep them for ever.
    ...kept,
    settings: { backoffStrategy: (_attempt, _type, error) => (error instanceof RepeatJob ? error.delayMs : 1_000) },
  });
  worker.on('failed', (job) => {
    if (job?.deferredFailure)
      void takenDown(queue, job, logJob).catch((error) => log.warn('job not marked', { error }));
  });
  const drop = () => {
    void dropBlocking(worker);
    connection.drop();
  };
  try {
    await untilReady(worker, server.url);
  } catch (error) {
    drop();
    throw error;
  }
  return { worker, drop };
}

/** Counts the jobs that wait, on a connection of its own: the worker's may be what is stuck. */
async function openObserver(name: QueueName, server: QueueServer, log: Logger) {
  const connection = await connect(server, 'fails', log);
  const queue = connection.openQueue(name);
  await untilReady(queue, server.url).catch((error: unknown) => {
    connection.drop();
    throw error;
  });
  return {
    waiting: async () => ((await queue.isPaused()) ? 0 : queue.getJobCountByTypes('waiting', 'prioritized')),
    close: () => queue.close(),
    drop: connection.drop,
  };
}
