export { findProgram } from './machine/environment.ts';
export { freePort } from './machine/ports.ts';
export { type Postgres, startPostgres, withClient } from './postgres/postgres.ts';
export { type Child, type Children, type Exit, openChildren } from './processes/children.ts';
export type { LogBook, LogLine } from './processes/log-buffer.ts';
export { until } from './processes/until.ts';
export type { Worker } from './processes/worker.ts';
export { startRedis } from './redis/redis.ts';
export {
  type RunningSimulator,
  type SimulatorOptions,
  type System,
  type SystemOptions,
  startSimulator,
  startSystem,
} from './system/system.ts';
