/**
 * The stage of the end-to-end stories: the system as processes, Lazada as the simulator, and the host system as SQL.
 * What a story sees it sees as an outsider: in the tables, at the simulator, at the target.
 */
import { until } from '@lazada-sof/local';
import got from 'got';
import pg from 'pg';
import type { QueueKind } from '../src/servers/test-queue.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';

export type Counts = {
  readonly calls: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly accepted: Readonly<Record<string, number>>;
  readonly duplicates: number;
  readonly endedWithoutShipped: number;
  readonly batches: Readonly<Record<string, { calls: number; elements: number; largest: number }>>;
  readonly peak: { readonly byApi: Readonly<Record<string, number>> };
};
export type LazadaOrder = {
  readonly orderNumber: string;
  readonly items: readonly { orderItemId: string; visibleStatus: string }[];
  readonly packages: readonly {
    packageId: string;
    trackingNumber: string;
    accepted: readonly { status: string; timestamp: string; at: string }[];
  }[];
};
export type LazadaAccount = { readonly name: string; readonly sellerId: string; readonly accountId: string };

type Row = Record<string, unknown>;
export type OrderRequest = {
  readonly account: string;
  readonly items?: unknown;
  readonly script?: unknown;
  readonly count?: number;
};

export type Stage = {
  readonly system: TestSystem;
  /** An account at Lazada and in the host's table, its secrets written plain, as a host does. */
  addAccount(name: string, columns?: Row, atLazada?: Row): Promise<LazadaAccount>;
  /** Orders at Lazada and in the host's table, marked ready to ship unless told otherwise. Their numbers. */
  addOrders(request: OrderRequest, columns?: Row): Promise<string[]>;
  sql(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The order's summary, package and flag columns in one row per package. */
  order(orderNumber: string): Promise<Row>;
  lazada: {
    get<Answer>(path: string): Promise<Answer>;
    post(path: string, body?: unknown): Promise<unknown>;
    remove(path: string): Promise<unknown>;
    order(orderNumber: string): Promise<LazadaOrder>;
    /** The statuses that SOF accepted for an order, package by package. */
    statuses(orderNumber: string): Promise<string[][]>;
    counts(): Promise<Counts>;
  };
  /** Waits until the order's row answers to all of these. */
  reaches(orderNumber: string, wanted: Row, withinMs?: number): Promise<Row>;
  /** Moves all waits of an order to now, as time would. */
  timePasses(orderNumber: string): Promise<void>;
  close(): Promise<void>;
};

export type StageOptions = {
  mains?: Parameters<typeof startTestSystem>[0]['mains'];
  queue: QueueKind;
  services: Parameters<typeof startTestSystem>[0]['services'];
  env?: Record<string, string>;
  counts?: Parameters<typeof startTestSystem>[0]['counts'];
};

export async function openStage({ queue, services, env = {}, counts = {}, mains = {} }: StageOptions): Promise<Stage> {
  const system = await startTestSystem({
    queue,
    services,
    counts,
    mains,
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
    system,
    sql,
    order,
    lazada,
    async addAccount(name, columns = {}, atLazada = {}) {
      const made = (await lazada.post('/control/accounts', { name, country: 'SG', ...atLazada })) as Record<
        string,
        string
      >;
      const [row] = await insert(sql, 'account.lazada', {
        name,
        country: 'SG',
        app_key: made.appKey,
        app_secret: made.appSecret,
        access_token: made.accessToken,
        refresh_token: made.refreshToken,
        access_token_expires_at: made.accessTokenExpiresAt,
        refresh_token_expires_at: made.refreshTokenExpiresAt,
        delivery_type: 'sof',
        sof_username: made.sofUsername,
        sof_password: made.sofPassword,
        ...columns,
      });
      return { name, sellerId: String(made.sellerId), accountId: String(row?.id) };
    },
    async addOrders(request, columns = { update_shipping: 1, tool_status: 'ready_for_delivery' }) {
      const { orders } = (await lazada.post('/control/orders', request)) as { orders: LazadaOrder[] };
      const [account] = await sql('select id from account.lazada where name = $1', [request.account]);
      const fields = Object.entries({ created_at: new Date(Date.now() - 86_400_000), ...columns });
      const names = fields.map(([field]) => field).join(', ');
      const values = fields.map((_, index) => `$${index + 3}`).join(', ');
      const text = `insert into public.orders (account_id, order_number, ${names}) select $1, number, ${values} from unnest($2::text[]) number`;
      await sql(text, [account?.id, orders.map(({ orderNumber }) => orderNumber), ...fields.map(([, value]) => value)]);
      return orders.map(({ orderNumber }) => orderNumber);
    },
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
    async timePasses(orderNumber) {
      await sql(TIME_PASSES, [orderNumber]);
      await sql(
        'update public.order_lazada set next_attempt_at = now() where order_id = (select id from public.orders where order_number = $1)',
        [orderNumber],
      );
      await sql("select pg_notify('sof_due', '')");
    },
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

const TIME_PASSES = `
  update public.order_lazada_step set due_at = now()
   where due_at is not null and order_id = (select id from public.orders where order_number = $1)`;

function insert(sql: Stage['sql'], table: string, row: Row): Promise<Row[]> {
  const fields = Object.keys(row);
  const values = fields.map((_, index) => `$${index + 1}`).join(', ');
  return sql(`insert into ${table} (${fields.join(', ')}) values (${values}) returning id`, Object.values(row));
}

function lazadaAt(url: string): Stage['lazada'] {
  const http = got.extend({ prefixUrl: url, retry: { limit: 0 }, timeout: { request: 20_000 } });
  const at = (path: string) => path.replace(/^\//, '');
  const order = (orderNumber: string) => http.get(`control/orders/${orderNumber}`).json<LazadaOrder>();
  return {
    get: (path) => http.get(at(path)).json(),
    post: (path, body) => http.post(at(path), body === undefined ? {} : { json: body }).json(),
    remove: (path) => http.delete(at(path)).json(),
    order,
    statuses: async (orderNumber) =>
      (await order(orderNumber)).packages.map(({ accepted }) => accepted.map(({ status }) => status)),
    counts: () => http.get('control/counts').json(),
  };
}
