/** A whole simulator in this process: Lazada, DHL, and the targets that invoices are put on. */
import type { AddressInfo } from 'node:net';
import { type FileTargets, startFileTargets } from './file-targets/targets.ts';
import { createServer } from './http-server.ts';
import { openPusher } from './push/pusher.ts';
import { Counter } from './server/counts.ts';
import { Faults } from './server/faults.ts';
import { RequestLog } from './server/request-log.ts';
import type { SimulatorState } from './server/simulator-state.ts';
import { DEFAULT_SOF_PATHS, type SofPaths } from './sof/paths.ts';
import { openStorage } from './storage.ts';
import { World } from './world/world.ts';

export type SimulatorOptions = {
  readonly host?: string;
  /** 0, or left out: any free one. So are the other ports. */
  readonly port?: number;
  readonly ftpPort?: number;
  readonly sftpPort?: number;
  readonly sofPaths?: SofPaths;
  /** Where the world, the file targets' keys and their files are kept. Left out: nowhere, all is gone at the end. */
  readonly folder?: string | undefined;
  /** The present, for tests. */
  readonly clock?: () => number;
};

export type Simulator = SimulatorState & {
  /** `http://host:port`; Open Platform and token host are at `/rest`. */
  readonly url: string;
  readonly files: FileTargets;
  close(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, sofPaths = DEFAULT_SOF_PATHS } = options;
  const state = {
    world: new World(options.clock),
    counter: new Counter(),
    requestLog: new RequestLog(),
    faults: new Faults(),
  };
  const storage = openStorage(state.world, options.folder);
  const { ftpPort, sftpPort } = options;
  const files = await startFileTargets({ dir: storage.folder, identity: storage.identity, host, ftpPort, sftpPort });
  const pusher = openPusher(state.world);
  const server = createServer(state, sofPaths, files, pusher);
  await server.listen({ host, port });
  return { ...state, url: urlOf(host, server.server.address() as AddressInfo), files, close };

  async function close(): Promise<void> {
    pusher.close();
    await Promise.all([server.close(), files.ftp.close(), files.sftp.close()]);
    storage.close();
  }
}

/** A server that listens on every address is reached on this machine by its own name. */
function urlOf(host: string, { port }: AddressInfo): string {
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}
