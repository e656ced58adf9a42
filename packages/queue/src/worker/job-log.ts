/** What the log and the metrics are told of a job that ended: one line, one count. */
import { type JobMetrics, jobMetrics, type Logger, type Registry } from '@lazada-sof/runtime';
import type { QueueName } from '../contract.ts';
import type { Outcome, Run } from './run-job.ts';

export type LogJob = (job: { name: string; attemptsMade: number }, run: Run, ms: number) => void;

/** Nobody needs to act on what is not `error`. */
const LINES = {
  done: { level: 'info', message: 'job done' },
  superseded: { level: 'info', message: 'job superseded: nothing was owed any more' },
  snoozed: { level: 'info', message: 'job looks again later' },
  retried: { level: 'warn', message: 'job failed and is repeated' },
  failed: { level: 'error', message: 'job given up' },
} as const satisfies Record<Outcome['outcome'], { level: string; message: string }>;

export function createJobLog(queue: QueueName, log: Logger, registry: Registry | undefined): LogJob {
  const metrics: JobMetrics | undefined = registry && jobMetrics(registry);
  return (job, { key, result }, ms) => {
    const code = 'code' in result ? result.code : '';
    metrics?.jobs.inc({ queue, outcome: result.outcome, error_code: code });
    metrics?.seconds.observe({ queue }, ms / 1_000);
    const { level, message } = LINES[result.outcome];
    log.log(level, message, {
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
