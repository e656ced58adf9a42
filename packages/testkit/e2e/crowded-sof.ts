/** A SOF module that tells whose statuses arrive, and when, and that some accounts find out of order. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CrowdedSof = {
  readonly url: string;
  /** Statuses of the account with this token that have arrived, taken or not. */
  count(token: string): number;
  /** When this parcel's status has arrived, by `performance.now()`. */
  arrived(trackingNumber: string): Promise<number>;
  /** From now on these accounts are answered 503; the others have their calls taken. */
  breakFor(tokens: readonly string[]): void;
  close(): Promise<void>;
};

export async function openCrowdedSof(): Promise<CrowdedSof> {
  const counts = new Map<string, number>();
  const awaited = new Map<string, PromiseWithResolvers<number>>();
  let broken: ReadonlySet<string> = new Set();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = request.headers.authorization?.replace('JWT ', '') ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    counts.set(token, (counts.get(token) ?? 0) + 1);
    const { tracking_number: trackingNumber } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    awaited.get(trackingNumber)?.resolve(performance.now());
    response.writeHead(broken.has(token) ? 503 : 202).end();
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (token) => counts.get(token) ?? 0,
    arrived(trackingNumber) {
      const arrival = Promise.withResolvers<number>();
      awaited.set(trackingNumber, arrival);
      return arrival.promise;
    },
    breakFor(tokens) {
      broken = new Set(tokens);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
