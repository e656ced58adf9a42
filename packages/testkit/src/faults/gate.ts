/** A server that can go away and come back, without stopping the one that other tests use: a door in front of it. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export type Gate = {
  /** The server's URL with this door's address. */
  readonly url: string;
  /** How often somebody has asked and was answered through it so far. */
  roundTrips(): number;
  /** Cuts what is connected and refuses what comes, until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
};

/** Opens a door in front of the server of this URL. */
export async function openGate(url: string): Promise<Gate> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isShut = false;
  let roundTrips = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((caller) => {
    if (isShut) return void caller.resetAndDestroy();
    const behind = keep(connect(Number(target.port), target.hostname));
    keep(caller).pipe(behind).pipe(caller);
    let asked = false;
    caller.on('data', () => {
      asked = true;
    });
    behind.on('data', () => {
      if (asked) roundTrips += 1;
      asked = false;
    });
    caller.once('close', () => behind.destroy());
    behind.once('close', () => caller.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door = new URL(url);
  door.hostname = '127.0.0.1';
  door.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: door.href,
    roundTrips: () => roundTrips,
    shut() {
      isShut = true;
      cut();
    },
    open() {
      isShut = false;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
