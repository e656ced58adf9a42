/**
 * The whole system on one machine: services as processes of their own on a database and a queue, with the simulator in
 * Lazada's place. `npm start` and the tests start it through here, there is no second way.
 */
import { join } from 'node:path';
import type { ServiceName } from '@lazada-sof/runtime';
import { freePort } from '../machine/ports.ts';
import { openChildren } from '../processes/children.ts';
import { startWorker, type Worker } from '../processes/worker.ts';
import { inParallel } from './in-parallel.ts';
import { envOf, type Settings, systemSettings, urlOf } from './settings.ts';
import { type CommonOptions, type RunningSimulator, startSimulator } from './simulator.ts';

export type SystemOptions = CommonOptions & {
  services: readonly ServiceName[];
  /** A migrated database, as whoever owns it; the services get logins with less. */
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
  /** Where `api` or `simulator` serves its port; each process of `api` has one of its own. */
  url(service: 'api' | 'simulator', instance?: number): string;
  /** Stops the services; nothing of them is left. */
  stop(): Promise<void>;
};

/** Resolves when all services are ready. @throws Error where one is not; then none is left running */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { services, counts = {}, mains = {}, children = openChildren(), dir } = options;
  const apiPorts = [await freePort(options.apiPort)];
  for (let more = 1; more < (counts.api ?? 1); more += 1) apiPorts.push(await freePort());
  try {
    const wanted = services.includes('simulator') ? await startSimulator({ ...options, children }) : undefined;
    const simulator = options.simulator ?? wanted;
    const env = systemSettings({ ...options, simulatorUrl: simulator?.url });
    const starts = services
      .filter((name) => name !== 'simulator')
      .flatMap((service) => Array.from({ length: counts[service] ?? 1 }, (_, instance) => ({ service, instance })));
    const workers = await inParallel(starts, ({ service, instance }) =>
      startWorker({
        children,
        service,
        instance,
        main: mains[service],
        env: envOf(service, env, { databaseUrl: options.databaseUrl, apiPort: apiPorts[instance] }),
        logDir: join(dir, 'logs'),
      }),
    );
    return system({ workers, simulator, env, apiPorts, stop: children.stop });
  } catch (error) {
    await children.stop();
    throw error;
  }
}

function system(parts: {
  workers: readonly Worker[];
  simulator: RunningSimulator | undefined;
  env: Settings;
  apiPorts: readonly number[];
  stop: System['stop'];
}): System {
  const { simulator, env, apiPorts, stop } = parts;
  const workers = simulator ? [simulator.worker, ...parts.workers] : parts.workers;
  return {
    env,
    workers,
    stop,
    worker(service, instance = 0) {
      const found = workers.filter((one) => one.service === service)[instance];
      if (!found) throw new Error(`worker ${instance} of ${service} was not started`);
      return found;
    },
    url(service, instance = 0) {
      if (service === 'simulator') return simulator?.url ?? 'the simulator was not started';
      const port = apiPorts[instance];
      if (port === undefined) throw new Error(`process ${instance} of api was not started`);
      return urlOf(port);
    },
  };
}
