/** One process of one service. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@lazada-sof/runtime';
import { childEnv } from '../machine/environment.ts';
import type { Child, Children, Exit } from './children.ts';
import { type LogBuffer, openLogBuffer } from './log-buffer.ts';
import { until } from './until.ts';

export type Worker = {
  readonly service: ServiceName;
  readonly log: LogBuffer;
  readonly pid: number;
  /** `/livez`, `/readyz` and `/metrics` are under it. */
  readonly healthUrl: string;
  running(): boolean;
  /** Resolves when it is gone; nothing is finished, as at a crash. */
  kill(): Promise<Exit>;
  /** Lets it finish what it holds. */
  stop(): Promise<Exit>;
  /** Starts it anew, with the same settings but for these, after `kill` or `stop`. Resolves when it is ready. */
  start(changed?: Readonly<Record<string, string>>): Promise<void>;
};

export type WorkerOptions = {
  children: Children;
  service: ServiceName;
  /** Tells several of one service apart. */
  instance: number;
  env: Readonly<Record<string, string>>;
  args?: readonly string[];
  /** In place of the service's own. */
  main?: string | undefined;
  logDir: string;
};

/** A service that did not get as far as being ready. Its message is all that the reader needs. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** The folder of this project. */
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
/** Halves the time until a service is ready, from its second start on. */
const COMPILED = join(ROOT, 'node_modules/.cache/lazada-sof/compiled');
/**
 * Left alone, Node takes what the machine has before it tidies up: 490 MB where 250 do as well and a fifteenth slower. The
 * image says the same.
 */
export const NODE_OPTIONS = '--max-old-space-size=384 --max-semi-space-size=16';
const READY_WITHIN_MS = 30_000;

/** Resolves when the service is ready. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { service, instance, logDir } = options;
  const env = { ...options.env };
  const log = openLogBuffer(join(logDir, `${service}-${instance}.log`));
  let current = await startOnce(options, log);
  return {
    service,
    log,
    get pid() {
      return current.child.pid;
    },
    get healthUrl() {
      return current.healthUrl;
    },
    running: () => current.child.running(),
    kill: () => current.child.kill('SIGKILL'),
    stop: () => current.child.stop(),
    async start(changed = {}) {
      Object.assign(env, changed);
      current = await startOnce({ ...options, env }, log);
    },
  };
}

type Started = { child: Child; healthUrl: string };

async function startOnce(options: WorkerOptions, log: ReturnType<typeof openLogBuffer>): Promise<Started> {
  const { children, service, env, args = [], main = join(ROOT, 'services', service, 'src/main.ts') } = options;
  if (!existsSync(main)) throw new Error(`there is no service "${service}": ${main} is missing`);
  const port = Promise.withResolvers<number>();
  const unfollow = log.follow((line) => typeof line.healthPort === 'number' && port.resolve(line.healthPort));
  const child = await children.start({
    name: service,
    stage: 'service',
    command: process.execPath,
    args: [main, ...args],
    env: { ...childEnv(), NODE_COMPILE_CACHE: COMPILED, NODE_OPTIONS, ...env },
    cwd: ROOT,
    logFile: log.file,
    onLine: log.write,
  });
  void child.exited.then((exit) => port.reject(endedAtStart(service, exit, log.file)));
  const healthUrl = `http://127.0.0.1:${await port.promise.finally(unfollow)}`;
  await untilReady(service, { child, healthUrl }, log.file);
  return { child, healthUrl };
}

async function untilReady(service: ServiceName, { child, healthUrl }: Started, logFile: string): Promise<void> {
  const check = async () => {
    if (!child.running()) throw endedAtStart(service, await child.exited, logFile);
    return fetch(`${healthUrl}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
  };
  await until(check, { what: `${service} is ready (its log: ${logFile})`, withinMs: READY_WITHIN_MS });
}

function endedAtStart(service: ServiceName, { code, signal }: Exit, logFile: string): Error {
  const last = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
  return new NotStarted(`${service} ended at its start (${signal ?? `exit code ${code}`}):\n${last}`);
}
