/** Calls are what Lazada counts and what is scarce: how many more than the fewest an account's orders take. */
import { until } from '@lazada-sof/local';
import { openStage } from '../e2e/stage.ts';
import { bench } from './bench.ts';
import { openServers } from './servers.ts';

const OPTIONS = { usual: { orders: 1_000 }, quick: { orders: 500 } };
/** What one call may name at most. */
const MOST = { orders: 50, packages: 20 };
/** Each order's items are read before it is packed, and once more to see that it is ready to ship. */
const READS = 2;
const WITHIN_MS = 300_000;
const CONFIRMED = 'select count(*) from public.order_lazada_package where confirmed_at is not null';

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { orders } = options;
  closing(await openServers());
  const stage = closing(
    await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch'],
      env: { SOFP_RPS: '500' },
    }),
  );
  await stage.addAccount('demo-sg');
  await stage.lazada.post('/control/behaviour', { visibleAfterSeconds: 0 });
  await stage.addOrders({ account: 'demo-sg', count: orders });
  const isConfirmed = async () => {
    const [confirmed] = await stage.sql(CONFIRMED);
    return Number(confirmed?.count) === orders;
  };
  await until(isConfirmed, { what: `${orders} orders are shipped and confirmed`, withinMs: WITHIN_MS });
  const { calls, batches } = await stage.lazada.counts();
  const reads = (batches['/orders/items/get']?.calls ?? 0) + (calls['/order/items/get'] ?? 0);
  const packing = (calls['/order/fulfill/pack'] ?? 0) + (calls['/order/package/rts'] ?? 0);
  console.info(`\nCalls for ${orders.toLocaleString('en')} orders of one account:`, calls);
  row('P4', { ours: reads, floor: (READS * orders) / MOST.orders });
  row('P4-packing', { ours: packing, floor: (2 * orders) / MOST.packages });
});
