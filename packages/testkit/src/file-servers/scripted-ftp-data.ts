/** The second connection of FTP, on which one file or listing goes. */
import { createServer, type Socket } from 'node:net';
import { listenOnLoopback } from './listening.ts';

export type DataPort = {
  readonly port: number;
  /** What is sent, up to `quota` bytes: there it resets the connection. */
  receive(quota?: number): Promise<Buffer>;
  send(bytes: Buffer): Promise<void>;
};

export async function openDataPort(): Promise<DataPort> {
  const { promise: caller, resolve } = Promise.withResolvers<Socket>();
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    server.close();
    socket.on('error', () => socket.destroy());
    resolve(socket);
  });
  const { port } = await listenOnLoopback(server);
  return {
    port,
    async receive(quota = Number.POSITIVE_INFINITY) {
      const socket = await caller;
      return new Promise((arrived) => {
        const chunks: Buffer[] = [];
        const taken = () => Buffer.concat(chunks);
        socket.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (taken().length < quota) return;
          socket.resetAndDestroy();
          arrived(taken().subarray(0, quota));
        });
        socket.on('end', () => arrived(taken())).resume();
      });
    },
    async send(bytes) {
      const socket = await caller;
      await new Promise<void>((sent) => socket.end(bytes, sent));
    },
  };
}
