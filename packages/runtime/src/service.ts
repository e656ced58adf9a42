/**
 * The life of a service process, the same for all: read the settings, serve health, start, wait for the signal to end,
 * finish what is held, exit. Exit codes: 0 ended in order, 1 something broke, 78 a wrong setting.
 */
import type { Logger } from 'winston';
import { type Checks, ConfigError, EXIT_CONFIG, readConfig, toldInClearText } from './config.ts';
import { type HealthServer, type Readiness, serveHealth } from './health.ts';
import { createLogger } from './logger.ts';
import { createMetrics, type Registry } from './metrics.ts';
import type { Config, SliceName } from './settings.ts';

export type Running = {
  /**
   * What the service uses (`database`, `queue`) and whether it can be reached now. What it says in words is no hindrance, and
   * is logged once at the start.
   */
  ready(): Promise<Readiness>;
  /** Takes no new work and resolves when what was held is finished. */
  stop(): Promise<void>;
  /** False: the service is stuck. `/livez` turns bad, and the process ends itself: containers are not restarted for being unhealthy. */
  progressing?(): boolean;
};

export type ServiceContext<Slice extends SliceName> = {
  config: Config<Slice>;
  log: Logger;
  metrics: Registry;
  /** Aborted when the process is told to end, before `stop` is called. */
  signal: AbortSignal;
};

export type Service<Slice extends SliceName> = {
  name: string;
  slices: readonly Slice[];
  /** What else is looked at in the settings before the start. */
  checks?: Checks<NoInfer<Slice>>;
  start(context: ServiceContext<Slice>): Promise<Running>;
  /** How often the service is asked whether it makes progress; 10 s where left out. */
  lookForProgressEveryMs?: number;
  /** 25 s where left out: what process managers allow before they kill (30 s by habit), less some air. */
  stopWithinMs?: number;
};

const STOP_WITHIN_MS = 25_000;
const LOOK_FOR_PROGRESS_EVERY_MS = 10_000;

/** Runs a service until SIGTERM or SIGINT and ends the process. Settings of `health` and `log` are read for every service. */
export async function runService<Slice extends SliceName>(service: Service<Slice>): Promise<void> {
  const read = settingsOrExit(service);
  const { health, log: logging } = read;
  const log = createLogger({ service: service.name, ...logging });
  exitOnStray(log);

  const metrics = createMetrics();
  const closing = new AbortController();
  const ending = endSignal();
  let running: Running | undefined;
  const server = await serveHealthOrExit({
    at: health,
    metrics,
    live: () => running?.progressing?.() ?? true,
    ready: async () => {
      if (closing.signal.aborted) return { closing: false };
      return running ? running.ready() : { started: false };
    },
  });
  log.info('starting', { healthPort: server.port });
  for (const { what, fix } of toldInClearText(read)) log.warn(`${what}; ${fix}`);

  // The same object, seen through the slices that the service asked for.
  const config = read as Config<Slice>;
  const started = service.start({ config, log, metrics, signal: closing.signal }).then((one) => {
    running = one;
    log.info('started');
    void sayInWords(one, log);
    exitWhenStuck(one, log, service.lookForProgressEveryMs ?? LOOK_FOR_PROGRESS_EVERY_MS);
  });
  started.catch((error: unknown) => exitForStart(log, error));

  const signal = await ending;
  log.info(`closing on ${signal}`);
  const deadline = service.stopWithinMs ?? STOP_WITHIN_MS;
  setTimeout(() => exitAtDeadline(log, deadline), deadline);
  closing.abort();
  await started;
  await running?.stop();
  await server.close();
  log.info('closed');
  process.exit(0);
}

function settingsOrExit({ slices, checks }: { slices: readonly SliceName[]; checks?: Checks }) {
  try {
    return readConfig<SliceName>([...slices, 'health', 'log'], undefined, checks);
  } catch (error) {
    exitForMistakes(error);
    throw error;
  }
}

async function serveHealthOrExit(served: {
  at: { host: string; port: number };
  metrics: Registry;
  live: () => boolean;
  ready: () => Promise<Readiness>;
}): Promise<HealthServer> {
  try {
    return await serveHealth(served.at, { health: served, metrics: served.metrics });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const mistake = `HEALTH_PORT=${served.at.port} cannot be served (${reason}): free it or choose another (0: any free one)`;
    exitForMistakes(new ConfigError([mistake]));
    throw error;
  }
}

function exitForMistakes(error: unknown): void {
  if (!(error instanceof ConfigError)) return;
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT_CONFIG);
}

function exitForStart(log: Logger, error: unknown): void {
  exitForMistakes(error);
  log.error('could not start', { error });
  process.exit(1);
}

/** Nobody awaits what ends here, so nobody knows what state the process is in: say it and be started anew. */
function exitOnStray(log: Logger): void {
  const exit = (kind: string) => (error: unknown) => {
    log.error(kind, { error });
    process.exit(1);
  };
  process.on('unhandledRejection', exit('unhandled rejection'));
  process.on('uncaughtException', exit('uncaught exception'));
}

async function sayInWords({ ready }: Running, log: Logger): Promise<void> {
  const checks = await ready().catch((): Readiness => ({}));
  for (const words of Object.values(checks)) if (typeof words === 'string') log.info(words);
}

function exitWhenStuck(running: Running, log: Logger, everyMs: number): void {
  setInterval(() => {
    if (running.progressing?.() ?? true) return;
    log.error('nothing moves although there is work: exiting, to be started anew');
    process.exit(1);
  }, everyMs).unref();
}

function exitAtDeadline(log: Logger, deadlineMs: number): void {
  log.error(`not closed after ${deadlineMs / 1_000} s: exiting with work unfinished, it is taken up elsewhere`);
  process.exit(1);
}

const endSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    // `on`, not `once`: a second signal must not kill the process while it finishes what it holds.
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
