/**
 * Which indexes of `order_lazada` serve a list. A walk goes back through one of them: in each account, from the newest
 * order with a value of its column. So a page costs as much as it is long, however many orders there are and wherever
 * those that are asked for lie.
 *
 * Whatever else is sought has no index: it is looked for among the orders of the walk, so many at most. A walk that has
 * looked at that many tells where it ended, and the page ends there, however few it has found: the next one goes on.
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
  // Most orders of a host are new and without an invoice; of the others most have ended, with theirs uploaded.
  if (status === 'new' && (!invoice_status || invoice_status === 'none')) return [NEW];
  if (status && status !== 'new' && (!invoice_status || invoice_status === 'uploaded')) return [WALK_OF_STATUS[status]];
  return invoice_status ? walksOfInvoice(invoice_status) : Object.values(WALK_OF_STATUS);
}

export type Page = {
  readonly sought: Sought;
  /** As SQL: only orders below it. */
  readonly before: string;
  /** As SQL. */
  readonly limit: string;
  /** As SQL: the accounts in which is looked. */
  readonly accounts: string;
  /** Takes a value and answers its place in the statement. */
  readonly bound: (value: string) => string;
};

/** Orders that a page looks at beyond what it shows, in all its walks together. */
export const LOOKED_AT = 5_000;

/**
 * As SQL, the newest orders of `account.lazada a`, as `order_id, meets, ends`: from each walk as many as are wanted, and the
 * last one of those that it may look at.
 */
export function walked({ sought, ...page }: Page): string {
  const walks = walksOf(sought);
  return walks.map((walk) => `(${walkBack(walk, { sought, walks: walks.length, ...page })})`).join(' union all ');
}

function walkBack({ index, by }: Walk, { sought, walks, before, bound, ...page }: Page & { walks: number }): string {
  const columns = ['l.account_id', ...(by ? [`l.${by[0]}`] : [])];
  const values = ['a.id::bigint', ...(by ? [`${bound(by[1])}::text`] : [])];
  return stepwise({
    ...page,
    walks,
    key: 'l.order_id',
    others: othersOf(sought, bound, by?.[0]),
    from: `public.order_lazada l
     where ${index}
       and (${columns.join(', ')}) >= (${values.join(', ')})
       and (${columns.join(', ')}, l.order_id) < (${values.join(', ')}, ${before})
     order by ${[...columns, 'l.order_id'].map((column) => `${column} desc`).join(', ')}`,
  });
}

/** As SQL, every account's orders in one walk, the newest first. An order whose account is gone is none. */
export const walkedAll = ({ before, limit }: Pick<Page, 'before' | 'limit'>): string =>
  stepwise({
    limit,
    walks: 1,
    accounts: '(values (1)) one',
    key: 'l.order_id',
    others: ['exists (select from account.lazada a where a.id = l.account_id)'],
    from: `public.order_lazada l where l.order_id < ${before} order by l.order_id desc`,
  });

/**
 * As SQL, the orders of `account.lazada a` whose deadline has passed, the longest ago first, after the place `[shipBy,
 * orderId]`.
 */
export const lateWalk = (
  { sought, bound, ...page }: Omit<Page, 'before'>,
  [shipBy, orderId]: readonly [string, string],
): string =>
  stepwise({
    ...page,
    walks: 1,
    key: 'l.order_id, l.ship_by',
    others: othersOf(sought, bound),
    from: `public.order_lazada l
     where l.ship_by is not null and l.account_id = a.id::bigint
       and l.ship_by <= now() and (l.ship_by, l.order_id) > (${shipBy}::timestamptz, ${orderId}::bigint)
     order by l.ship_by, l.order_id`,
  });

/** What is sought beside the walk's own column. */
const othersOf = (sought: Sought, bound: Page['bound'], by?: keyof Sought): string[] =>
  Object.entries(sought).flatMap(([column, value]) =>
    value === undefined || column === by ? [] : [`l.${column} = ${bound(value)}`],
  );

type Stepwise = Pick<Page, 'limit' | 'accounts'> & {
  readonly walks: number;
  readonly key: string;
  readonly others: readonly string[];
  readonly from: string;
};

/** As many as are wanted, or, where something else is sought among them, as many as may be looked at. */
function stepwise({ key, others, from, walks, limit, accounts }: Stepwise): string {
  if (others.length === 0) return `select ${key}, true as meets, false as ends from ${from} limit ${limit}`;
  const most = `greatest(${limit}, ${Math.ceil(LOOKED_AT / walks)} / greatest((select count(*) from ${accounts}), 1))`;
  // Numbered as they come, in the order of the walk: with an order of its own the window would sort them all.
  return `
    select * from (
      select l.*, row_number() over () = ${most} as ends
        from (select ${key}, coalesce(${others.join(' and ')}, false) as meets from ${from} limit ${most}) l) l
     where l.meets or l.ends limit ${limit}`;
}
