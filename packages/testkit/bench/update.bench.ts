/**
 * Updates of other systems through the shipped order-update (find, lock, judge, plan, write, tell), against BullMQ and one
 * upsert per job, with as many jobs at once on the same PostgreSQL and Redis. All wait when the clock starts.
 */
import { fileURLToPath } from 'node:url';
import { until } from '@lazada-sof/local';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startTestSystem } from '../src/servers/test-system.ts';
import { startBareWorkers } from './bare-workers.ts';
import { bench } from './bench.ts';
import { inTurns, perSecond } from './measure.ts';
import { addAccounts, addShippedOrders, removeOrders } from './orders.ts';
import { openServers } from './servers.ts';

const OPTIONS = {
  usual: { rounds: 5, updates: 10_000, accounts: 10, concurrency: 100 },
  quick: { rounds: 2, updates: 3_000 },
};
const BULK = 1_000;
/** Kept as ours are. */
const OPTS = { removeOnComplete: { count: 1_000 } };
const UPSERT = fileURLToPath(new URL('floors/upsert.main.ts', import.meta.url));
const TABLE = `
  create table public.bare_update (account text, order_number text, status text, occurred_at timestamptz, request_id text,
         primary key (account, order_number))`;
const NAMES = `
  select a.name as account, o.order_number as "orderNumber"
    from public.orders o join account.lazada a on a.id = o.account_id order by o.id`;
const TAKEN = 'select count(*)::int as count from public.order_lazada where update_delivered = 1';

type Name = { readonly account: string; readonly orderNumber: string };

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { rounds, updates, accounts, concurrency } = options;
  const { dir } = closing(await openServers());
  const env = { CONCURRENCY: String(concurrency) };
  const system = closing(await startTestSystem({ queue: 'redis', services: ['order-update'], env }));
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  closing({ close: () => pool.end() });
  const sql = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  await addAccounts(sql, accounts);
  await sql(TABLE);
  const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = system.env;
  const own = { kind: 'redis', url, prefix, close: async () => undefined } as const;
  closing(await startBareWorkers({ main: UPSERT, queue: own, url: system.databaseUrl, concurrency, workers: 1, dir }));
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  closing({ close: () => connection.disconnect() });
  const bare = closing(new Queue('bare', { connection, prefix: `${prefix}got` }));
  const ours = closing(new Queue('order-update', { connection, prefix }));

  const medians = await inTurns({
    title: `${updates.toLocaleString('en')} updates, ${concurrency} at once`,
    unit: 'updates/s',
    rounds,
    ways: {
      'BullMQ + upsert': async () => {
        const names = Array.from({ length: updates }, (_, n) => ({
          account: `shop-${n % accounts}`,
          orderNumber: `7${n}`,
        }));
        const speed = await speedOf(bare, names);
        await sql('truncate public.bare_update');
        return speed;
      },
      'order-update': async () => {
        await addShippedOrders(sql, updates);
        const speed = await speedOf(ours, await sql<Name>(NAMES));
        const [taken] = await sql<{ count: number }>(TAKEN);
        if (taken?.count !== updates) throw new Error(`${taken?.count} of ${updates} updates were taken`);
        await removeOrders(sql);
        return speed;
      },
    },
  });
  row('update', { ours: medians['order-update'], floor: medians['BullMQ + upsert'] });
});

/** Updates per second, from the moment at which all of them wait until none is left. */
async function speedOf(queue: Queue, names: readonly Name[]): Promise<number> {
  await queue.pause();
  const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
  const jobs = names.map((name) => job({ ...name, occurredAt }));
  for (let first = 0; first < jobs.length; first += BULK) await queue.addBulk(jobs.slice(first, first + BULK));
  return perSecond(names.length, async () => {
    await queue.resume();
    await until(() => isEmpty(queue), { what: `${queue.name} is empty`, withinMs: 120_000 });
  });
}

function job(fields: Name & { occurredAt: string }) {
  const data = { v: 1, ...fields, status: 'delivered', requestId: `r-${fields.orderNumber}` };
  return { name: 'update-order', data, opts: OPTS };
}

async function isEmpty(queue: Queue): Promise<boolean> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  return Object.values(counts).every((count) => count === 0);
}
