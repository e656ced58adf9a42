/** The shipped scheduler and status-sync, and a host that reports many parcels delivered at once. */
import { type SystemOptions, until } from '@lazada-sof/local';
import pg from 'pg';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import type { BareWorkers } from './bare-workers.ts';
import { addAccounts, addShippedOrders, DELIVER, removeOrders } from './orders.ts';
import type { SofModule } from './sof-module.ts';

export type StatusSystem = {
  readonly system: TestSystem;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** So many parcels are delivered: statuses per second at SOF. Their orders are gone afterwards. */
  round(orders: number): Promise<number>;
  close(): Promise<void>;
};

export type StatusSystemOptions = {
  readonly accounts: number;
  readonly workers: number;
  readonly concurrency: number;
  readonly mains?: SystemOptions['mains'];
};

const DELIVERED = `
  select count(*)::int as count from public.order_lazada where status = 'delivered' and update_delivered = 0`;

export async function openStatusSystem(sof: SofModule, options: StatusSystemOptions): Promise<StatusSystem> {
  const { accounts, workers, concurrency, mains = {} } = options;
  const system = await startTestSystem({
    queue: 'redis',
    services: ['scheduler', 'status-sync'],
    counts: { 'status-sync': workers },
    mains,
    env: { ...outsideAt(sof.url), CONCURRENCY: String(concurrency) },
  });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 2 });
  const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
    (await pool.query<Row>(text, values)).rows;
  await addAccounts(sql, accounts);

  async function untilWritten(orders: number): Promise<void> {
    const isWritten = async () => (await sql<{ count: number }>(DELIVERED))[0]?.count === orders;
    await until(isWritten, { what: `${orders} orders are delivered`, withinMs: 30_000 });
  }

  return {
    system,
    sql,
    async round(orders) {
      await addShippedOrders(sql, orders);
      const speed = await speedOf(sof, orders, () => sql(DELIVER));
      await untilWritten(orders);
      await removeOrders(sql);
      return speed;
    },
    async close() {
      await pool.end();
      await system.close();
    },
  };
}

/** One server in the place of all that Lazada is; the limiter is asked, and lets everybody pass. */
export const outsideAt = (url: string) => ({
  SOFP_URL: url,
  LAZADA_REST_URL: url,
  LAZADA_AUTH_URL: url,
  SOFP_RPS: '100000',
});

export const bareRound = (bare: BareWorkers, sof: SofModule, orders: number): Promise<number> =>
  speedOf(sof, orders, () => bare.add(orders));

/** Statuses per second, from the first that is asked for until the last has arrived. */
async function speedOf(sof: SofModule, orders: number, ask: () => Promise<unknown>): Promise<number> {
  const arrived = sof.arrived(orders);
  const started = performance.now();
  await ask();
  return (orders / ((await arrived) - started)) * 1_000;
}
