/** Lazada's pushes: whatever they say, they are a reason to look again and nothing else. */
import { createHmac } from 'node:crypto';
import { until } from '@lazada-sof/local';
import type { Stage } from '../stage.ts';
import type { Target } from './door.ts';

const STATUSES = ['packed', 'ready_to_ship', 'shipped', 'delivered', 'failed', 'canceled', 'returned'] as const;

let pushed = 0;

/** Answers how one is sent; it has had its effect when that resolves. */
export async function openPushDoor({ lazada, system }: Stage): Promise<(target: Target) => Promise<void>> {
  const { accounts } = await lazada.get<{ accounts: Record<string, string>[] }>('/control/accounts');
  const heeded = () => countHeeded(system.worker('api').healthUrl);
  return async ({ account, orderNumber }) => {
    const { appKey = '', appSecret = '', sellerId } = accounts.find(({ name }) => name === account) ?? {};
    pushed += 1;
    const before = await heeded();
    const data = {
      ...{ order_status: STATUSES[pushed % STATUSES.length], trade_order_id: orderNumber },
      ...{ trade_order_line_id: String(pushed), status_update_time: 1_772_420_400 + pushed },
    };
    const body = JSON.stringify({
      seller_id: sellerId,
      message_type: 0,
      data,
      timestamp: Date.now(),
      site: 'lazada_sg',
    });
    const authorization = createHmac('sha256', appSecret).update(appKey).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', authorization };
    const { status } = await fetch(`${system.url('api')}/webhooks/lazada`, { method: 'POST', headers, body });
    if (status !== 200) throw new Error(`the push of ${orderNumber} was answered ${status}`);
    await until(async () => (await heeded()) > before, { what: 'the push is heeded', withinMs: 20_000 });
  };
}

/** It may be heeded behind its answer. */
async function countHeeded(healthUrl: string): Promise<number> {
  const page = await (await fetch(`${healthUrl}/metrics`)).text();
  const counted = page.matchAll(/^sof_push_messages_total\{.*\} (\d+)$/gm);
  return [...counted].reduce((sum, [, times]) => sum + Number(times), 0);
}
