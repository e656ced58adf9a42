export { connect, type QueueServer } from './connection.ts';
export * from './contract.ts';
export * from './outcome.ts';
export { JOB_STATES, type JobCounts, openProducer, type Producer } from './producer.ts';
export { registerQueueMetrics } from './queue-metrics.ts';
export type { Answer, Handlers, JobContext } from './run-job.ts';
export * from './verdict.ts';
export { type RunningWorker, runWorker, type WorkerOptions } from './worker.ts';
