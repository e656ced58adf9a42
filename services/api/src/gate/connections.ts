/** How many connections there are at once, and how many of one address: whoever only holds them shuts nobody else out. */
import type { Server, Socket } from 'node:net';
import type { IsProxy } from './client.ts';
import { bareAddress, networkOf } from './network.ts';

export type MostConnections = { readonly together: number; readonly ofOneAddress: number };

/** Each takes some 10 KB. A proxy of ours has those of all its clients. */
export const MOST_CONNECTIONS: MostConnections = { together: 10_000, ofOneAddress: 1_000 };

export function limitConnections(
  server: Server,
  { isProxy, together, ofOneAddress }: MostConnections & { readonly isProxy: IsProxy },
): void {
  server.maxConnections = together;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = bareAddress(socket.remoteAddress ?? '');
    if (isProxy(address)) return;
    const network = networkOf(address);
    const before = open.get(network) ?? 0;
    if (before >= ofOneAddress) {
      socket.destroy();
      return;
    }
    open.set(network, before + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left === 0) open.delete(network);
      else open.set(network, left);
    });
  });
}
