export * from './contract.ts';
export { type DayJobRequest, type DayJobTools, type DayToPerform, dayJob, type PerformDay } from './day-job/day-job.ts';
export { createHands, type Hands } from './hands.ts';
export { type LimiterOptions, type OpenLimiter, openLimiter } from './limiter/limiter.ts';
export { changeWhenFree, OrderBusy, OrderGone } from './order-job/change-when-free.ts';
export { type OrderJob, type OrderJobTools, orderJob, type Perform, type StepContext } from './order-job/order-job.ts';
export { readAndRecordItems } from './order-job/read-and-record.ts';
export { shareHands } from './order-job/share-hands.ts';
export * from './order-job/verdict.ts';
export {
  accountName,
  isStorable,
  orderNamedIn,
  orderNumber,
  storableText,
  toOrderUpdate,
  type UpdateFields,
  updateFields,
} from './order-update/payload.ts';
export { requestOfJob } from './order-update/request-of-job.ts';
export { JOB_STATES, type JobCounts, type JobReply, openProducer, type Producer } from './producer.ts';
export { registerQueueMetrics } from './queue-metrics.ts';
export { connect, type QueueServer } from './server/connection.ts';
export { inspectQueue, type QueueStanding } from './server/inspect.ts';
export type { ServerInfo } from './server/server-info.ts';
export type { JobResult } from './worker/job-result.ts';
export type { Handlers, JobContext, JobIdentity } from './worker/run-job.ts';
export { type RunningWorker, runWorker, type WorkerOptions } from './worker/worker.ts';
