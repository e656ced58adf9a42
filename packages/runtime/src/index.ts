export {
  type Checks,
  ConfigError,
  type Environment,
  EXIT_CONFIG,
  readConfig,
  readWhatIsSet,
} from './config.ts';
export { type Health, type HealthServer, serveHealth } from './health.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export * from './metrics.ts';
export { type Running, runService, type Service, type ServiceContext } from './service.ts';
export { millisecondsOf } from './settings/text-types.ts';
export {
  COMMAND_LINE_SLICES,
  type Config,
  SERVICE_SLICES,
  SETTINGS,
  type ServiceName,
  type SliceName,
  settingsOf,
} from './settings.ts';
export { envExample, settingsPage } from './settings-docs.ts';
export { type UnknownStatus, watchUnknownStatuses } from './unknown-statuses.ts';
