/**
 * The host system, played: it owns the orders, and knows us by columns alone. Everything here is plain SQL, as a host of
 * any make would write it.
 */
import type pg from 'pg';
import type { OrderName } from './doors.ts';
import type { Arrived } from './drop-import.ts';
import type { SimulatedAccount, SimulatedOrder } from './lazada.ts';

export type Host = {
  hasAccounts(): Promise<boolean>;
  addAccount(account: SimulatedAccount): Promise<void>;
  /** Orders come in, are packed at once and marked ready to ship. Answers their ids. */
  addOrders(orders: readonly SimulatedOrder[]): Promise<string[]>;
  /** The order's parcel goes with DHL, under this number of DHL's. */
  giveToDhl(orderId: string, number: string): Promise<void>;
  /** The fleet reports its own parcels as handed over that it has had for `afterSeconds`; every `keepNth` order is left to the reader. */
  markDelivered(options: { afterSeconds: number; keepNth?: number }): Promise<number>;
  /** An order on its way of which nobody has said anything; none of those that are left to the reader. Null: there is none. */
  orderOnItsWay(options: { keepNth: number }): Promise<OrderName | null>;
  /** An order that was not delivered, and waits for somebody to release that. */
  orderToRelease(): Promise<OrderName | null>;
  /** Some that are with the fleet, of those that `markDelivered` leaves, oldest first. */
  onTheWay(options: { most: number; keepNth: number }): Promise<Arrived[]>;
  /** Two people say the opposite. */
  contradict(orderId: string): Promise<void>;
  setPassword(account: string, password: string): Promise<void>;
};

export function hostOn(pool: pg.Pool): Host {
  return {
    hasAccounts: async () => (await pool.query('select from account.lazada limit 1')).rowCount === 1,
    async addAccount(account) {
      await pool.query(ADD_ACCOUNT, [
        account.name,
        account.country,
        account.appKey,
        account.appSecret,
        account.accessToken,
        account.accessTokenExpiresAt,
        account.refreshToken,
        account.refreshTokenExpiresAt,
        account.sofUsername,
        account.sofPassword,
      ]);
    },
    async addOrders(orders) {
      const { rows } = await pool.query<{ id: string }>(ADD_ORDERS, [JSON.stringify(orders)]);
      return rows.map(({ id }) => id);
    },
    async markDelivered({ afterSeconds, keepNth = 0 }) {
      return (await pool.query(MARK_DELIVERED, [afterSeconds, keepNth])).rowCount ?? 0;
    },
    async giveToDhl(orderId, number) {
      await pool.query("update order_lazada set carrier = 'dhl', carrier_tracking_number = $2 where order_id = $1", [
        orderId,
        number,
      ]);
    },
    orderOnItsWay: async ({ keepNth }) => (await pool.query<OrderName>(ON_ITS_WAY, [keepNth])).rows[0] ?? null,
    orderToRelease: async () => (await pool.query<OrderName>(TO_RELEASE)).rows[0] ?? null,
    async onTheWay({ most, keepNth }) {
      return (await pool.query<Arrived>(ON_THE_WAY, [most, keepNth])).rows;
    },
    async contradict(orderId) {
      await pool.query(CONTRADICT, [orderId]);
    },
    async setPassword(account, password) {
      await pool.query('update account.lazada set sof_password = $2 where name = $1', [account, password]);
    },
  };
}

/** Secrets as they are: they are encrypted at their first use. */
const ADD_ACCOUNT = `
  insert into account.lazada (name, country, app_key, app_secret, access_token, access_token_expires_at, refresh_token,
                              refresh_token_expires_at, sof_username, sof_password, delivery_type)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'sof')`;

const ADD_ORDERS = `
  with given as (
    select * from jsonb_to_recordset($1::jsonb)
      as given ("accountName" text, "orderNumber" text, "createdAt" timestamptz, items jsonb)
  ), the_orders as (
    insert into public.orders (account_id, order_number, created_at, tool_status, update_shipping)
    select a.id, g."orderNumber", g."createdAt", 'ready_for_delivery', 1
      from given g join account.lazada a on a.name = g."accountName"
    returning id, order_number
  ), the_items as (
    insert into public.order_items (order_id, order_item_id, sku)
    select o.id, item ->> 'orderItemId', item ->> 'sku'
      from the_orders o join given g on g."orderNumber" = o.order_number, jsonb_array_elements(g.items) item
  )
  select id::text from the_orders order by id`;

const MARK_DELIVERED = `
  update order_lazada set update_delivered = 1, delivered_at = now()
   where status = 'shipped' and update_delivered = 0 and update_not_delivered = 0 and delivered_sent_at is null
     and carrier is null
     and ($2::int = 0 or order_id % greatest($2::int, 1) <> 0)
     and (select max(shipped_sent_at) from order_lazada_package p where p.order_id = order_lazada.order_id)
         <= now() - make_interval(secs => $1)`;

const NAMED = `
  select a.name as account, o.order_number as "orderNumber"
    from order_lazada l
    join public.orders o on o.id = l.order_id
    join account.lazada a on a.id = o.account_id`;

const ON_ITS_WAY = `${NAMED}
   where l.status = 'shipped' and l.update_delivered = 0 and l.update_not_delivered = 0 and l.carrier is null
     and l.order_id % $1::int <> 0
   order by l.order_id limit 1`;

const TO_RELEASE = `${NAMED} where l.hold_reason = 'awaiting_release' order by l.order_id limit 1`;

const ON_THE_WAY = `
  select a.name as account, o.order_number as "orderNumber"
    from order_lazada l join public.orders o on o.id = l.order_id join account.lazada a on a.id = o.account_id
   where l.status = 'shipped' and l.update_delivered = 0 and l.update_not_delivered = 0 and l.delivered_sent_at is null
     and l.carrier is null and l.delivered_at is null and l.hold_reason is null and l.order_id % $2::int = 0
   order by l.order_id limit $1`;

const CONTRADICT = `
  update order_lazada
     set update_delivered = 1, delivered_at = now(), update_not_delivered = 1, not_delivered_at = now()
   where order_id = $1`;
