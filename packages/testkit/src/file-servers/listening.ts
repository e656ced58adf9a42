import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, type Server } from 'node:net';
import { until } from '@lazada-sof/local';

/** Resolves when somebody listens on the loopback port. */
export async function untilListening(port: number): Promise<void> {
  await until(() => canConnect(port), { what: `a server on port ${port}`, withinMs: 30_000 });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false));
  });
}

/** The same without connecting, for a server that counts who is connected; of Linux alone. */
export async function untilBound(port: number): Promise<void> {
  await until(async () => isBound(port, await readFile('/proc/net/tcp', 'utf8')), {
    what: `a server on port ${port}`,
    withinMs: 30_000,
  });
}

const LISTEN = '0A';

/** A line of the table: number, own address and port in hexadecimal, the other's, state. */
function isBound(port: number, table: string): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').some((line) => {
    const [, own = '', , state] = line.trim().split(/\s+/);
    return own.endsWith(`:${hex}`) && state === LISTEN;
  });
}

/** A server of this process on a free port of the loopback; `close` also ends what is connected. */
export async function listenOnLoopback(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
