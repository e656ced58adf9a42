/**
 * Which indexes of `order_lazada` serve a list. A walk goes back through one of them: in each account, from the newest
 * order with a value of its column. So a page costs as much as it is long, however many orders there are and wherever
 * those that are asked for lie.
 *
 * The trap: with `account_id = … and status = … order by order_id desc` the planner may take the primary key instead, and go
 * back through everybody's orders until it has met enough. So a walk's bounds and its order are whole rows of its index,
 * which no other index can serve.
 */
import type { HoldReason, InvoiceStatus, OrderStatus, StepName } from '@lazada-sof/orders';

/** By column. */
export type Sought = {
  readonly status?: OrderStatus | undefined;
  readonly hold_reason?: HoldReason | undefined;
  readonly blocked_step?: StepName | undefined;
  readonly invoice_status?: InvoiceStatus | undefined;
};
type Walk = {
  /** The condition of the partial index, word for word. */
  readonly index: string;
  /** What it holds between account and order. */
  readonly by?: readonly [column: keyof Sought, value: string];
};

const NEW: Walk = { index: "l.status = 'new'" };
const open = (status: OrderStatus): Walk => ({
  index: "l.status not in ('new', 'delivered', 'not_delivered', 'cancelled')",
  by: ['status', status],
});
const ended = (status: OrderStatus): Walk => ({
  index: "l.status in ('delivered', 'not_delivered', 'cancelled')",
  by: ['status', status],
});
const WALK_OF_STATUS: Readonly<Record<OrderStatus, Walk>> = {
  new: NEW,
  packed: open('packed'),
  ready_to_ship: open('ready_to_ship'),
  shipped: open('shipped'),
  partially_delivered: open('partially_delivered'),
  delivered: ended('delivered'),
  not_delivered: ended('not_delivered'),
  cancelled: ended('cancelled'),
};

/** Few: an order has an invoice once it is ready to ship. */
const WITHOUT_INVOICE: Walk = { index: "l.invoice_status = 'none' and l.status <> 'new'" };
const walksOfInvoice = (status: InvoiceStatus): readonly Walk[] => {
  if (status === 'none') return [NEW, WITHOUT_INVOICE];
  if (status === 'uploaded') return [{ index: "l.invoice_status = 'uploaded'" }];
  return [{ index: "l.invoice_status not in ('none', 'uploaded')", by: ['invoice_status', status] }];
};

/** By what fewest orders have. */
function walksOf({ status, hold_reason, blocked_step, invoice_status }: Sought): readonly Walk[] {
  if (blocked_step) return [{ index: 'l.blocked_step is not null', by: ['blocked_step', blocked_step] }];
  if (hold_reason) return [{ index: 'l.hold_reason is not null', by: ['hold_reason', hold_reason] }];
  if (status && status !== 'new' && invoice_status === 'none') return [WITHOUT_INVOICE];
  // Most orders have ended, with their invoice uploaded: then the status tells fewer.
  if (status && (!invoice_status || invoice_status === 'none' || invoice_status === 'uploaded'))
    return [WALK_OF_STATUS[status]];
  return invoice_status ? walksOfInvoice(invoice_status) : Object.values(WALK_OF_STATUS);
}

export type Page = {
  readonly sought: Sought;
  /** As SQL: only orders below it. */
  readonly before: string;
  /** As SQL. */
  readonly limit: string;
  /** Takes a value and answers its place in the statement. */
  readonly bound: (value: string) => string;
};

/** As SQL, the ids of the newest orders of `account.lazada a`: from each walk as many as are wanted. */
export const walked = ({ sought, ...page }: Page): string =>
  walksOf(sought)
    .map((walk) => `(${walkBack(walk, { sought, ...page })})`)
    .join(' union all ');

function walkBack({ index, by }: Walk, { sought, before, limit, bound }: Page): string {
  const columns = ['l.account_id', ...(by ? [`l.${by[0]}`] : [])];
  const values = ['a.id::bigint', ...(by ? [`${bound(by[1])}::text`] : [])];
  const others = Object.entries(sought).flatMap(([column, value]) =>
    value === undefined || column === by?.[0] ? [] : [`and l.${column} = ${bound(value)}`],
  );
  return `
    select l.order_id from public.order_lazada l
     where ${index}
       and (${columns.join(', ')}) >= (${values.join(', ')})
       and (${columns.join(', ')}, l.order_id) < (${values.join(', ')}, ${before})
       ${others.join(' ')}
     order by ${[...columns, 'l.order_id'].map((column) => `${column} desc`).join(', ')} limit ${limit}`;
}

/**
 * As SQL, the orders of `account.lazada a` whose deadline has passed, the longest ago first, after the place `[shipBy,
 * orderId]`. Few are late, so what else is sought is looked for among them.
 */
export function lateWalk({ sought, limit, bound }: Omit<Page, 'before'>, [shipBy, orderId]: readonly [string, string]) {
  const others = Object.entries(sought).flatMap(([column, value]) =>
    value === undefined ? [] : [`and l.${column} = ${bound(value)}`],
  );
  return `
    select l.order_id, l.ship_by from public.order_lazada l
     where l.ship_by is not null and l.account_id = a.id::bigint
       and l.ship_by <= now() and (l.ship_by, l.order_id) > (${shipBy}::timestamptz, ${orderId}::bigint)
       ${others.join(' ')}
     order by l.ship_by, l.order_id limit ${limit}`;
}
