/**
 * How the cost of an order grows: with the orders at hand, with accounts, and with the table around them. The cost is the
 * machine's CPU for a parcel's delivery, from the host's flag until Lazada was seen to show it: it moves less than time
 * does with whatever else the machine is at.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { tokenOf } from '../e2e/crowd.ts';
import { type CrowdedLazada, openCrowdedLazada } from '../e2e/crowded-lazada.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import { type BenchContext, bench } from './bench.ts';
import { median } from './measure.ts';
import { addAccounts, addRestingOrders, addShippedOrders, DELIVER } from './orders.ts';
import { cpuMsOf, serverPids } from './processes.ts';
import { openServers } from './servers.ts';
import { outsideAt } from './status-system.ts';

/** How often, and the largest of each kind that is measured. */
const OPTIONS = {
  usual: { rounds: 3, orders: 30_000, accounts: 100, table: 1_000_000 },
  quick: { rounds: 1, orders: 3_000, accounts: 0, table: 0 },
};
type Options = typeof OPTIONS.usual;
type Point = Omit<Options, 'rounds'>;
type Axis = keyof Point;

const AXES: Readonly<Record<Axis, { readonly points: readonly number[]; readonly words: (point: string) => string }>> =
  {
    orders: { points: [1_000, 3_000, 10_000, 30_000], words: (point) => `with ${point} orders at hand` },
    accounts: { points: [1, 10, 100], words: (point) => `of ${point} accounts` },
    table: { points: [0, 100_000, 300_000, 1_000_000], words: (point) => `beside ${point} orders that rest` },
  };
/** The point that all axes share. */
const USUAL: Point = { orders: 3_000, accounts: 10, table: 0 };
const SERVICES = ['scheduler', 'status-sync'] as const;
const PARTS = ['services', 'PostgreSQL', 'Redis'] as const;
type Cost = Readonly<Record<(typeof PARTS)[number], number>>;

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

await bench(OPTIONS, async (context) => {
  context.closing(await openServers());
  const known = new Map<string, Cost>();
  for (const axis of Object.keys(AXES) as Axis[]) await walk(context, axis, known);
});

/** A cost is compared with that of the axis' first point. */
async function walk({ options, point }: BenchContext<Options>, axis: Axis, known: Map<string, Cost>): Promise<void> {
  const { points, words } = AXES[axis];
  let first: Cost | undefined;
  for (const at of points.filter((one) => one <= options[axis])) {
    const place = { ...USUAL, [axis]: at };
    const name = JSON.stringify(place);
    const cost = known.get(name) ?? (await medianAt(place, options.rounds));
    known.set(name, cost);
    first ??= cost;
    const measure = `CPU of an order ${words(at.toLocaleString('en'))}, µs`;
    point(`growth/${axis}/${at}`, { measure }, { ours: whole(cost), floor: whole(first) });
    for (const part of PARTS) {
      point(
        `growth/${axis}/${at}/${part}`,
        { measure: `${measure}: ${part}` },
        { ours: cost[part], floor: first[part] },
      );
    }
  }
}

function whole(cost: Cost): number {
  return PARTS.map((part) => cost[part]).reduce(added, 0);
}

async function medianAt(place: Point, rounds: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) costs.push(await costAt(place));
  const of = (part: keyof Cost) => median(costs.map((cost) => cost[part]));
  return { services: of('services'), PostgreSQL: of('PostgreSQL'), Redis: of('Redis') };
}

async function costAt(place: Point): Promise<Cost> {
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

async function deliver({ orders, accounts, table }: Point, { lazada, system, sql }: Stage): Promise<Cost> {
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

function added(sum: number, one: number): number {
  return sum + one;
}
