/**
 * The way of a status through the shipped scheduler and status-sync (claim, plan, queue, limiter, intent, post, outcome)
 * against BullMQ and one POST per job, with as many jobs at once and the same server on the other side.
 */
import { until } from '@lazada-sof/local';
import pg from 'pg';
import { openTestQueue } from '../src/servers/test-queue.ts';
import { startTestSystem } from '../src/servers/test-system.ts';
import { type BareWorkers, startBareWorkers } from './bare-workers.ts';
import { type BenchContext, bench } from './bench.ts';
import { inTurns } from './measure.ts';
import { addAccounts, addShippedOrders, DELIVER, removeOrders } from './orders.ts';
import { openServers } from './servers.ts';
import { openSofModule, type SofModule, STATUS_PATH } from './sof-module.ts';
import { committed } from './transactions.ts';

/** Few enough that a round is over before its first orders are to be confirmed, 15 s after they were sent. */
const DEFAULTS = { rounds: 5, orders: 3_000, accounts: 10, workers: 1 };
const DELIVERED = "select from public.order_lazada where status = 'delivered' and update_delivered = 0";

const SCENES = [
  { id: 'P1', title: 'A SOF module that answers at once', delayMs: 0, concurrency: 100, atLeast: 0.7 },
  { id: 'P2', title: 'A SOF module 100 ms away', delayMs: 100, concurrency: 256, atLeast: 0.8 },
] as const;

await bench(DEFAULTS, async (context) => {
  const servers = await openServers();
  context.closing(servers);
  for (const scene of SCENES) await play(context, scene, servers.dir);
});

async function play({ options, goal }: BenchContext<typeof DEFAULTS>, scene: (typeof SCENES)[number], dir: string) {
  const { rounds, orders, workers } = options;
  const { id, title, delayMs, concurrency, atLeast } = scene;
  const sof = await openSofModule({ delayMs });
  const queue = await openTestQueue('redis');
  const bare = await startBareWorkers({ queue, url: `${sof.url}${STATUS_PATH}`, concurrency, workers, dir });
  const ours = await startOurs(sof, { ...options, concurrency });
  try {
    const before = await committed(ours.databaseUrl);
    const medians = await inTurns({
      title: `${title}, ${concurrency} at once in ${workers} worker(s), ${orders.toLocaleString('en')} orders`,
      unit: 'orders/s',
      rounds,
      ways: { 'BullMQ + POST': () => bareRound(bare, sof, orders), 'lazada-sof': () => ours.round(orders) },
    });
    const transactions = (await committed(ours.databaseUrl)) - before;
    goal({
      what: `${id} lazada-sof / BullMQ + POST`,
      value: medians['lazada-sof'] / medians['BullMQ + POST'],
      atLeast,
    });
    goal({ what: 'P3 transactions per order', value: transactions / (orders * (rounds + 1)), atMost: 0.15 });
  } finally {
    for (const one of [ours, bare, queue, sof]) await one.close();
  }
}

async function bareRound(bare: BareWorkers, sof: SofModule, orders: number): Promise<number> {
  const arrived = sof.arrived(orders);
  const started = performance.now();
  await bare.add(orders);
  return (orders / ((await arrived) - started)) * 1_000;
}

type Ours = { readonly accounts: number; readonly workers: number; readonly concurrency: number };

async function startOurs(sof: SofModule, { accounts, workers, concurrency }: Ours) {
  const system = await startTestSystem({
    queue: 'redis',
    services: ['scheduler', 'status-sync'],
    counts: { 'status-sync': workers },
    env: {
      SOFP_URL: sof.url,
      LAZADA_REST_URL: sof.url,
      LAZADA_AUTH_URL: sof.url,
      // The limiter is asked, and lets everybody pass.
      SOFP_RPS: '100000',
      CONCURRENCY: String(concurrency),
    },
  });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 2 });
  const sql = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  await addAccounts(sql, accounts);
  return {
    databaseUrl: system.databaseUrl,
    async round(orders: number): Promise<number> {
      await addShippedOrders(sql, orders);
      const arrived = sof.arrived(orders);
      await sql(DELIVER);
      const started = performance.now();
      const ended = await arrived;
      await untilWritten(sql, orders);
      await removeOrders(sql);
      return (orders / (ended - started)) * 1_000;
    },
    async close() {
      await pool.end();
      await system.close();
    },
  };
}

/** Every order has its outcome in its row. */
async function untilWritten(sql: (text: string) => Promise<object[]>, orders: number): Promise<void> {
  const isWritten = async () => (await sql(DELIVERED)).length === orders;
  await until(isWritten, { what: `${orders} orders are delivered`, withinMs: 30_000 });
}
