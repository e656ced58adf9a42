/**
 * The life of a job, in a worker.
 *
 * 1. BullMQ hands over a stored job and holds a lock on it for us, renewed while our process lives. A process that dies
 *    loses its locks after 10 s; the next look at stalled jobs, 5 s apart, gives its jobs to somebody else. So a job may
 *    run twice, even at the same time: handlers re-read the rows, and an intent in the database guards each effect.
 * 2. The payload is read. One that cannot be read fails at once and names every mistake: repeating would not mend it.
 * 3. The handler of that job runs and ends in one of five ways:
 *    - it returns: done, or `superseded` where the rows owed nothing any more;
 *    - `RetryJob`: something failed that may pass; the same job again after the delay that also stands in the row;
 *    - `SnoozeJob`: nothing failed, look again a little later; uses up no attempt;
 *    - `FailJob`: given up, a person's turn. First `force` is written into its data, so that the dashboard's Retry
 *      means "try it all the same" and not "see that it is blocked";
 *    - anything else: a mistake of ours (poison). Repeated like a failure, since the cause may pass, and counted.
 * 4. Whatever ended it: one line in the log, one count in the metrics.
 *
 * A job that takes its process down with it is recovered three times; when it does so once more BullMQ fails it without
 * calling us, and it is told like one that was given up.
 *
 * A worker that BullMQ believes to be running may still take nothing up (seen after fail-overs): `alive()` looks at what
 * is done, not at what is believed. And BullMQ's `close()` never returns while Redis is away: ours has a deadline.
 */
import { setMaxListeners } from 'node:events';
import { type JobMetrics, jobMetrics, type Logger, type Registry } from '@lazada-sof/runtime';
import { DelayedError, type Job, UnrecoverableError, type Worker } from 'bullmq';
import { connect, dropBlocking, type QueueServer, untilReady } from './connection.ts';
import { ATTEMPTS, type QueueName } from './contract.ts';
import { RetryJob } from './outcome.ts';
import { type Progress, watchProgress } from './progress.ts';
import { type Handlers, type Outcome, type Run, runJob } from './run-job.ts';

export type RunningWorker = {
  /** It takes jobs up, as far as BullMQ knows. */
  running(): boolean;
  /** False: jobs wait, hands are free, and nothing has been taken up for half a minute. The process should end. */
  alive(): boolean;
  /** Takes nothing up any more and resolves when what was held is finished, after 24 s at the latest. */
  close(): Promise<void>;
};

export type Timing = { readonly lockMs: number; readonly stalledEveryMs: number; readonly stuckAfterMs: number };
/** With BullMQ's own times (30 s and 30 s) the jobs of a killed worker were done after a minute, with these after 19 s. */
const TIMING: Timing = { lockMs: 10_000, stalledEveryMs: 5_000, stuckAfterMs: 30_000 };
const MAX_STALLED = 3;

/** Together less than the 25 s that a service has to end. */
const CLOSING = { finishMs: 18_000, abortedMs: 3_000, goodbyeMs: 3_000 };

export type WorkerOptions<Queue extends QueueName> = QueueServer & {
  queue: Queue;
  concurrency: number;
  handlers: Handlers<Queue>;
  log: Logger;
  metrics?: Registry;
  timing?: Timing;
};

/** Runs the jobs of a queue from now on. @throws Error where the queue's server is not there */
export async function runWorker<Queue extends QueueName>({
  queue,
  concurrency,
  handlers,
  log,
  metrics,
  timing = TIMING,
  ...server
}: WorkerOptions<Queue>): Promise<RunningWorker> {
  const connection = await connect(server, 'waits', log);
  // Asks how many jobs wait on a connection of its own: the worker's may be what is stuck.
  const observer = await connect(server, 'fails', log);
  const observed = observer.openQueue(queue);
  const tell = teller(queue, log, metrics && jobMetrics(metrics));
  const held = new Set<Promise<unknown>>();
  const hurry = new AbortController();
  setMaxListeners(0, hurry.signal);
  const progress = watchProgress({
    waiting: async () => ((await observed.isPaused()) ? 0 : observed.getJobCountByTypes('waiting', 'prioritized')),
    handsFree: () => held.size < concurrency,
    now: () => performance.now(),
    stuckAfterMs: timing.stuckAfterMs,
  });

  const run = async (job: Job, token?: string) => {
    const startedAt = performance.now();
    const attempts = job.opts.attempts ?? ATTEMPTS;
    const ran = await runJob(job, { queue, handlers, attempts, signal: hurry.signal });
    tell(job, ran, performance.now() - startedAt);
    return settle(job, ran.result, token);
  };
  const worker = connection.openWorker(queue, (job, token) => hold(held, progress, run(job, token)), {
    concurrency,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledEveryMs,
    maxStalledCount: MAX_STALLED,
    settings: { backoffStrategy: (_attempt, _type, error) => (error instanceof RetryJob ? error.delayMs : 1_000) },
  });
  worker.on('failed', (job) => {
    if (job?.deferredFailure) void takenDown(job, tell).catch((error) => log.warn('job not marked', { error }));
  });
  await untilReady(worker, server.url);

  const looking = setInterval(() => void progress.look(), timing.stuckAfterMs / 6).unref();
  let closed: Promise<void> | undefined;
  const close = async () => {
    clearInterval(looking);
    await closeInTime({ worker, held, hurry, close: () => observed.close() });
    connection.drop();
    observer.drop();
  };
  return {
    running: () => !closed && worker.isRunning(),
    alive: progress.alive,
    close: () => (closed ??= close()),
  };
}

/** Counts a run among what is held, and both its ends as progress. */
async function hold(held: Set<Promise<unknown>>, progress: Progress, run: Promise<unknown>): Promise<unknown> {
  held.add(run);
  progress.noted();
  try {
    return await run;
  } finally {
    held.delete(run);
    progress.noted();
  }
}

/** Our outcome in BullMQ's words. */
async function settle(job: Job, result: Outcome, token: string | undefined): Promise<unknown> {
  switch (result.outcome) {
    case 'done':
    case 'superseded':
      return result.answer;
    case 'retried':
      throw new RetryJob(result);
    case 'snoozed':
      await job.moveToDelayed(Date.now() + result.delayMs, token);
      throw new DelayedError();
    case 'failed':
      if (result.mark) await markForced(job);
      throw new UnrecoverableError(result.reason);
  }
}

/** A person's retry of this job shall mean what `force` means; nothing else tells it from the job's own repeats. */
const markForced = (job: Job): Promise<void> => job.updateData({ ...job.data, force: true });

async function takenDown(job: Job, tell: Tell): Promise<void> {
  const reason = `${job.name} ${JSON.stringify(job.data)}: its process ended ${MAX_STALLED + 1} times while it ran`;
  tell(
    job,
    { key: job.deduplicationId ?? job.name, result: { outcome: 'failed', reason, code: 'stalled', mark: true } },
    0,
  );
  await markForced(job);
}

type Tell = (job: Job, run: Run, ms: number) => void;

const LEVELS = { done: 'info', superseded: 'info', snoozed: 'info', retried: 'warn', failed: 'error' } as const;
const SAID = {
  done: 'job done',
  superseded: 'job superseded: nothing owed any more',
  snoozed: 'job looks again later',
  retried: 'job failed and is retried',
  failed: 'job given up',
} as const satisfies Record<Outcome['outcome'], string>;

function teller(queue: QueueName, log: Logger, metrics: JobMetrics | undefined): Tell {
  return (job, { key, result }, ms) => {
    const code = 'code' in result ? result.code : '';
    metrics?.jobs.inc({ queue, outcome: result.outcome, error_code: code });
    metrics?.seconds.observe({ queue }, ms / 1_000);
    log.log(LEVELS[result.outcome], SAID[result.outcome], {
      job: job.name,
      key,
      attempt: job.attemptsMade + 1,
      outcome: result.outcome,
      durationMs: Math.round(ms),
      ...('reason' in result && { errorCode: code, reason: result.reason }),
      ...('delayMs' in result && { delayMs: result.delayMs }),
      ...('mistake' in result && { error: result.mistake }),
    });
  };
}

async function closeInTime({
  worker,
  held,
  hurry,
  close,
}: {
  worker: Worker;
  held: ReadonlySet<Promise<unknown>>;
  hurry: AbortController;
  close: () => Promise<void>;
}): Promise<void> {
  const ended = Promise.allSettled([worker.close(), close()]);
  await within(CLOSING.finishMs, untilNoneHeld(held));
  hurry.abort();
  await within(CLOSING.abortedMs, untilNoneHeld(held));
  await within(CLOSING.goodbyeMs, ended);
  void dropBlocking(worker);
}

async function untilNoneHeld(held: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (held.size > 0) await Promise.allSettled(held);
}

async function within(ms: number, awaited: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([awaited, late.promise]);
  clearTimeout(timer);
}
