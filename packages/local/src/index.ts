export { type Child, type Children, type Exit, openChildren } from './children.ts';
export type { LogBook, LogLine } from './log-book.ts';
export { findProgram } from './machine.ts';
export { freePort } from './ports.ts';
export { type Postgres, startPostgres, withClient } from './postgres.ts';
export { startRedis } from './redis.ts';
export {
  type RunningSimulator,
  type SimulatorOptions,
  type System,
  type SystemOptions,
  startSimulator,
  startSystem,
} from './system.ts';
export { until } from './until.ts';
export type { Worker } from './worker.ts';
