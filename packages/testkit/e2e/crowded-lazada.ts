/**
 * Lazada for many accounts at once, as little of it as a delivered parcel needs: a SOF module that tells whose statuses
 * arrive, and when, and that some accounts find out of order; and items that show every order of the benches delivered.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STATUS_PATH } from '../bench/sof-module.ts';

export type CrowdedLazada = {
  readonly url: string;
  /** Statuses of the account with this token that have arrived, taken or not. */
  count(token: string): number;
  /** When this parcel's status has arrived, by `performance.now()`. */
  arrived(trackingNumber: string): Promise<number>;
  /** From now on statuses of these accounts are answered 503, or never; those of all others are taken. */
  breakFor(tokens: readonly string[], how?: 'hangs'): void;
  close(): Promise<void>;
};

type Options = {
  /** Called with the account's token at each status that arrives. */
  readonly onStatus?: (token: string) => void;
};

export async function openCrowdedLazada({ onStatus }: Options = {}): Promise<CrowdedLazada> {
  const counts = new Map<string, number>();
  const awaited = new Map<string, PromiseWithResolvers<number>>();
  let broken: ReadonlySet<string> = new Set();
  let hangs = false;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://lazada');
    if (pathname !== STATUS_PATH) return void response.end(itemsFor(searchParams));
    const token = request.headers.authorization?.replace('JWT ', '') ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { tracking_number: trackingNumber } = JSON.parse(Buffer.concat(chunks).toString());
    counts.set(token, (counts.get(token) ?? 0) + 1);
    onStatus?.(token);
    awaited.get(trackingNumber)?.resolve(performance.now());
    if (!(hangs && broken.has(token))) response.writeHead(broken.has(token) ? 503 : 202).end();
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
    breakFor(tokens, how) {
      broken = new Set(tokens);
      hangs = how === 'hangs';
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function itemsFor(params: URLSearchParams): string {
  const [one, many] = [params.get('order_id'), params.get('order_ids')];
  const numbers: number[] = many === null ? [Number(one)] : JSON.parse(many);
  const data =
    many === null ? [itemOf(Number(one))] : numbers.map((id) => ({ order_id: id, order_items: [itemOf(id)] }));
  return JSON.stringify({ code: '0', data });
}

/** As `addShippedOrders` numbers them. */
function itemOf(orderNumber: number) {
  const n = Number(String(orderNumber).slice(1));
  return {
    order_item_id: n,
    order_id: orderNumber,
    status: 'delivered',
    package_id: `FP${n}`,
    tracking_code: `T${n}`,
    shipping_provider_type: 'seller_own_fleet',
    delivery_option_sof: 1,
    is_digital: 0,
  };
}
