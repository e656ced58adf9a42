/** What a delivery costs the machine: the CPU of services and servers, from the host's flag until Lazada was seen to show it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { tokenOf } from '../e2e/crowd.ts';
import { type CrowdedLazada, openCrowdedLazada } from '../e2e/crowded-lazada.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import { addAccounts, addRestingOrders, addShippedOrders, DELIVER } from './orders.ts';
import { cpuMsOf, serverPids } from './processes.ts';
import { outsideAt } from './status-system.ts';

export type Place = {
  /** Delivered at once. */
  readonly orders: number;
  readonly accounts: number;
  /** Orders around them to which nothing is owed. */
  readonly table: number;
};

const SERVICES = ['scheduler', 'status-sync'] as const;
export const PARTS = ['services', 'PostgreSQL', 'Redis'] as const;
/** Microseconds of CPU an order. */
export type Cost = Readonly<Record<(typeof PARTS)[number], number>>;

/** Delivered before anything is measured: a young process is slow. */
const WARM = 2_000;
/** From 1 again: what Lazada shows of an order goes by its id. */
const REMOVE = 'truncate public.orders restart identity cascade';
const UNWRITTEN = 'select from public.order_lazada where update_delivered <> 0 limit 1';
/** Seldom enough that the question costs nothing beside what is measured. */
const ASK_EVERY_MS = 1_000;
const WITHIN_MS = 300_000;
/** A day later every order is looked at once more. */
const WAITS = "select from public.order_lazada where next_attempt_at < now() + interval '1 h' limit 1";

/** On a system of its own. */
export async function costAt(place: Place): Promise<Cost> {
  const lazada = await openCrowdedLazada();
  const env = { ...outsideAt(lazada.url), LAZADA_RPS: '100000' };
  const system = await startTestSystem({ queue: 'redis', services: [...SERVICES], env });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  const sql = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  try {
    return await deliver(place, { lazada, system, sql });
  } finally {
    await pool.end();
    await system.close();
    await lazada.close();
  }
}

type Stage = {
  readonly lazada: CrowdedLazada;
  readonly system: TestSystem;
  readonly sql: <Row extends object>(text: string) => Promise<Row[]>;
};

async function deliver({ orders, accounts, table }: Place, { lazada, system, sql }: Stage): Promise<Cost> {
  const arrived = () => Array.from({ length: accounts }, (_, at) => lazada.count(tokenOf(at + 1))).reduce(added, 0);
  await addAccounts(sql, accounts);
  await addShippedOrders(sql, WARM);
  await sql(DELIVER);
  await untilEnded(async () => arrived() === WARM && (await sql(UNWRITTEN)).length === 0);
  await sql(REMOVE);
  await addShippedOrders(sql, orders);
  const [last] = await sql<{ id: string }>('select max(id) as id from public.orders');
  await addRestingOrders(sql, table);
  const servers = await serverPids(sql);
  const pids = [servers.postgres, servers.redis, ...SERVICES.map((service) => system.worker(service).pid)];
  const before = cpuMsOf(pids);
  await sql(`${DELIVER} where order_id <= ${last?.id}`);
  await untilEnded(async () => arrived() === WARM + orders && (await sql(WAITS)).length === 0);
  const spent = cpuMsOf(pids).map((ms, at) => ((ms - (before[at] ?? Number.NaN)) * 1_000) / orders);
  const [postgres = Number.NaN, redis = Number.NaN, ...services] = spent;
  return { services: services.reduce(added, 0), PostgreSQL: postgres, Redis: redis };
}

async function untilEnded(isEnded: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; !(await isEnded()); await sleep(ASK_EVERY_MS)) {
    if (Date.now() > end) throw new Error(`the orders have not ended within ${WITHIN_MS / 1_000} s`);
  }
}

export function added(sum: number, one: number): number {
  return sum + one;
}
