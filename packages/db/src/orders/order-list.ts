/** Orders as people look for them. */
import type { HoldReason, InvoiceStatus, OrderStatus, StepName } from '@lazada-sof/orders';
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';

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
  /** From the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
};

export interface OrderList {
  /** Null: there is no such order. */
  find(account: string, orderNumber: string): Promise<string | null>;
  /** Newest first. */
  list(filter: OrderFilter): Promise<{ items: OrderLine[]; nextCursor: string | null }>;
}

const SELECT = `
  select o.id::text as "orderId", a.name as account, o.order_number::text as "orderNumber",
         o.tool_status::text as "toolStatus", o.update_shipping::int as "updateShipping", l.status,
         case when ${ACTIVE} then l.hold_reason else 'account_blocked' end as "holdReason",
         l.blocked_step as "blockedStep", l.next_attempt_at as "nextAttemptAt", l.invoice_status as "invoiceStatus",
         l.confirmed_at as "confirmedAt",
         case when l.last_error is not null
              then jsonb_build_object('code', l.last_error_code, 'message', l.last_error) end as "lastError"
    from public.order_lazada l
    join public.orders o on o.id = l.order_id
    join account.lazada a on a.id = l.account_id`;

/** Each filter names the column itself, so that its partial index can be used. `$1` is the limit. */
function conditions({ account, status, hold, blocked, invoiceStatus, cursor }: OrderFilter) {
  const values: unknown[] = [];
  const bound = (value: unknown) => `$${values.push(value) + 1}`;
  const asked = [
    account !== undefined && `a.name = ${bound(account)}`,
    status !== undefined && `l.status = ${bound(status)}`,
    hold === 'account_blocked' && `not (${ACTIVE})`,
    hold !== undefined && hold !== 'account_blocked' && `l.hold_reason = ${bound(hold)} and ${ACTIVE}`,
    blocked !== undefined && `l.blocked_step = ${bound(blocked)}`,
    invoiceStatus !== undefined && `l.invoice_status = ${bound(invoiceStatus)}`,
    cursor !== undefined && `l.order_id < ${bound(cursor)}::bigint`,
  ].filter((condition) => condition !== false);
  return { where: asked.length > 0 ? `where ${asked.join(' and ')}` : '', values };
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
      const { where, values } = conditions(filter);
      const text = `${SELECT} ${where} order by l.order_id desc limit $1`;
      const { rows } = await pool.query<OrderLine>(text, [filter.limit + 1, ...values]);
      const items = rows.slice(0, filter.limit);
      return { items, nextCursor: rows.length > items.length ? (items.at(-1)?.orderId ?? null) : null };
    },
  };
}
