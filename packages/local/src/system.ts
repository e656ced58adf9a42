/**
 * The whole system on one machine: services as processes of their own on a database and a queue, with the simulator in
 * Lazada's place. `npm start` and the tests start it through here, there is no second way.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SERVICE_SLICES, type ServiceName, settingsOf } from '@lazada-sof/runtime';
import { type Children, openChildren } from './children.ts';
import { freePort } from './ports.ts';
import { startWorker, type Worker } from './worker.ts';

export type SystemOptions = {
  services: readonly ServiceName[];
  /** A migrated database. */
  databaseUrl: string;
  queueUrl: string;
  queuePrefix?: string;
  /** How many processes of a service; one where it is left out. */
  counts?: Partial<Record<ServiceName, number>>;
  /** Settings that replace those made here; each service gets those it reads. */
  env?: Readonly<Record<string, string>>;
  /** Gets `logs/` and, where no other target is set, `invoices/`. */
  dir: string;
  /** What a service is given on its command line. */
  args?: Partial<Record<ServiceName, readonly string[]>>;
  /** Taken where it is free. */
  apiPort?: number;
  /** Where the services are to be stopped together with others; else they have children of their own. */
  children?: Children;
  /** Called when the simulator is ready, while the other services start. */
  onSimulator?: (url: string) => Promise<void>;
};

export type System = {
  /** What the services were given, all together. */
  readonly env: Readonly<Record<string, string>>;
  readonly workers: readonly Worker[];
  worker(service: ServiceName, instance?: number): Worker;
  /** Where `api` or `simulator` serves its port. */
  url(service: 'api' | 'simulator'): string;
  /** Stops the services; nothing of them is left. */
  stop(): Promise<void>;
};

/** Resolves when all services are ready. @throws Error where one is not; then none is left running */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { services, counts = {}, args = {}, children = openChildren() } = options;
  const ports = { api: await freePort(options.apiPort), simulator: await freePort() };
  const env = settings(options, ports);
  const start = (service: ServiceName) =>
    Array.from({ length: counts[service] ?? 1 }, (_, instance) =>
      startWorker({
        children,
        service,
        instance,
        env: envOf(service, env, ports),
        args: args[service] ?? [],
        logDir: join(options.dir, 'logs'),
      }),
    );
  try {
    const first = await allOf(services.filter((name) => name === 'simulator').flatMap(start));
    const others = allOf(services.filter((name) => name !== 'simulator').flatMap(start));
    const [rest] = await Promise.all([others, options.onSimulator?.(urlOf(ports.simulator))]);
    return system([...first, ...rest], env, ports, children.stop);
  } catch (error) {
    await children.stop();
    throw error;
  }
}

/** Waits for the others too where one fails, so that nothing is still starting when all are stopped. */
async function allOf<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

type Ports = { api: number; simulator: number };

function system(workers: readonly Worker[], env: System['env'], ports: Ports, stop: System['stop']): System {
  return {
    env,
    workers,
    stop,
    worker(service, instance = 0) {
      const found = workers.filter((one) => one.service === service)[instance];
      if (!found) throw new Error(`worker ${instance} of ${service} was not started`);
      return found;
    },
    url: (service) => urlOf(ports[service]),
  };
}

function settings(options: SystemOptions, ports: Ports): Record<string, string> {
  const invoices = join(options.dir, 'invoices');
  mkdirSync(invoices, { recursive: true });
  return {
    DATABASE_URL: options.databaseUrl,
    QUEUE_URL: options.queueUrl,
    ...(options.queuePrefix !== undefined && { QUEUE_PREFIX: options.queuePrefix }),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    INVOICE_TARGET_URL: pathToFileURL(invoices).href,
    HOST: '127.0.0.1',
    HEALTH_PORT: '0',
    SIMULATOR_FTP_PORT: '0',
    SIMULATOR_SFTP_PORT: '0',
    ...(options.services.includes('simulator') && towards(urlOf(ports.simulator))),
    ...options.env,
  };
}

/** The simulator in the place of all that Lazada is. */
const towards = (url: string) => ({
  LAZADA_REST_URL: `${url}/rest`,
  LAZADA_AUTH_URL: `${url}/rest`,
  SOFP_URL: url,
  INVOICE_LINK_HOSTS: new URL(url).host,
});

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Only what the service reads: no process holds a secret that it has no use for. */
function envOf(service: ServiceName, env: Readonly<Record<string, string>>, ports: Ports): Record<string, string> {
  const names = new Set(settingsOf(SERVICE_SLICES[service]).map(({ name }) => name));
  const own = service === 'api' || service === 'simulator' ? { PORT: String(ports[service]) } : {};
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => names.has(name))), ...own };
}
