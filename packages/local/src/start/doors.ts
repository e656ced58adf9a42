/** Other systems and people, played: each tells what happened by the door that such a one would use. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { enqueue } from '@lazada-sof/enqueue';
import type { Settings } from '../system/settings.ts';
import type { SimulatedOrder } from './lazada.ts';

export type OrderName = { readonly account: string; readonly orderNumber: string };
type End = { readonly status: 'delivered' | 'not_delivered'; readonly reason?: string };

export type Doors = {
  /** A courier's system, through the queue; over HTTP where the queue is no Redis. */
  tellByQueue(order: OrderName, end: End): Promise<void>;
  /** An ERP, over HTTP. */
  tellByHttp(order: OrderName, end: End): Promise<void>;
  /** A shop without a host system: the order itself comes over HTTP. */
  putByHttp(order: SimulatedOrder): Promise<void>;
  /** A person at a terminal. */
  release(order: OrderName): Promise<void>;
};

type DoorsOptions = {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** What `npm run sof` in a second terminal has. */
  readonly env: Settings;
};

const SOF = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
const run = promisify(execFile);

export function openDoors({ apiUrl, apiKey, env }: DoorsOptions): Doors {
  async function call(method: string, { account, orderNumber }: OrderName, rest: string, body: object): Promise<void> {
    const answer = await fetch(`${apiUrl}/v1/orders/${account}/${orderNumber}${rest}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`${method} of ${account}/${orderNumber} was refused: ${await answer.text()}`);
  }
  const told = (end: End) => ({ ...end, occurredAt: new Date().toISOString() });
  const tellByHttp: Doors['tellByHttp'] = (order, end) => call('POST', order, '/status', told(end));
  const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix } = env;
  return {
    tellByHttp,
    async tellByQueue(order, end) {
      if (!url.startsWith('redis')) return tellByHttp(order, end);
      const requestId = `courier-${order.orderNumber}-${end.status}`;
      await enqueue({ ...order, ...told(end), requestId }, { url, ...(prefix !== undefined && { prefix }) });
    },
    async putByHttp({ accountName: account, orderNumber, items: made }) {
      const items = made.map(({ orderItemId, sku }) => ({ orderItemId, sku }));
      await call('PUT', { account, orderNumber }, '', { toolStatus: 'ready_for_delivery', updateShipping: 1, items });
    },
    async release({ account, orderNumber }) {
      await run(process.execPath, [SOF, 'order', 'release', account, orderNumber], { env });
    },
  };
}
