/** Many orders at once, written as the host and our workers would have left them. */
import type { TestDatabase } from '../src/servers/test-database.ts';

type Sql = TestDatabase['sql'];

/** Signed in for a day, so that nobody asks anybody for a token. */
export async function addAccounts(sql: Sql, count: number): Promise<void> {
  await sql(`
    insert into account.lazada (name, country, delivery_type, app_key, app_secret, access_token, refresh_token,
           access_token_expires_at, refresh_token_expires_at, sof_username, sof_password, sof_token, sof_token_expires_at)
    select 'shop-' || n, 'SG', 'sof', '1000' || n, 'secret', 'access', 'refresh',
           now() + interval '20 d', now() + interval '100 d', 'user-' || n, 'password', 'token-' || n, now() + interval '1 d'
      from generate_series(1, ${count}) n`);
}

/**
 * Orders that were shipped yesterday, with their invoice uploaded: nothing is owed on them until somebody sets a flag.
 * `accountOf`: the place of the account of the `n`-th among all, as SQL; without it they are dealt out to all in turn.
 */
export async function addShippedOrders(
  sql: Sql,
  count: number,
  { accountOf = '1 + n % cardinality(ids)' }: { accountOf?: string } = {},
): Promise<void> {
  // In one transaction, and without the triggers, which would make each of them due.
  await sql(`begin; set local session_replication_role = replica; ${ORDERS(count, accountOf)}; ${PARTS}; commit`);
  await sql('vacuum (analyze)');
}

const ORDERS = (count: number, accountOf: string) => `
  insert into public.orders (account_id, order_number, tool_status, tracking_number, created_at)
  select ids[${accountOf}], '7' || lpad(n::text, 14, '0'), 'shipped', 'T' || n, now() - interval '2 d'
    from generate_series(1, ${count}) n, (select array_agg(id order by id) as ids from account.lazada) a`;

const PARTS = `
  insert into public.order_lazada (order_id, account_id, status, items, items_read_at, invoice_status)
  select id, account_id, 'shipped', jsonb_build_array(jsonb_build_object('orderItemId', id::text, 'status', 'shipped',
         'packageId', 'FP' || id, 'sof', true, 'digital', false, 'cancelPending', false)), now(), 'uploaded'
    from public.orders;
  insert into public.order_lazada_package (order_id, package_id, tracking_number, state, ready_to_ship_at, shipped_at,
         shipped_sent_at, confirmed_at)
  select id, 'FP' || id, tracking_number, 'shipped', now() - interval '1 d', now() - interval '1 d', now() - interval '1 d',
         now() - interval '1 d'
    from public.orders;
  insert into public.order_lazada_document (order_id, doc_type, order_item_ids, source, source_sha256, pdf, pdf_sha256, path,
         uploaded_at)
  select id, 'invoice', jsonb_build_array(id::text), 'x', 'x', 'x', 'x', id || '.pdf', now() from public.orders`;

/** Orders behind those that are there, delivered long ago: nothing will be owed on them any more. */
export async function addRestingOrders(sql: Sql, count: number): Promise<void> {
  if (count === 0) return;
  await sql(`begin; set local session_replication_role = replica; ${RESTING(count)}; commit`);
  await sql('vacuum (analyze)');
}

const RESTING = (count: number) => `
  create temporary table resting on commit drop as
  select (select coalesce(max(id), 0) from public.orders) + n as id, ids[1 + n % cardinality(ids)] as account_id
    from generate_series(1, ${count}) n, (select array_agg(id order by id) as ids from account.lazada) a;
  insert into public.orders (id, account_id, order_number, tool_status, tracking_number, created_at)
  select id, account_id, '8' || lpad(id::text, 14, '0'), 'delivered', 'R' || id, now() - interval '20 d' from resting;
  insert into public.order_lazada (order_id, account_id, status, items, items_read_at, invoice_status)
  select id, account_id, 'delivered', jsonb_build_array(jsonb_build_object('orderItemId', id::text, 'status', 'delivered',
         'packageId', 'FP' || id, 'sof', true, 'digital', false, 'cancelPending', false)), now(), 'uploaded'
    from resting;
  insert into public.order_lazada_package (order_id, package_id, tracking_number, state, ready_to_ship_at, shipped_at,
         shipped_sent_at, delivered_at, delivered_sent_at, confirmed_at)
  select id, 'FP' || id, 'R' || id, 'delivered', at, at, at, at, at, at
    from resting, (select now() - interval '19 d' as at) t`;

/** What the host says when a parcel has arrived. */
export const DELIVER = 'update public.order_lazada set update_delivered = 1, delivered_at = now()';

export const removeOrders = (sql: Sql) => sql('truncate public.orders cascade');
