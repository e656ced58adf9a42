/** As much of thousands of orders as an update is judged by, in two statements. */
import type { Order, PackageView, UpdateView } from '@lazada-sof/orders';
import { INSTRUCTION_SELECT, type InstructionColumns, instructionsOf } from '../orders/instruction-columns.ts';
import type { Queryable } from '../sql/pool.ts';

/** `hold`: those that somebody else holds are left out, the others are ours until the transaction ends. */
export async function readViews(
  client: Queryable,
  orderIds: readonly string[],
  { hold }: { readonly hold: boolean },
): Promise<ReadonlyMap<string, UpdateView>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await client.query<OrderRow>(hold ? HOLD : ORDERS, [orderIds]);
  // Asked once they are held: whatever was written before us is seen.
  const parcels = await client.query<ParcelRow>(PARCELS, [rows.map(({ orderId }) => orderId)]);
  const byOrder = Map.groupBy(parcels.rows, ({ orderId }) => orderId);
  return new Map(rows.map((row) => [row.orderId, viewOf(row, byOrder.get(row.orderId) ?? [])]));
}

type OrderRow = Pick<
  Order,
  'orderId' | 'toolStatus' | 'updateShipping' | 'shippedAt' | 'carrier' | 'carrierTrackingNumber'
> &
  InstructionColumns;

type OpenAttempt = UpdateView['attempts'][number];
type ParcelRow = PackageView & {
  readonly orderId: string;
  /** As jsonb writes them; null: none is open. */
  readonly attempts:
    | readonly (Omit<OpenAttempt, 'packageRowId' | 'occurredAt'> & { readonly occurredAt: string })[]
    | null;
};

/** The host's order before ours, ids ascending: whoever locks both, locks in this order. */
const ORDERS = `
  select o.id::text as "orderId", o.tool_status::text as "toolStatus", o.update_shipping is not distinct from 1 as "updateShipping",
         ${INSTRUCTION_SELECT},
         l.shipped_at as "shippedAt", l.carrier, l.carrier_tracking_number as "carrierTrackingNumber"
    from public.orders o
    join public.order_lazada l on l.order_id = o.id
   where o.id = any ($1::bigint[])
   order by o.id`;
const HOLD = `${ORDERS} for no key update of o, l skip locked`;

const PARCELS = `
  select p.order_id::text as "orderId", p.id::text as id, p.package_id as "packageId", p.tracking_number as "trackingNumber",
         p.state, p.carrier, p.carrier_tracking_number as "carrierTrackingNumber", p.shipped_at as "shippedAt",
         p.shipped_sent_at as "shippedSentAt", p.delivered_at as "deliveredAt", p.delivered_sent_at as "deliveredSentAt",
         p.not_delivered_at as "notDeliveredAt", p.not_delivered_sent_at as "notDeliveredSentAt",
         (select jsonb_agg(jsonb_build_object('status', t.status, 'outcome', t.outcome, 'occurredAt', t.occurred_at) order by t.id)
            from public.order_lazada_attempt t
           where t.package_id = p.id and t.outcome in ('sending', 'unknown')) as attempts
    from public.order_lazada_package p
   where p.order_id = any ($1::bigint[])
   order by p.id`;

function viewOf(row: OrderRow, parcels: readonly ParcelRow[]): UpdateView {
  const { toolStatus, updateShipping, shippedAt, carrier, carrierTrackingNumber } = row;
  return {
    ...{ toolStatus, updateShipping, shippedAt, carrier, carrierTrackingNumber },
    ...instructionsOf(row),
    packages: parcels,
    attempts: parcels.flatMap(({ id, attempts }) =>
      (attempts ?? []).map((one) => ({ ...one, packageRowId: id, occurredAt: new Date(one.occurredAt) })),
    ),
  };
}
