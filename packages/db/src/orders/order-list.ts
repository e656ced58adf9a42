/** Orders as people look for them. */
import type { HoldReason, InvoiceStatus, OrderStatus, StepName } from '@lazada-sof/orders';
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';
import { lateWalk, walked, walkedAll } from './order-walks.ts';

export type OrderLine = {
  readonly orderId: string;
  readonly account: string;
  readonly orderNumber: string;
  readonly toolStatus: string | null;
  readonly updateShipping: number | null;
  readonly status: OrderStatus;
  /** `account_blocked` comes first while the account is parked, disabled or no longer `sof`; it is stored nowhere. */
  readonly holdReason: HoldReason | 'account_blocked' | null;
  readonly blockedStep: StepName | null;
  readonly nextAttemptAt: Date | null;
  readonly shipBy: Date | null;
  readonly invoiceStatus: InvoiceStatus;
  readonly confirmedAt: Date | null;
  readonly lastError: { readonly code: string | null; readonly message: string } | null;
};

export type OrderFilter = {
  /** The account's name. */
  readonly account?: string | undefined;
  readonly status?: OrderStatus | undefined;
  readonly hold?: HoldReason | 'account_blocked' | undefined;
  readonly blocked?: StepName | undefined;
  readonly invoiceStatus?: InvoiceStatus | undefined;
  /** Only those whose deadline has passed. */
  readonly late?: boolean | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
};

export interface OrderList {
  /**
   * Newest first; of `late` ones first what is late longest. A page looks at so many orders and no more: it may have fewer
   * than `limit`, even none, and still not be the last.
   * @throws CursorRefused where the cursor is that of a list in the other order
   */
  list(filter: OrderFilter): Promise<{ items: OrderLine[]; nextCursor: string | null }>;
}

/** In which order a list shows its orders, and how far the walks have all come. */
type Listing = { readonly looked: string; readonly order: string; readonly upToEnd: string; readonly end: string };

/** At least one row: with the place where the first walk that may look no further ended, and no order where none was found. */
const lines = ({ looked, order, upToEnd, end }: Listing, limit: string) => `
  with looked as materialized (${looked})
  select ${end} as "end", l.order_id::text as "orderId", a.name as account, o.order_number::text as "orderNumber",
         o.tool_status::text as "toolStatus", o.update_shipping::int as "updateShipping", l.status,
         case when ${ACTIVE} then l.hold_reason else 'account_blocked' end as "holdReason",
         l.blocked_step as "blockedStep", l.next_attempt_at as "nextAttemptAt", l.ship_by as "shipBy", l.invoice_status as "invoiceStatus",
         l.confirmed_at as "confirmedAt",
         case when l.last_error is not null
              then jsonb_build_object('code', l.last_error_code, 'message', l.last_error) end as "lastError"
    from (values (1)) one
    left join (select * from looked p where p.ends order by ${order} limit 1) e on true
    left join lateral (
           select p.* from looked p where p.meets and (e.order_id is null or ${upToEnd}) order by ${order} limit ${limit}) p on true
    left join public.order_lazada l on l.order_id = p.order_id
    left join public.orders o on o.id = l.order_id
    left join account.lazada a on a.id = l.account_id
   order by ${order}`;

/** A page's end that cannot be gone on from in the list that is asked for. */
export class CursorRefused extends Error {
  override readonly name = 'CursorRefused';
}

/** Above every order's id. */
const NEWEST = '9223372036854775807';
const plainCursor = (cursor: string = NEWEST): string => {
  if (!/^\d+$/.test(cursor)) throw new CursorRefused('it is the cursor of a list of late orders: ask with late=true');
  return cursor;
};

/** The end of a page of late orders: `<deadline in ms>-<order>`. */
const LATE_CURSOR = /^(\d{1,13})-(\d+)$/;
function lateCursor(cursor: string | undefined) {
  if (cursor === undefined) return { shipBy: '-infinity', orderId: '0' };
  const [, ms, orderId = ''] = LATE_CURSOR.exec(cursor) ?? [];
  if (ms === undefined) throw new CursorRefused('it is the cursor of a list that is not of late orders');
  return { shipBy: new Date(Number(ms)).toISOString(), orderId };
}

type Place = Pick<OrderLine, 'shipBy' | 'orderId'>;
const cursorAfter = ({ shipBy, orderId }: Place, { late }: OrderFilter): string =>
  late ? `${shipBy?.getTime()}-${orderId}` : orderId;

/** As SQL with its values: a page and one order more. */
function pageOf({ account, status, hold, blocked, invoiceStatus, late, cursor, limit }: OrderFilter) {
  const values: unknown[] = [];
  const bound = (value: unknown) => `$${values.push(value)}`;
  const most = `${bound(limit + 1)}::int`;
  const isBlocked = hold === 'account_blocked';
  const sought = {
    status,
    hold_reason: isBlocked ? undefined : hold,
    blocked_step: blocked,
    invoice_status: invoiceStatus,
  };
  const conditions = [
    account !== undefined && `a.name = ${bound(account)}`,
    hold !== undefined && (isBlocked ? `not (${ACTIVE})` : ACTIVE),
  ].filter((condition) => condition !== false);
  const accounts = `account.lazada a where ${conditions.join(' and ') || 'true'}`;
  const page = { sought, limit: most, accounts, bound };
  const inAccounts = (walk: string) =>
    `select l.* from (select a.id from ${accounts}) a cross join lateral (${walk}) l`;
  if (late) {
    const after = lateCursor(cursor);
    const looked = inAccounts(lateWalk(page, [bound(after.shipBy), bound(after.orderId)]));
    return { text: lines({ looked, ...LATE_FIRST }, most), values };
  }
  const before = `${bound(plainCursor(cursor))}::bigint`;
  const isAll = conditions.length === 0 && Object.values(sought).every((value) => value === undefined);
  const looked = isAll ? walkedAll({ before, limit: most }) : inAccounts(walked({ ...page, before }));
  return { text: lines({ looked, ...NEWEST_FIRST }, most), values };
}

const NEWEST_FIRST = {
  order: 'p.order_id desc',
  upToEnd: 'p.order_id >= e.order_id',
  end: "jsonb_build_object('orderId', e.order_id::text, 'shipBy', null)",
};
const LATE_FIRST = {
  order: 'p.ship_by, p.order_id',
  upToEnd: '(p.ship_by, p.order_id) <= (e.ship_by, e.order_id)',
  end: "jsonb_build_object('orderId', e.order_id::text, 'shipBy', e.ship_by)",
};

/** The last order that every walk has come to; its `orderId` is null where each of them came to its end. */
type End = { readonly orderId: string | null; readonly shipBy: string | null };
/** Where a page has no order there is a row without one. */
type Row = { readonly end: End } & (OrderLine | { readonly orderId: null });
const hasOrder = (row: Row): row is OrderLine & { readonly end: End } => row.orderId !== null;

export function openOrderList(pool: pg.Pool): OrderList {
  return {
    async list(filter) {
      const page = pageOf(filter);
      const { rows } = await pool.query<Row>(page.text, page.values);
      const found = rows.filter(hasOrder).map(({ end: _, ...line }): OrderLine => line);
      const items = found.slice(0, filter.limit);
      const last = found.length > items.length ? items.at(-1) : placeOf(rows[0]?.end);
      return { items, nextCursor: last ? cursorAfter(last, filter) : null };
    },
  };
}

const placeOf = (end: End | undefined): Place | null =>
  end?.orderId ? { orderId: end.orderId, shipBy: end.shipBy === null ? null : new Date(end.shipBy) } : null;
