/** A host's table in which almost everything that two filters ask for at once is rare, and what each alone asks for is not. */
import { hostClient, type TestDb } from '../db.fixture.ts';

export const ROWS = 200_000;

/**
 * At the far end one order of each combination, in an account of its own. Behind them two crowded ones, one of them parked,
 * whose orders are of four kinds, half of them with one and the same deadline that has passed; between these, a host's other orders.
 */
export async function fillWithRare(host: TestDb): Promise<void> {
  await host.account({ name: 'rare' });
  await host.account({ name: 'crowded' });
  await host.account({ name: 'parked', status: 'auth_failed' });
  await host.account({ name: 'dropship', delivery_type: 'dropship' });
  const client = await hostClient(host.url);
  try {
    // Without the triggers, which would make each of them due.
    await client.query(`begin; set local session_replication_role = replica; ${ORDERS}; ${OURS}; commit`);
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
}

/** What the planner takes the tables for; nobody counts them anew. */
export async function pretendRows(host: TestDb, rows: number): Promise<void> {
  await host.sql('alter table public.order_lazada set (autovacuum_enabled = false)');
  await host.sql("update pg_class set reltuples = $1 where relname in ('orders', 'order_lazada')", [rows]);
}

const ORDERS = `
  insert into public.orders (account_id, order_number, tool_status, created_at)
  select a.id, '7' || lpad(n::text, 14, '0'), 'pending', now() - interval '2 d'
    from generate_series(1, ${ROWS}) n
    join account.lazada a on a.name = case when n <= 480 then 'rare' when n % 2 = 0 then 'dropship'
                                           when n % 10 = 1 then 'parked' else 'crowded' end
   order by n`;

const STATUSES = ['new', 'packed', 'shipped', 'delivered', 'cancelled'] as const;
const HOLDS = ['conflict', 'not_sof'] as const;
const STEPS = ['invoice_fetch', 'invoice_upload'] as const;
const INVOICES = ['none', 'fetched', 'missing', 'uploaded'] as const;

/** As SQL, the `nth` of these, and null behind the last. */
const pick = (of: readonly string[], nth: string) =>
  `(array[${of.map((value) => `'${value}'`).join(', ')}])[1 + ${nth}]`;
const OF_KIND = (values: readonly (string | null)[]) =>
  `case place % 4 ${values.map((value, kind) => `when ${kind} then ${value === null ? 'null' : `'${value}'`}`).join(' ')} end`;

const OURS = `
  insert into public.order_lazada (order_id, account_id, status, hold_reason, blocked_step, invoice_status, ship_by)
  select id, account_id,
         case name when 'rare' then ${pick(STATUSES, 'place % 5')} when 'dropship' then 'new'
                   else ${OF_KIND(['new', 'delivered', 'cancelled', 'shipped'])} end,
         case name when 'rare' then ${pick(HOLDS, 'place / 5 % 3')} when 'dropship' then null
                   else ${OF_KIND(['conflict', null, 'not_sof', null])} end,
         case name when 'rare' then ${pick(STEPS, 'place / 15 % 3')} when 'dropship' then null
                   else ${OF_KIND([null, 'invoice_upload', null, 'invoice_fetch'])} end,
         case name when 'rare' then ${pick(INVOICES, 'place / 45 % 4')} when 'dropship' then 'none'
                   else ${OF_KIND(['none', 'fetched', 'none', 'missing'])} end,
         case when name = 'dropship' then null
              when name = 'rare' and place >= 180 or name <> 'rare' and place % 2 = 0
              then date_trunc('hour', now()) - interval '1 d' end
    from (select o.id, o.account_id, a.name, row_number() over (partition by a.name order by o.id) - 1 as place
            from public.orders o join account.lazada a on a.id = o.account_id) o
   order by id`;
