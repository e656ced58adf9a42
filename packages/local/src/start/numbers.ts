/** How the orders stand, read from the tables alone. */
import type pg from 'pg';

export type Funnel = {
  orders: number;
  readyToShip: number;
  trackingKnown: number;
  shipped: number;
  delivered: number;
  confirmed: number;
  invoicesFetched: number;
  invoicesUploaded: number;
  /** Of days that are over, with Lazada's file. */
  manifests: number;
  firstShippedAt: Date | null;
};

export type TroubledOrder = {
  account: string;
  orderNumber: string;
  orderId: string;
  /** A hold, a blocked step, or a step that is looked at again. */
  kind: 'held' | 'blocked' | 'waits';
  /** The hold's reason, or the step's name. */
  what: string;
  detail: string | null;
  dueAt: Date | null;
};
export type TroubledAccount = { account: string; status: string; reason: string | null };

export type WrittenIndex = { account: string; day: string; path: string };

export type Numbers = {
  funnel: Funnel;
  accounts: TroubledAccount[];
  orders: TroubledOrder[];
  /** An order that is shipped and of which nobody has said that it arrived. */
  shippedOrder: { orderId: string; account: string; orderNumber: string } | null;
  /** Of the days' indexes for finance, the one that was written last. */
  newestIndex: WrittenIndex | null;
};

export async function readNumbers(pool: pg.Pool): Promise<Numbers> {
  const [funnel, accounts, orders, shipped, index] = await Promise.all([
    pool.query<Funnel>(FUNNEL),
    pool.query<TroubledAccount>(ACCOUNTS),
    pool.query<TroubledOrder>(ORDERS),
    pool.query<NonNullable<Numbers['shippedOrder']>>(SHIPPED),
    pool.query<WrittenIndex>(INDEX),
  ]);
  const [first] = funnel.rows;
  if (!first) throw new Error('the tables gave no numbers');
  return {
    funnel: first,
    accounts: accounts.rows,
    orders: orders.rows,
    shippedOrder: shipped.rows[0] ?? null,
    newestIndex: index.rows[0] ?? null,
  };
}

const FUNNEL = `
  select count(*)::int as orders,
         count(*) filter (where p.ready)::int as "readyToShip",
         count(*) filter (where p.tracking)::int as "trackingKnown",
         count(*) filter (where p.shipped)::int as shipped,
         count(*) filter (where p.delivered)::int as delivered,
         count(*) filter (where o.confirmed_at is not null)::int as confirmed,
         count(*) filter (where o.invoice_status in ('fetched', 'uploaded'))::int as "invoicesFetched",
         count(*) filter (where o.invoice_status = 'uploaded')::int as "invoicesUploaded",
         (select count(*)::int from marketplace_manifests where status = 'stored') as manifests,
         min(p.first_shipped) as "firstShippedAt"
    from order_lazada o
    left join lateral (
      select bool_and(ready_to_ship_at is not null) as ready, bool_and(tracking_number is not null) as tracking,
             bool_and(shipped_sent_at is not null) as shipped, bool_and(delivered_sent_at is not null) as delivered,
             min(shipped_sent_at) as first_shipped
        from order_lazada_package where order_id = o.order_id) p on true`;

const ACCOUNTS = `
  select name as account, status, status_reason as reason from account.lazada where status <> 'active' order by name`;

/** One line an order: what is blocked, else held, else looked at again (a confirmation later is no trouble). */
const ORDERS = `
  select distinct on (t.order_id) a.name as account, h.order_number as "orderNumber", t.order_id::text as "orderId",
         t.kind, t.what, t.detail, t.due_at as "dueAt"
    from (
      select 1 as rank, order_id, 'blocked' as kind, step as what, error as detail, null::timestamptz as due_at
        from order_lazada_step where blocked
      union all
      select 2, order_id, 'held', hold_reason, null, null from order_lazada where hold_reason is not null
      union all
      select 3, order_id, 'waits', step, error, due_at
        from order_lazada_step where not blocked and step not in ('confirm', 'look') and due_at > now()
    ) t
    join public.orders h on h.id = t.order_id
    join account.lazada a on a.id = h.account_id
   order by t.order_id, t.rank`;

const INDEX = `
  select a.name as account, f.day::text as day, f.path
    from order_lazada_index f join account.lazada a on a.id = f.account_id order by f.written_at desc limit 1`;

const SHIPPED = `
  select l.order_id::text as "orderId", a.name as account, o.order_number as "orderNumber"
    from order_lazada l join public.orders o on o.id = l.order_id join account.lazada a on a.id = o.account_id
   where l.status = 'shipped' and l.update_delivered = 0 and l.update_not_delivered = 0 order by l.order_id limit 1`;
