/**
 * Lazada pushes what happens to orders to the address that an app has registered (Lazada Push Mechanism, article 120168), as
 * type 0, one message for each item, once readers can see it. An answer that is not 200 within half a second is a failure.
 */
import { createHmac } from 'node:crypto';
import type { Item, Order, StatusChange } from '../world/model.ts';
import { nameShown } from '../world/orders.ts';
import type { World } from '../world/world.ts';

const WAITS_MS = 500;
const KEPT = 1_000;

/** A message and what came of it: an HTTP status, or why there was none. */
export type SentPush = {
  readonly at: string;
  readonly orderNumber: string;
  readonly status: string;
  readonly answer: string;
};

export type Pusher = {
  readonly sent: readonly SentPush[];
  close(): void;
};

/** Pushes from now on, wherever `behaviour.pushUrl` points to at the time. */
export function openPusher(world: World): Pusher {
  const sent: SentPush[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const send = async (order: Order, item: Item, change: StatusChange) => {
    const { pushUrl } = world.behaviour;
    if (pushUrl === null) return;
    const status = nameShown(order, change.status);
    const answer = await post(pushUrl, world, order, messageOf(world, order, item, { ...change, status }));
    sent.push({ at: new Date(world.now()).toISOString(), orderNumber: order.orderNumber, status, answer });
    if (sent.length > KEPT) sent.shift();
  };
  world.onChange = (order, item, change) => {
    if (world.behaviour.pushUrl === null) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void send(order, item, change);
      },
      Math.max(0, change.visibleAt - world.now()),
    );
    timers.add(timer);
  };
  return {
    sent,
    close() {
      world.onChange = () => undefined;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function messageOf(world: World, order: Order, item: Item, change: { status: string; at: number }): string {
  const { sellerId, country } = world.accountOf(order);
  return JSON.stringify({
    seller_id: sellerId,
    message_type: 0,
    data: {
      order_status: change.status,
      trade_order_id: order.orderNumber,
      trade_order_line_id: item.orderItemId,
      status_update_time: Math.floor(change.at / 1_000),
    },
    timestamp: world.now(),
    site: `lazada_${country.toLowerCase()}`,
  });
}

async function post(url: string, world: World, order: Order, body: string): Promise<string> {
  const { appKey, appSecret } = world.accountOf(order);
  const authorization = createHmac('sha256', appSecret).update(appKey).update(body).digest('hex');
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body,
      signal: AbortSignal.timeout(WAITS_MS),
    });
    await answer.body?.cancel();
    return String(answer.status);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
