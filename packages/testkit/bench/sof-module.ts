/** A SOF module that says yes to every status: it costs little, so what is measured is who asks. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type SofModule = {
  readonly url: string;
  /** When so many statuses, counted from now, have arrived: the moment of the last one by `performance.now()`. */
  arrived(count: number): Promise<number>;
  close(): Promise<void>;
};

export const STATUS_PATH = '/api/statuses/';

type Options = {
  readonly delayMs: number;
  /** Called before each answer, which waits for it. */
  readonly hold?: () => Promise<void>;
};

export async function openSofModule({ delayMs, hold }: Options): Promise<SofModule> {
  let waiting: { left: number; resolve(at: number): void } | undefined;

  function note(at: number): void {
    if (!waiting) return;
    waiting.left -= 1;
    if (waiting.left === 0) waiting.resolve(at);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const isStatus = request.url === STATUS_PATH;
    await new Promise((resolve) => request.resume().once('end', resolve));
    if (isStatus) note(at);
    if (delayMs > 0) await sleep(delayMs);
    if (isStatus) await hold?.();
    response.writeHead(isStatus ? 202 : 503).end();
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived(count) {
      const { promise, resolve } = Promise.withResolvers<number>();
      waiting = { left: count, resolve };
      return promise;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
