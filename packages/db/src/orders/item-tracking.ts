/** Tracking numbers of single items, where the host has a row for the item. */
import type { Queryable } from '../sql/pool.ts';
import type { Draft } from './order-write.ts';

/** Only rows that would change, of orders of which nobody has one locked: the host is never waited for. */
const WRITE = `
  with wanted as materialized (
         select i.id, i.order_id, d.tracking_number
           from public.order_items i
           join unnest($1::bigint[], $2::text[], $3::text[]) as d (order_id, order_item_id, tracking_number)
             on i.order_id = d.order_id and i.order_item_id = d.order_item_id
          where i.tracking_number is distinct from d.tracking_number),
       free as (
         select id from public.order_items where id in (select id from wanted) for no key update skip locked),
       locked as (select order_id from wanted where id not in (select id from free)),
       written as (
         update public.order_items t set tracking_number = w.tracking_number
           from wanted w where t.id = w.id and w.order_id not in (select order_id from locked))
  select distinct order_id::text as id from locked`;

/** Answers the orders of which somebody has an item's row locked: nothing of them may be written now. */
export async function writeItemTracking(client: Queryable, drafts: readonly Draft[]): Promise<ReadonlySet<string>> {
  const numbers = drafts.flatMap(({ before: { orderId }, change }) =>
    (change?.itemTracking ?? []).map((item) => ({ ...item, orderId })),
  );
  if (numbers.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>(WRITE, [
    numbers.map(({ orderId }) => orderId),
    numbers.map(({ orderItemId }) => orderItemId),
    numbers.map(({ trackingNumber }) => trackingNumber),
  ]);
  return new Set(rows.map(({ id }) => id));
}
