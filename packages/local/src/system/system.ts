/**
 * The whole system on one machine: services as processes of their own on a database and a queue, with the simulator in
 * Lazada's place. `npm start` and the tests start it through here, there is no second way.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SERVICE_SLICES, type ServiceName, settingsOf } from '@lazada-sof/runtime';
import { freePort } from '../machine/ports.ts';
import { type Children, openChildren } from '../processes/children.ts';
import { startWorker, type Worker } from '../processes/worker.ts';

type Settings = Readonly<Record<string, string>>;

type Common = {
  /** Gets `logs/` and, where no other target is set, `invoices/`. */
  dir: string;
  /** Settings that replace those made here; each service gets those it reads. */
  env?: Settings;
  /** Where the processes are to be stopped together with others; else they have children of their own. */
  children?: Children;
};

export type SimulatorOptions = Common & {
  /** What it knows is kept there. Left out: it begins anew at each start. */
  memory?: string;
};

export type RunningSimulator = {
  readonly url: string;
  readonly worker: Worker;
  stop(): Promise<void>;
};

export type SystemOptions = Common & {
  services: readonly ServiceName[];
  /** A migrated database. */
  databaseUrl: string;
  queueUrl: string;
  queuePrefix?: string;
  /** How many processes of a service; one where it is left out. */
  counts?: Partial<Record<ServiceName, number>>;
  /** A file that runs in place of a service's own `main.ts`: tests prove with a wrong one that they would see it. */
  mains?: Partial<Record<ServiceName, string>>;
  /** Taken where it is free. */
  apiPort?: number;
  /** One that runs already; else one is started where `services` names it. */
  simulator?: RunningSimulator;
};

export type System = {
  /** What the services were given, all together. */
  readonly env: Settings;
  readonly workers: readonly Worker[];
  worker(service: ServiceName, instance?: number): Worker;
  /** Where `api` or `simulator` serves its port. */
  url(service: 'api' | 'simulator'): string;
  /** Stops the services; nothing of them is left. */
  stop(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { children = openChildren(), dir, env = {}, memory } = options;
  const port = await freePort();
  const settings = { ...LOCAL, SIMULATOR_FTP_PORT: '0', SIMULATOR_SFTP_PORT: '0', ...env, PORT: String(port) };
  const worker = await startWorker({
    children,
    service: 'simulator',
    instance: 0,
    env: envOf('simulator', settings),
    args: memory === undefined ? [] : [memory],
    logDir: join(dir, 'logs'),
  });
  return { url: urlOf(port), worker, stop: children.stop };
}

/** Resolves when all services are ready. @throws Error where one is not; then none is left running */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { services, counts = {}, mains = {}, children = openChildren(), dir } = options;
  const apiPort = await freePort(options.apiPort);
  try {
    const wanted = services.includes('simulator') ? await startSimulator({ ...options, children }) : undefined;
    const simulator = options.simulator ?? wanted;
    const env = settings(options, simulator?.url);
    const starts = services
      .filter((name) => name !== 'simulator')
      .flatMap((service) => Array.from({ length: counts[service] ?? 1 }, (_, instance) => ({ service, instance })));
    const workers = await inTurns(starts, ({ service, instance }) =>
      startWorker({
        children,
        service,
        instance,
        main: mains[service],
        env: envOf(service, env, apiPort),
        logDir: join(dir, 'logs'),
      }),
    );
    return system({ workers, simulator, env, apiPort, stop: children.stop });
  } catch (error) {
    await children.stop();
    throw error;
  }
}

/**
 * Starts them in order, no more at once than there are cores: all at once they would all be late. Waits for those that are
 * starting where one fails, so that nothing starts while all are being stopped.
 */
async function inTurns<Start, Started>(
  starts: readonly Start[],
  start: (one: Start) => Promise<Started>,
): Promise<Started[]> {
  const started: Started[] = [];
  const left = [...starts.entries()];
  const takeTurns = async () => {
    for (let next = left.shift(); next; next = left.shift()) started[next[0]] = await start(next[1]);
  };
  const turns = await Promise.allSettled(Array.from({ length: Math.max(2, availableParallelism()) }, takeTurns));
  for (const turn of turns) if (turn.status === 'rejected') throw turn.reason;
  return started;
}

function system(parts: {
  workers: readonly Worker[];
  simulator: RunningSimulator | undefined;
  env: Settings;
  apiPort: number;
  stop: System['stop'];
}): System {
  const { simulator, env, apiPort, stop } = parts;
  const workers = simulator ? [simulator.worker, ...parts.workers] : parts.workers;
  const urls = { api: urlOf(apiPort), simulator: simulator?.url ?? 'the simulator was not started' };
  return {
    env,
    workers,
    stop,
    worker(service, instance = 0) {
      const found = workers.filter((one) => one.service === service)[instance];
      if (!found) throw new Error(`worker ${instance} of ${service} was not started`);
      return found;
    },
    url: (service) => urls[service],
  };
}

const LOCAL: Settings = { HOST: '127.0.0.1', HEALTH_PORT: '0' };

function settings(options: SystemOptions, simulatorUrl: string | undefined): Settings {
  const invoices = join(options.dir, 'invoices');
  mkdirSync(invoices, { recursive: true });
  return {
    ...LOCAL,
    DATABASE_URL: options.databaseUrl,
    QUEUE_URL: options.queueUrl,
    ...(options.queuePrefix !== undefined && { QUEUE_PREFIX: options.queuePrefix }),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    INVOICE_TARGET_URL: pathToFileURL(invoices).href,
    ...(simulatorUrl !== undefined && towards(simulatorUrl)),
    ...options.env,
  };
}

/** The simulator in the place of all that Lazada is. */
const towards = (url: string): Settings => ({
  LAZADA_REST_URL: `${url}/rest`,
  LAZADA_AUTH_URL: `${url}/rest`,
  SOFP_URL: url,
  INVOICE_LINK_HOSTS: new URL(url).host,
});

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Only what the service reads: no process holds a secret that it has no use for. */
function envOf(service: ServiceName, env: Settings, apiPort?: number): Record<string, string> {
  const names = new Set(settingsOf(SERVICE_SLICES[service]).map(({ name }) => name));
  const own = service === 'api' && apiPort !== undefined ? { PORT: String(apiPort) } : {};
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => names.has(name))), ...own };
}
