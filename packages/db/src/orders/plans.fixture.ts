/** What PostgreSQL does for our reads of a table with many orders, told by EXPLAIN. */
import pg from 'pg';
import { hostClient, type TestDb } from '../db.fixture.ts';

export const ROWS = 50_000;

/**
 * Orders as they lie in a host's table. Whatever a list can be asked for stands at the far end alone, in the account that
 * has been there longest; then a shop that ended all of its orders, one of dropship beside it, and one that is parked.
 */
export async function fillTable(host: TestDb): Promise<void> {
  await host.account({ name: 'oldest' });
  await host.account({ name: 'ended' });
  await host.account({ name: 'dropship', delivery_type: 'dropship' });
  await host.account({ name: 'mixed' });
  await host.account({ name: 'parked', status: 'auth_failed' });
  const client = await hostClient(host.url);
  try {
    // Without the triggers, which would make each of them due.
    await client.query(
      `begin; set local session_replication_role = replica; ${ORDERS}; ${OURS}; ${PARTS}; ${DAYS}; commit`,
    );
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
}

const ORDERS = `
  insert into public.orders (account_id, order_number, tool_status, created_at)
  select a.id, '7' || lpad(n::text, 14, '0'), 'pending', now() - interval '2 d'
    from generate_series(1, ${ROWS}) n
    join account.lazada a on a.name = case when n <= 200 then 'oldest' when n <= 10000 then 'ended'
                                           when n % 5 = 0 then 'mixed' when n % 500 = 1 then 'parked' else 'dropship' end
   order by n`;

/** `n` of the first 200 has the status, hold, blocked step and invoice whose place is `n` modulo their number. */
const one = (of: readonly string[]) =>
  `(array[${of.map((value) => `'${value}'`).join(', ')}])[1 + o.id % ${of.length}]`;
const STATUSES = ['packed', 'ready_to_ship', 'shipped', 'partially_delivered', 'not_delivered', 'cancelled', 'new'];
const HOLDS = ['conflict', 'too_early', 'awaiting_release'];
const STEPS = ['shipped', 'tracking', 'invoice_fetch', 'confirm'];
const INVOICES = ['none', 'waiting', 'fetched', 'missing', 'uploaded'];

const OURS = `
  insert into public.order_lazada (order_id, account_id, items, items_read_at, status, hold_reason, blocked_step,
         invoice_status, carrier_tracking_number, ship_by)
  select o.id, o.account_id,
         case when a.name in ('oldest', 'ended') then jsonb_build_array(jsonb_build_object('orderItemId', o.id::text, 'status',
              'shipped', 'packageId', 'FP' || o.id, 'sof', true, 'digital', false, 'cancelPending', false)) end,
         case when a.name in ('oldest', 'ended') then now() end,
         case a.name when 'oldest' then ${one(STATUSES)} when 'ended' then 'delivered' else 'new' end,
         case when a.name = 'oldest' and o.id % 2 = 0 then ${one(HOLDS)} end,
         case when a.name = 'oldest' and o.id % 3 = 0 then ${one(STEPS)} end,
         case a.name when 'oldest' then ${one(INVOICES)} when 'ended' then 'uploaded' else 'none' end,
         case when a.name = 'oldest' then 'C' || o.id end,
         case a.name when 'oldest' then date_trunc('day', now()) - o.id % 3 * interval '1 d'
                     when 'mixed' then now() + interval '5 h' end
    from public.orders o join account.lazada a on a.id = o.account_id order by o.id`;

const PARTS = `
  insert into public.order_lazada_package (order_id, package_id, tracking_number, carrier_tracking_number, state)
  select order_id, 'FP' || order_id, 'T' || order_id, 'C' || order_id, 'shipped' from public.order_lazada order by order_id;
  insert into public.order_lazada_step (order_id, step, blocked)
  select order_id, coalesce(blocked_step, 'look'), blocked_step is not null
    from public.order_lazada where status <> 'new' order by order_id`;

/** Four years of indexes that are through, each with its file. */
const DAYS = `
  insert into public.lazada_daily_job (account_id, job, day, done_at)
  select a.id, 'index', current_date - n, now() from account.lazada a, generate_series(1, 1500) n;
  insert into public.order_lazada_index (account_id, day, revision, path, sha256)
  select account_id, day, 1, 'INDEX_' || day || '.csv', '' from public.lazada_daily_job`;

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
};

export type Plan = {
  /** Whole tables that it reads. */
  readonly wholeTables: readonly string[];
  readonly indexes: readonly string[];
  /** Rows of tables with orders that were looked at, those that were thrown away included. */
  readonly rows: number;
  readonly pages: number;
};

/** A pool that tells the plan of each statement beside running it. */
export function openExplainingPool(url: string): { pool: pg.Pool; plans: Plan[] } {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  // Dropping the database at the end may be quicker than the good-bye.
  pool.on('error', () => undefined);
  const plans: Plan[] = [];
  const run = pool.query.bind(pool) as (text: string, values?: unknown[]) => Promise<pg.QueryResult>;
  const query = async (text: string, values?: unknown[]) => {
    const explained = await run(`explain (analyze, buffers, format json) ${text}`, values);
    plans.push(read(explained.rows[0]['QUERY PLAN'][0].Plan));
    return run(text, values);
  };
  return { pool: Object.assign(pool, { query }), plans };
}

const OF_ORDERS = /^orders$|^order_lazada/;

function read(root: PlanNode): Plan {
  const scans = nodesOf(root).filter((node) => OF_ORDERS.test(node['Relation Name'] ?? ''));
  return {
    wholeTables: scans.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'] ?? ''),
    indexes: [...new Set(nodesOf(root).flatMap((node) => node['Index Name'] ?? []))].sort(),
    rows: scans.reduce((sum, node) => sum + rowsOf(node), 0),
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
  };
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** EXPLAIN tells the average of its loops, rounded. */
const rowsOf = (node: PlanNode): number =>
  node['Actual Loops'] *
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0));
