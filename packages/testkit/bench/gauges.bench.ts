/** What Prometheus and people ask of a host's table with millions of orders: the gauges, and a page of each list. */
import { openDb } from '@lazada-sof/db';
import { openTestDatabase, type TestDatabase } from '../src/servers/test-database.ts';
import { bench } from './bench.ts';
import { inTurns, msOf } from './measure.ts';
import { addAccounts } from './orders.ts';
import { openServers } from './servers.ts';

/** One order in `sof` is for the fleet, one of those in `open` has not ended. */
const OPTIONS = {
  usual: { rounds: 9, rows: 5_000_000, accounts: 20, sof: 25, open: 4 },
  quick: { rounds: 5, rows: 500_000 },
};
const GAUGES = 'the gauges together';
const LISTS = {
  'all orders': {},
  'of an account': { account: 'shop-1' },
  'of an account of dropship': { account: 'dropship' },
  'status shipped': { status: 'shipped' },
  'status new': { status: 'new' },
  'status new of an account': { account: 'shop-1', status: 'new' },
  'status cancelled, of which there is none': { status: 'cancelled' },
  'hold conflict': { hold: 'conflict' },
  'hold account_blocked': { hold: 'account_blocked' },
  'blocked invoice_fetch': { blocked: 'invoice_fetch' },
  'invoice missing': { invoiceStatus: 'missing' },
  'invoice uploaded of an account': { account: 'shop-1', invoiceStatus: 'uploaded' },
  'status delivered with invoice missing, of which there is none': { status: 'delivered', invoiceStatus: 'missing' },
  'status new with invoice uploaded, of which there is none': { status: 'new', invoiceStatus: 'uploaded' },
} as const;
/** Read page by page, far into it. */
const DEEP = { 'all orders': {}, 'status new': { status: 'new' } } as const;
const deepOf = (name: string) => `${name}, nine tenths in`;

await bench(OPTIONS, async ({ options, closing, row }) => {
  closing(await openServers());
  const database = closing(await openTestDatabase());
  const db = closing(openDb({ url: database.url, source: 'api' }));
  const filled = await msOf(() => fill(database, options));
  console.info(`${options.rows.toLocaleString('en')} orders, filled in ${Math.round(filled / 1_000)} s`);
  const { tokenEndsInSeconds: _, ...counts } = await db.gauges();
  console.info(counts);
  const pages = Object.entries(LISTS).map(
    ([name, filter]) => [name, () => msOf(() => db.orders.list({ ...filter, limit: 50 }))] as const,
  );
  const deep = Object.entries(DEEP).map(([name, filter]) => {
    const cursor = String(Math.floor(options.rows / 10));
    return [deepOf(name), () => msOf(() => db.orders.list({ ...filter, cursor, limit: 50 }))] as const;
  });
  const medians: Readonly<Record<string, number>> = await inTurns({
    title: 'One read',
    unit: 'ms',
    rounds: options.rounds,
    ways: { [GAUGES]: () => msOf(() => db.gauges()), ...Object.fromEntries([...pages, ...deep]) },
  });
  const { [GAUGES]: gauges = Number.NaN, ...lists } = medians;
  row('gauges', { ours: gauges });
  row('lists', { ours: Math.max(...Object.values(lists)) });
  const sum = (of: readonly string[]) => of.reduce((all, name) => all + (lists[name] ?? Number.NaN), 0);
  row('lists-deep', { floor: sum(Object.keys(DEEP)), ours: sum(Object.keys(DEEP).map(deepOf)) });
});

type Filling = Omit<typeof OPTIONS.usual, 'rounds'>;

/**
 * As they lie in a host's table: those for the fleet among those for which nothing was asked. Half of these are dropship,
 * half are the fleet's own accounts', as with a shop that has not moved everything yet.
 */
async function fill({ sql }: TestDatabase, { rows, accounts, sof, open }: Filling): Promise<void> {
  await addAccounts(sql, accounts);
  await sql("insert into account.lazada (name, country, delivery_type) values ('dropship', 'SG', 'dropship')");
  // Without the triggers, which would make each of them due.
  await sql(`
    begin;
    set local session_replication_role = replica;
    insert into public.orders (id, account_id, order_number, tool_status, created_at)
    select n, case when n % ${sof} = 0 then ids[1 + (n / ${sof}) % ${accounts}]
                   when n % 2 = 0 then ids[${accounts} + 1]
                   else ids[1 + (n / 2) % ${accounts}] end,
           '7' || lpad(n::text, 14, '0'), 'pending', now() - interval '2 d'
      from generate_series(1, ${rows}) n, (select array_agg(id order by id) as ids from account.lazada) a
     order by n;
    insert into public.order_lazada (order_id, account_id) select id, account_id from public.orders where id % ${sof} <> 0
     order by id;
    insert into public.order_lazada (order_id, account_id, asked_at, items, items_read_at, status, hold_reason, blocked_step,
           invoice_status)
    select id, account_id, now(), jsonb_build_array(jsonb_build_object('orderItemId', id::text, 'status', 'shipped',
             'packageId', 'FP' || id, 'sof', true, 'digital', false, 'cancelPending', false)), now(),
           case when not is_open then 'delivered'
                else (array['new', 'packed', 'ready_to_ship', 'shipped'])[1 + place % 4] end,
           case when is_open and place % 50 = 7 then 'conflict' end,
           case when is_open and place % 50 = 2 then 'invoice_fetch' end,
           case when not is_open then 'uploaded' when place % 50 = 2 then 'missing' when place % 4 < 2 then 'none'
                else 'waiting' end
      from (select id, account_id, id / ${sof} % ${open} = 0 as is_open, id / ${sof * open} as place
              from public.orders where id % ${sof} = 0) o
     order by id;
    insert into public.order_lazada_step (order_id, step, blocked)
    select order_id, blocked_step, true from public.order_lazada where blocked_step is not null order by order_id;
    commit`);
  await sql('vacuum (analyze)');
}
