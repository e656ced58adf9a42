/** Orders as people look for them. */
import type { HoldReason, InvoiceStatus, OrderStatus, StepName } from '@lazada-sof/orders';
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';
import { lateWalk, walked } from './order-walks.ts';

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
  /** Null: there is no such order. */
  find(account: string, orderNumber: string): Promise<string | null>;
  /**
   * Newest first; of `late` ones first what is late longest.
   * @throws CursorRefused where the cursor is that of a list in the other order
   */
  list(filter: OrderFilter): Promise<{ items: OrderLine[]; nextCursor: string | null }>;
}

/** `page`: a select of order ids. */
const lines = (page: string, order: string) => `
  select o.id::text as "orderId", a.name as account, o.order_number::text as "orderNumber",
         o.tool_status::text as "toolStatus", o.update_shipping::int as "updateShipping", l.status,
         case when ${ACTIVE} then l.hold_reason else 'account_blocked' end as "holdReason",
         l.blocked_step as "blockedStep", l.next_attempt_at as "nextAttemptAt", l.ship_by as "shipBy", l.invoice_status as "invoiceStatus",
         l.confirmed_at as "confirmedAt",
         case when l.last_error is not null
              then jsonb_build_object('code', l.last_error_code, 'message', l.last_error) end as "lastError"
    from (${page}) p
    join public.order_lazada l on l.order_id = p.order_id
    join public.orders o on o.id = l.order_id
    join account.lazada a on a.id = l.account_id
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

const cursorAfter = (last: OrderLine | undefined, { late }: OrderFilter): string | null => {
  if (!last) return null;
  return late ? `${last.shipBy?.getTime()}-${last.orderId}` : last.orderId;
};

/** The ids of a page and of one order more. */
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
  const accounts = [
    account !== undefined && `a.name = ${bound(account)}`,
    hold !== undefined && (isBlocked ? `not (${ACTIVE})` : ACTIVE),
  ].filter((condition) => condition !== false);
  const where = accounts.join(' and ') || 'true';
  if (late) {
    const after = lateCursor(cursor);
    const walk = lateWalk({ sought, limit: most, bound }, [bound(after.shipBy), bound(after.orderId)]);
    const text = `select l.order_id from account.lazada a cross join lateral (${walk}) l
        where ${where} order by l.ship_by, l.order_id limit ${most}`;
    return { text, values, order: 'l.ship_by, l.order_id' };
  }
  const before = `${bound(plainCursor(cursor))}::bigint`;
  const isAll = accounts.length === 0 && Object.values(sought).every((value) => value === undefined);
  const text = isAll
    ? `select l.order_id from public.order_lazada l
        where l.order_id < ${before} and (select true from account.lazada a where a.id = l.account_id)
        order by l.order_id desc limit ${most}`
    : `select l.order_id from account.lazada a
        cross join lateral (${walked({ sought, before, limit: most, bound })}) l
        where ${where} order by l.order_id desc limit ${most}`;
  return { text, values, order: 'l.order_id desc' };
}

export function openOrderList(pool: pg.Pool): OrderList {
  return {
    async find(account, orderNumber) {
      const { rows } = await pool.query<{ orderId: string }>(
        `select o.id::text as "orderId" from public.orders o join account.lazada a on a.id = o.account_id
          where a.name = $1 and o.order_number = $2`,
        [account, orderNumber],
      );
      return rows[0]?.orderId ?? null;
    },

    async list(filter) {
      const page = pageOf(filter);
      const { rows } = await pool.query<OrderLine>(lines(page.text, page.order), page.values);
      const items = rows.slice(0, filter.limit);
      return { items, nextCursor: rows.length > items.length ? cursorAfter(items.at(-1), filter) : null };
    },
  };
}
