/**
 * What the tests beside the workers' handlers share: a database, Lazada as the simulator, an account at both, and the real
 * run of a job around a handler. There is no queue: a test runs a job itself, and the jobs that it wakes are kept.
 */
import { randomBytes } from 'node:crypto';
import {
  type LazadaCalls,
  marketplaceLazada,
  openLazadaCalls,
  openSofCalls,
  type SofCalls,
} from '@lazada-sof/connectors';
import { type Db, openDb, parseKeys } from '@lazada-sof/db';
import { Failure, type Order, recordItems } from '@lazada-sof/orders';
import { type JobResult, type OrderJob, orderJob, type Perform, type QueueName } from '@lazada-sof/queue';
import pg from 'pg';
import { type RecordedLimiter, recordedLimiter } from '../outside/recorded-limiter.ts';
import { type Lazada, lazadaAt } from './lazada.ts';
import { type OrderRequest, openShops, type Shops, type Sql } from './shops.ts';
import { openTestDatabase } from './test-database.ts';
import { startTestSimulator } from './test-simulator.ts';

/** The account that is there from the beginning. */
export const SHOP = 'demo-sg';

/** How a job ended, in the words of the log. */
export type Ended =
  | { readonly outcome: 'done' | 'superseded' }
  | { readonly outcome: 'retried' | 'snoozed' | 'failed'; readonly reason: string; readonly code: string };

type OneOrder = Partial<Omit<OrderRequest, 'count'>>;
type RunOptions = Partial<Omit<Parameters<OrderJob>[0], 'orderId'>>;

export type WorkerStage = Shops & {
  readonly db: Db;
  /** What the host, or a person in psql, does. */
  readonly sql: Sql;
  readonly lazada: Lazada;
  /** Where the simulator is, as `INVOICE_LINK_HOSTS` names it. */
  readonly simulatorHost: string;
  readonly limiter: RecordedLimiter;
  /** The names of the jobs that were handed to other workers. */
  readonly woken: string[];
  /** The database as another process of ours has it. */
  anotherDb(): Db;
  /** The clients that a worker's process on this database opens, for its connectors; closed with the stage. */
  outside(db?: Db): { lazada: LazadaCalls; sof: SofCalls };
  /** One order that the host wants ready to ship; its number. */
  addOrder(request?: OneOrder): Promise<string>;
  /** One order that is ready to ship at Lazada, known to our rows as a read of its items leaves them; its number. */
  addReadyOrder(request?: OneOrder): Promise<string>;
  /** The order with all its rows, as they are now. */
  order(orderNumber: string): Promise<Order>;
  /** The job of the stage's queue around this handler. */
  job(perform: Perform, db?: Pick<Db, 'orders' | 'accounts'>): OrderJob;
  /** Holds what `select from … for update` finds, as a host's long transaction does. Answers how to let it go. */
  holdRows(from: string): Promise<() => Promise<void>>;
  run(job: OrderJob, orderNumber: string, options?: RunOptions): Promise<Ended>;
  /** No faults and limits any more, nothing counted, nothing kept; accounts and orders stay. */
  calm(): Promise<void>;
  close(): Promise<void>;
};

export async function openWorkerStage(queue: QueueName): Promise<WorkerStage> {
  const [database, simulator] = await Promise.all([openTestDatabase(), startTestSimulator()]);
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  // Dropping the database at the end may be quicker than the good-bye.
  pool.on('error', () => undefined);
  const sql: Sql = async (text, values = []) => (await pool.query(text, values)).rows;
  const lazada = lazadaAt(simulator.url);
  const settings = settingsFor(simulator.url);
  const shops = openShops({ sql, lazada });
  const limiter = recordedLimiter();
  const woken: string[] = [];
  const keys = parseKeys(`test:${randomBytes(32).toString('base64')}`);
  const opened: Db[] = [];
  const clients: { close(): void }[] = [];
  const anotherDb = () => {
    const db = openDb({ url: database.as('services'), keys, source: queue });
    opened.push(db);
    return db;
  };
  const db = anotherDb();
  const outside = ({ tokens } = db) => {
    const lazada = openLazadaCalls({ tokens, limiter, settings: settings.lazada });
    const sof = openSofCalls({ tokens, limiter, settings: settings.sofp });
    clients.push(lazada, sof);
    return { lazada, sof };
  };
  const marketplace = marketplaceLazada(outside().lazada);
  await shops.addAccount(SHOP);

  const load = async (orderNumber: string) => {
    const [row] = await sql('select id from public.orders where order_number = $1', [orderNumber]);
    const loaded = row && (await db.orders.load(String(row.id)));
    if (!loaded) throw new Error(`no order ${orderNumber}`);
    return loaded;
  };
  const addOne = async (request: OneOrder, columns?: Record<string, unknown>) =>
    (await shops.addOrders({ account: SHOP, items: 1, ...request }, columns))[0] ?? '';

  return {
    ...shops,
    db,
    sql,
    lazada,
    simulatorHost: new URL(simulator.url).host,
    limiter,
    woken,
    anotherDb,
    outside,
    addOrder: (request = {}) => addOne(request),
    async addReadyOrder(request = {}) {
      const orderNumber = await addOne({ status: 'ready_to_ship', ...request }, {});
      const { order, now } = await load(orderNumber);
      const items = await marketplace.readItems(order.account, orderNumber);
      await db.orders.change(order.orderId, (fresh, at) => recordItems(fresh, items, now, at));
      return orderNumber;
    },
    order: async (orderNumber) => (await load(orderNumber)).order,
    job: (perform, { orders, accounts } = db) =>
      orderJob({
        queue,
        orders,
        accounts,
        producer: { add: async (requests) => void woken.push(...requests.map(({ name }) => name)) },
        perform,
        random: () => 0.5,
      }),
    async run(job, orderNumber, options = {}) {
      const { orderId } = (await load(orderNumber)).order;
      return ended(job({ orderId, force: false, signal: new AbortController().signal, ...options }));
    },
    async holdRows(from) {
      const host = new pg.Client({ connectionString: database.url });
      host.on('error', () => undefined);
      await host.connect();
      await host.query(`begin; select from ${from} for update`);
      return () => host.end();
    },
    async calm() {
      await lazada.post('/control/reset', { only: 'counts' });
      await lazada.post('/control/behaviour', { limits: [] });
      limiter.calm();
      woken.length = 0;
    },
    async close() {
      for (const client of clients) client.close();
      await Promise.all([pool.end(), ...opened.map((one) => one.close())]);
      await Promise.all([database.close(), simulator.close()]);
    },
  };
}

const settingsFor = (url: string) => ({
  lazada: { restUrl: `${url}/rest`, authUrl: `${url}/rest` },
  sofp: {
    url,
    authPath: '/api/auth',
    statusPath: '/api/statuses/',
    usernameField: 'username',
    passwordField: 'password',
  },
});

/** Waits for the job's end. @throws what is no ending of a job */
export async function ended(running: Promise<JobResult>): Promise<Ended> {
  const result = await running;
  if (typeof result === 'string') return { outcome: result };
  if (result.outcome === 'done') return { outcome: 'done' };
  const { outcome, reason, cause } = result;
  return { outcome, reason, code: cause instanceof Failure ? cause.code : '' };
}
