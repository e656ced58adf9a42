import { join } from 'node:path';
import { freePort } from '../machine/ports.ts';
import { type Children, openChildren } from '../processes/children.ts';
import { startWorker, type Worker } from '../processes/worker.ts';
import { envOf, LOCAL_SETTINGS, type Settings, urlOf } from './settings.ts';

export type CommonOptions = {
  /** Gets `logs/` and, where no other target is set, `invoices/`. */
  dir: string;
  /** Settings that replace those made here; each service gets those it reads. */
  env?: Settings;
  /** Where the processes are to be stopped together with others; else they have children of their own. */
  children?: Children;
};

export type SimulatorOptions = CommonOptions & {
  /** What it knows is kept there. Left out: it begins anew at each start. */
  dataDir?: string;
};

export type RunningSimulator = {
  readonly url: string;
  readonly worker: Worker;
  stop(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { children = openChildren(), dir, env = {}, dataDir } = options;
  const port = await freePort();
  const settings = { ...LOCAL_SETTINGS, SIMULATOR_FTP_PORT: '0', SIMULATOR_SFTP_PORT: '0', ...env, PORT: String(port) };
  const worker = await startWorker({
    children,
    service: 'simulator',
    instance: 0,
    env: envOf('simulator', settings),
    args: dataDir === undefined ? [] : [dataDir],
    logDir: join(dir, 'logs'),
  });
  return { url: urlOf(port), worker, stop: children.stop };
}
