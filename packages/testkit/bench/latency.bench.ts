/** How long a flag takes on an idle system: from the host's committed UPDATE until the SOF module is asked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@lazada-sof/local';
import pg from 'pg';
import { startTestSystem } from '../src/servers/test-system.ts';
import { bench } from './bench.ts';
import { figure, median, quantile } from './measure.ts';
import { addAccounts, addShippedOrders, DELIVER } from './orders.ts';
import { openServers } from './servers.ts';
import { openSofModule } from './sof-module.ts';

const IDLE_MS = 200;
const WRITTEN = 'select from public.order_lazada where order_id = $1 and delivered_sent_at is not null';

const OPTIONS = { usual: { flags: 100 }, quick: { flags: 25 } };

await bench(OPTIONS, async ({ options, closing, row }) => {
  closing(await openServers());
  const sof = closing(await openSofModule({ delayMs: 0 }));
  const system = closing(
    await startTestSystem({
      queue: 'redis',
      services: ['scheduler', 'status-sync'],
      env: { SOFP_URL: sof.url, LAZADA_REST_URL: sof.url, LAZADA_AUTH_URL: sof.url, SWEEP_INTERVAL: '1h' },
    }),
  );
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  closing({ close: () => pool.end() });
  const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
    (await pool.query<Row>(text, values)).rows;

  /** One flag on its way; then the order goes, so that its confirmation is not asked for while others are measured. */
  async function flag(orderId: string): Promise<number> {
    const arrived = sof.arrived(1);
    await sql(`${DELIVER} where order_id = $1`, [orderId]);
    const committed = performance.now();
    const ms = (await arrived) - committed;
    const isWritten = async () => (await sql(WRITTEN, [orderId])).length > 0;
    await until(isWritten, { what: `order ${orderId} is delivered`, withinMs: 10_000 });
    await sql('delete from public.orders where id = $1', [orderId]);
    await sleep(IDLE_MS);
    return ms;
  }

  await addAccounts(sql, 1);
  await addShippedOrders(sql, options.flags + 1);
  const orders = await sql<{ id: string }>('select id from public.orders order by id');
  const times: number[] = [];
  for (const { id } of orders) times.push(await flag(id));
  const measured = times.slice(1); // the first opens the connections
  console.info(`\nFrom a flag to the SOF module on an idle system: ms, ${measured.length} flags one after the other`);
  console.info(`  fastest ${figure(Math.min(...measured))}, slowest ${figure(Math.max(...measured))}`);
  row('P15', { ours: median(measured) });
  row('P15-95', { ours: quantile(measured, 0.95) });
});
