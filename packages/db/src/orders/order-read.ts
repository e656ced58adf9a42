/** Reads orders with everything that the rules need: one statement per table, however many orders. */
import type { Attempt, DocumentFacts, Item, Order, Package, StepRow, Summary } from '@lazada-sof/orders';
import { ACCOUNT_SELECT, type AccountColumns, accountOf } from '../accounts/account-row.ts';
import type { Client, Queryable } from '../sql/pool.ts';
import { type Of, READ } from './order-tables.ts';

export type OrdersRead = {
  readonly orders: ReadonlyMap<string, Order>;
  /** The database's time, taken once the rows were held. */
  readonly now: Date;
};

/** `skip`: orders that somebody else holds are left out; `wait`: waited for, as long as the transaction's limit says. */
export type Locking = 'none' | 'skip' | 'wait';

/** The host's order before ours, ids ascending: whoever locks both, locks in this order. */
const LOCKS: Record<Locking, string> = {
  none: '',
  skip: 'for no key update of o, l skip locked',
  wait: 'for no key update of o, l',
};

export async function readOrders(client: Client, orderIds: readonly string[], locking: Locking): Promise<OrdersRead> {
  const rows = await readRows(client, orderIds, locking);
  const held = rows.map(({ orderId }) => orderId);
  const packages = await readParts<Package>(client, READ.packages, held);
  const steps = await readParts<StepRow>(client, READ.steps, held);
  // An acceptance may be noted meanwhile, without the order's rows: it waits for this transaction, or is read by it.
  const attempts = await readParts<Attempt>(client, READ.attempts, held, locking === 'none' ? '' : 'for no key update');
  const documents = await readParts<DocumentFacts>(client, READ.documents, held);
  const orders = rows.map((row): [string, Order] => [
    row.orderId,
    orderOf(row, {
      packages: packages.get(row.orderId) ?? [],
      steps: steps.get(row.orderId) ?? [],
      attempts: attempts.get(row.orderId) ?? [],
      documents: documents.get(row.orderId) ?? [],
    }),
  ]);
  return { orders: new Map(orders), now: await databaseTime(client) };
}

async function databaseTime(client: Queryable): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const [row] = rows;
  if (!row) throw new Error('the database did not tell its time');
  return row.now;
}

type OrderRow = AccountColumns &
  Summary & {
    orderId: string;
    orderNumber: string;
    toolStatus: string | null;
    updateShipping: boolean;
    trackingNumber: string | null;
    createdAt: Date | null;
    deliveredFlag: boolean;
    deliveredAt: Date | null;
    deliveredSentAt: Date | null;
    notDeliveredFlag: boolean;
    notDeliveredAt: Date | null;
    notDeliveredSentAt: Date | null;
    notDeliveredReason: string | null;
    notDeliveredReleasedAt: Date | null;
    shippedAt: Date | null;
    carrier: string | null;
    carrierTrackingNumber: string | null;
    items: StoredItem[] | null;
    itemsReadAt: Date | null;
    nextAttemptAt: Date | null;
  };

/** The host's columns are cast: its tables may have ids and times of other types than ours. */
const ORDER_SELECT = `
  select o.id::text as "orderId", o.order_number::text as "orderNumber", o.tool_status::text as "toolStatus",
         o.update_shipping is not distinct from 1 as "updateShipping", o.tracking_number::text as "trackingNumber",
         o.created_at::timestamptz as "createdAt",
         l.update_delivered is not distinct from 1 as "deliveredFlag", l.delivered_at as "deliveredAt",
         l.delivered_sent_at as "deliveredSentAt", l.update_not_delivered is not distinct from 1 as "notDeliveredFlag",
         l.not_delivered_at as "notDeliveredAt", l.not_delivered_sent_at as "notDeliveredSentAt",
         l.not_delivered_reason as "notDeliveredReason", l.not_delivered_released_at as "notDeliveredReleasedAt",
         l.shipped_at as "shippedAt", l.carrier, l.carrier_tracking_number as "carrierTrackingNumber",
         l.items, l.items_read_at as "itemsReadAt", l.status, l.hold_reason as "holdReason",
         l.blocked_step as "blockedStep", l.last_error_code as "lastErrorCode", l.last_error as "lastError",
         l.confirmed_at as "confirmedAt", l.invoice_status as "invoiceStatus", l.next_attempt_at as "nextAttemptAt",
         ${ACCOUNT_SELECT}
    from public.orders o
    join public.order_lazada l on l.order_id = o.id
    join account.lazada a on a.id = o.account_id
   where o.id = any ($1::bigint[])
   order by o.id`;

async function readRows(client: Queryable, orderIds: readonly string[], locking: Locking): Promise<OrderRow[]> {
  return (await client.query<OrderRow>(`${ORDER_SELECT} ${LOCKS[locking]}`, [orderIds])).rows;
}

type Parts = Pick<Order, 'packages' | 'steps' | 'attempts' | 'documents'>;

async function readParts<Part extends object>(
  client: Queryable,
  { table, select, order }: { table: string; select: string; order: string },
  orderIds: readonly string[],
  lock = '',
): Promise<Map<string, Part[]>> {
  const parts = new Map<string, Part[]>();
  if (orderIds.length === 0) return parts;
  const { rows } = await client.query<Of<Part>>(
    `select ${select} from ${table} p where p.order_id = any ($1::bigint[]) order by ${order} ${lock}`,
    [orderIds],
  );
  for (const { orderId, ...part } of rows) {
    const list = parts.get(orderId) ?? [];
    // What is left of the row is the part: its fields are what `select` names.
    list.push(part as unknown as Part);
    parts.set(orderId, list);
  }
  return parts;
}

function orderOf(row: OrderRow, parts: Parts): Order {
  const { orderId, orderNumber, createdAt, toolStatus, updateShipping, trackingNumber } = row;
  const { shippedAt, carrier, carrierTrackingNumber, items, itemsReadAt, nextAttemptAt } = row;
  return {
    orderId,
    orderNumber,
    account: accountOf(row),
    createdAt,
    toolStatus,
    updateShipping,
    trackingNumber,
    delivered: { flag: row.deliveredFlag, at: row.deliveredAt, sentAt: row.deliveredSentAt },
    notDelivered: {
      flag: row.notDeliveredFlag,
      at: row.notDeliveredAt,
      sentAt: row.notDeliveredSentAt,
      reason: row.notDeliveredReason,
      releasedAt: row.notDeliveredReleasedAt,
    },
    shippedAt,
    carrier,
    carrierTrackingNumber,
    items: items?.map(itemOf) ?? null,
    itemsReadAt,
    ...parts,
    summary: summaryOf(row),
    nextAttemptAt,
  };
}

/** As it stands in `order_lazada.items`. */
type StoredItem = Omit<Item, 'beforePackedSince'> & { readonly beforePackedSince?: string };

const itemOf = ({ beforePackedSince: since, ...item }: StoredItem): Item =>
  since === undefined ? item : { ...item, beforePackedSince: new Date(since) };

function summaryOf(row: OrderRow): Summary {
  const { status, holdReason, blockedStep, lastErrorCode, lastError, confirmedAt, invoiceStatus } = row;
  return { status, holdReason, blockedStep, lastErrorCode, lastError, confirmedAt, invoiceStatus };
}
