/**
 * The stage of the end-to-end stories: the system as processes, Lazada as the simulator, and the host system as SQL.
 * What a story sees it sees as an outsider: in the tables, at the simulator, at the target.
 */
import { until } from '@lazada-sof/local';
import pg from 'pg';
import { type Lazada, lazadaAt } from '../src/servers/lazada.ts';
import { openShops, type Shops } from '../src/servers/shops.ts';
import type { QueueKind } from '../src/servers/test-queue.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';

type Row = Record<string, unknown>;

export type Stage = Shops & {
  readonly system: TestSystem;
  sql(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The order's summary, package and flag columns in one row per package. */
  order(orderNumber: string): Promise<Row>;
  readonly lazada: Lazada;
  /** Waits until the order's row answers to all of these. */
  reaches(orderNumber: string, wanted: Row, withinMs?: number): Promise<Row>;
  close(): Promise<void>;
};

/** All that an order needs on its way from "ready to ship" to its end. */
export const ORDER_SERVICES = [
  'simulator',
  'scheduler',
  'status-sync',
  'tracking-fetch',
  'invoice-fetch',
  'invoice-upload',
  'order-update',
] as const;

export type StageOptions = {
  mains?: Parameters<typeof startTestSystem>[0]['mains'];
  queue: QueueKind;
  services: Parameters<typeof startTestSystem>[0]['services'];
  env?: Record<string, string>;
  counts?: Parameters<typeof startTestSystem>[0]['counts'];
  through?: Parameters<typeof startTestSystem>[0]['through'];
};

export async function openStage(options: StageOptions): Promise<Stage> {
  const { queue, services, env = {}, counts = {}, mains = {}, through } = options;
  const system = await startTestSystem({
    queue,
    services,
    counts,
    mains,
    through,
    env: { SWEEP_INTERVAL: '1h', SOFP_RPS: '100', ...env },
  });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 4 });
  const sql = async (text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows as Row[];
  const lazada = lazadaAt(system.url('simulator'));

  const order = async (orderNumber: string) => {
    const [row] = await sql(ORDER, [orderNumber]);
    if (!row) throw new Error(`no order ${orderNumber}`);
    return row;
  };
  return {
    ...openShops({ sql, lazada }),
    system,
    sql,
    order,
    lazada,
    reaches: (orderNumber, wanted, withinMs = 15_000) =>
      until(
        async () => {
          const row = await order(orderNumber);
          return Object.entries(wanted).every(([field, value]) => row[field] === value) && row;
        },
        { what: `order ${orderNumber} reaches ${JSON.stringify(wanted)}`, withinMs },
      ).catch(async (error: Error) => {
        throw new Error(`${error.message}; it is ${JSON.stringify(await order(orderNumber))}`, { cause: error });
      }),
    async close() {
      await pool.end();
      await system.close();
    },
  };
}

const ORDER = `
  select o.order_number, o.update_shipping, o.tracking_number, l.*, p.package_id, p.state, p.carrier as package_carrier,
         p.shipped_at as package_shipped_at, p.shipped_sent_at, p.delivered_at as package_delivered_at,
         p.delivered_sent_at as package_delivered_sent_at, p.confirmed_at is not null as package_confirmed
    from public.orders o
    join public.order_lazada l on l.order_id = o.id
    left join public.order_lazada_package p on p.order_id = o.id
   where o.order_number = $1
   order by p.id limit 1`;
