/** Reads orders with everything that the rules need: one statement per table and one round trip, however many orders. */
import type { Account, Attempt, DocumentFacts, Item, Order, Package, StepRow, Summary } from '@lazada-sof/orders';
import { ACCOUNT_SELECT, type AccountColumns, accountOf } from '../accounts/account-row.ts';
import type { Queryable } from '../sql/pool.ts';
import { CARRIERS_ASKED } from './carriers.ts';
import { INSTRUCTION_SELECT, type InstructionColumns, instructionsOf } from './instruction-columns.ts';
import { type Of, READ_PARTS } from './order-tables.ts';

export type OrdersRead = {
  readonly orders: ReadonlyMap<string, Order>;
  /** The database's time, taken once the rows were held. */
  readonly now: Date;
};

/** `skip`: orders that somebody else holds are left out; `wait`: waited for, as long as the transaction's limit says. */
export type Locking = 'skip' | 'wait';

/** One round trip, as whoever asks wants to see them: nobody holds them. */
export const readOrders = (client: Queryable, orderIds: readonly string[]): Promise<OrdersRead> =>
  readAll(client, ASKED, [orderIds]);

/**
 * One round trip in a transaction: holds the orders, then reads them, so that whatever was written before us is seen. Which
 * ones we got the server remembers, since we know it only with the answers.
 */
export async function holdOrders(client: Queryable, orderIds: readonly string[], how: Locking): Promise<OrdersRead> {
  const [, read] = await Promise.all([client.query(HOLD[how], [orderIds]), readAll(client, HELD, [])]);
  return read;
}

/** The host's order before ours, ids ascending: whoever locks both, locks in this order. */
const hold = (skipping: string) => `
  with held as materialized (
         select o.id from public.orders o join public.order_lazada l on l.order_id = o.id
          where o.id = any ($1::bigint[])
          order by o.id
            for no key update of o, l ${skipping})
  select set_config('lazada_sof.held', coalesce(array_agg(id)::text, '{}'), true) from held`;
const HOLD: Record<Locking, string> = { skip: hold('skip locked'), wait: hold('') };

async function readAll(client: Queryable, reads: Reads, values: unknown[]): Promise<OrdersRead> {
  const rowsOf = async <Row extends object>(text: string) => (await client.query<Row>(text, values)).rows;
  const [rows, packages, steps, attempts, documents, now] = await Promise.all([
    rowsOf<OrderRow>(reads.orders),
    rowsOf<Of<Package>>(reads.packages),
    rowsOf<Of<StepRow>>(reads.steps),
    rowsOf<Of<Attempt>>(reads.attempts),
    rowsOf<Of<DocumentFacts>>(reads.documents),
    databaseTime(client),
  ]);
  const parts = {
    packages: byOrder<Package>(packages),
    steps: byOrder<StepRow>(steps),
    attempts: byOrder<Attempt>(attempts),
    documents: byOrder<DocumentFacts>(documents),
  };
  const accountOfRow = accountReader();
  const orders = rows.map((row): [string, Order] => [
    row.orderId,
    orderOf(row, accountOfRow(row), {
      packages: parts.packages(row.orderId),
      steps: parts.steps(row.orderId),
      attempts: parts.attempts(row.orderId),
      documents: parts.documents(row.orderId),
    }),
  ]);
  return { orders: new Map(orders), now };
}

/** After everything before it in the packet: what was waited for is over then. */
async function databaseTime(client: Queryable): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const [row] = rows;
  if (!row) throw new Error('the database did not tell its time');
  return row.now;
}

function byOrder<Part extends object>(rows: readonly Of<Part>[]): (orderId: string) => Part[] {
  const parts = new Map<string, Part[]>();
  for (const { orderId, ...part } of rows) {
    const list = parts.get(orderId);
    // What is left of the row is the part: its fields are what the statement names.
    if (list) list.push(part as unknown as Part);
    else parts.set(orderId, [part as unknown as Part]);
  }
  return (orderId) => parts.get(orderId) ?? [];
}

/** Rows of one read have their account in common, or a few of them: each is understood once. */
function accountReader(): (row: OrderRow) => Account {
  const accounts = new Map<string, Account>();
  return (row) => {
    const account = accounts.get(row.accountId) ?? accountOf(row);
    accounts.set(row.accountId, account);
    return account;
  };
}

type OrderRow = AccountColumns &
  InstructionColumns &
  Summary & {
    orderId: string;
    orderNumber: string;
    toolStatus: string | null;
    updateShipping: boolean;
    trackingNumber: string | null;
    createdAt: Date | null;
    shippedAt: Date | null;
    carrier: string | null;
    carrierTrackingNumber: string | null;
    carriersAsked: string[];
    items: StoredItem[] | null;
    itemsReadAt: Date | null;
    shipBy: Date | null;
    nextAttemptAt: Date | null;
  };

/** The host's columns are cast: its tables may have ids and times of other types than ours. */
const ordersOf = (whose: string) => `
  select o.id::text as "orderId", o.order_number::text as "orderNumber", o.tool_status::text as "toolStatus",
         o.update_shipping is not distinct from 1 as "updateShipping", o.tracking_number::text as "trackingNumber",
         o.created_at::timestamptz as "createdAt",
         ${INSTRUCTION_SELECT},
         l.shipped_at as "shippedAt", l.carrier, l.carrier_tracking_number as "carrierTrackingNumber",
         l.items, l.items_read_at as "itemsReadAt", l.ship_by as "shipBy", l.status, l.hold_reason as "holdReason",
         l.blocked_step as "blockedStep", l.last_error_code as "lastErrorCode", l.last_error as "lastError",
         l.confirmed_at as "confirmedAt", l.invoice_status as "invoiceStatus", l.next_attempt_at as "nextAttemptAt",
         ${CARRIERS_ASKED} as "carriersAsked", ${ACCOUNT_SELECT}
    from public.orders o
    join public.order_lazada l on l.order_id = o.id
    join account.lazada a on a.id = o.account_id
   where o.id = any (${whose})
   order by o.id`;

type Parts = Pick<Order, 'packages' | 'steps' | 'attempts' | 'documents'>;
type Reads = Readonly<Record<'orders' | keyof Parts, string>>;

const reads = (whose: string, lockAttempts = ''): Reads => ({
  orders: ordersOf(whose),
  packages: READ_PARTS.packages(whose),
  steps: READ_PARTS.steps(whose),
  attempts: `${READ_PARTS.attempts(whose)} ${lockAttempts}`,
  documents: READ_PARTS.documents(whose),
});
const ASKED = reads('$1::bigint[]');
/** An acceptance may be noted meanwhile, without the order's rows: it waits for this transaction, or is read by it. */
const HELD = reads("current_setting('lazada_sof.held')::bigint[]", 'for no key update');

function orderOf(row: OrderRow, account: Account, parts: Parts): Order {
  const { orderId, orderNumber, createdAt, toolStatus, updateShipping, trackingNumber } = row;
  const { shippedAt, carrier, carrierTrackingNumber, carriersAsked, items, itemsReadAt, shipBy, nextAttemptAt } = row;
  return {
    orderId,
    orderNumber,
    account,
    createdAt,
    toolStatus,
    updateShipping,
    trackingNumber,
    ...instructionsOf(row),
    shippedAt,
    carrier,
    carrierTrackingNumber,
    carriersAsked,
    items: items?.map(itemOf) ?? null,
    itemsReadAt,
    shipBy,
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
