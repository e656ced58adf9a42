/** A whole simulator in this process. */
import type { AddressInfo } from 'node:net';
import { Counter } from './counts.ts';
import { Faults } from './faults.ts';
import type { Desk } from './front-door.ts';
import { Journal } from './journal.ts';
import { createServer, type SofPaths } from './server.ts';
import { World } from './world.ts';

export type SimulatorOptions = {
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly sofPaths?: SofPaths;
};

export type Simulator = Desk & {
  /** `http://host:port`; Open Platform and token host are at `/rest`. */
  readonly url: string;
  close(): Promise<void>;
};

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, sofPaths = { authPath: '/api/auth', statusPath: '/api/statuses/' } } = options;
  const desk = { world: new World(), counter: new Counter(), journal: new Journal(), faults: new Faults() };
  const server = createServer(desk, sofPaths);
  await server.listen({ host, port });
  const address = server.server.address() as AddressInfo;
  return { ...desk, url: `http://${urlHost(host)}:${address.port}`, close: () => server.close() };
}

/** A server that listens on every address is reached on this machine by its own name. */
function urlHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
