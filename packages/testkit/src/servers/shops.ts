/** Sellers' accounts and their orders in both places at once: at Lazada, and in the host's tables by the host's own SQL. */
import type { Lazada, LazadaOrder } from './lazada.ts';

type Row = Record<string, unknown>;
export type Sql = (text: string, values?: unknown[]) => Promise<Row[]>;

export type LazadaAccount = { readonly name: string; readonly sellerId: string; readonly accountId: string };
/** What the simulator's control API takes. */
export type OrderRequest = {
  readonly account: string;
  readonly items?: unknown;
  readonly status?: string;
  readonly script?: unknown;
  readonly count?: number;
};

export type Shops = {
  /** An account at Lazada and in the host's table, its secrets written plain, as a host does. */
  addAccount(name: string, columns?: Row, atLazada?: Row): Promise<LazadaAccount>;
  /** Orders at Lazada and in the host's table, marked ready to ship unless told otherwise. Their numbers. */
  addOrders(request: OrderRequest, columns?: Row): Promise<string[]>;
  /** The host says that the order's parcel has arrived. */
  deliver(orderNumber: string): Promise<void>;
  /** Moves all waits of an order to now, as time would. */
  timePasses(orderNumber: string): Promise<void>;
};

/** The columns by which the host says that an order is to be set ready to ship. */
const TO_SHIP = { update_shipping: 1, tool_status: 'ready_for_delivery' };

export function openShops({ sql, lazada }: { sql: Sql; lazada: Lazada }): Shops {
  return {
    async addAccount(name, columns = {}, atLazada = {}) {
      const made = (await lazada.post('/control/accounts', { name, country: 'SG', ...atLazada })) as Record<
        string,
        string
      >;
      const [row] = await insert(sql, 'account.lazada', {
        name,
        country: 'SG',
        app_key: made.appKey,
        app_secret: made.appSecret,
        access_token: made.accessToken,
        refresh_token: made.refreshToken,
        access_token_expires_at: made.accessTokenExpiresAt,
        refresh_token_expires_at: made.refreshTokenExpiresAt,
        delivery_type: 'sof',
        sof_username: made.sofUsername,
        sof_password: made.sofPassword,
        ...columns,
      });
      return { name, sellerId: String(made.sellerId), accountId: String(row?.id) };
    },
    async addOrders(request, columns = TO_SHIP) {
      const { orders } = (await lazada.post('/control/orders', request)) as { orders: LazadaOrder[] };
      const [account] = await sql('select id from account.lazada where name = $1', [request.account]);
      const fields = Object.entries({ created_at: new Date(Date.now() - 86_400_000), ...columns });
      const names = fields.map(([field]) => field).join(', ');
      const values = fields.map((_, index) => `$${index + 3}`).join(', ');
      const text = `insert into public.orders (account_id, order_number, ${names}) select $1, number, ${values} from unnest($2::text[]) number`;
      await sql(text, [account?.id, orders.map(({ orderNumber }) => orderNumber), ...fields.map(([, value]) => value)]);
      return orders.map(({ orderNumber }) => orderNumber);
    },
    async deliver(orderNumber) {
      await sql(DELIVER, [orderNumber]);
    },
    async timePasses(orderNumber) {
      await sql(TIME_PASSES, [orderNumber]);
      await sql(
        'update public.order_lazada set next_attempt_at = now() where order_id = (select id from public.orders where order_number = $1)',
        [orderNumber],
      );
    },
  };
}

const DELIVER = `
  update public.order_lazada set update_delivered = 1, delivered_at = now()
   where order_id = (select id from public.orders where order_number = $1)`;

const TIME_PASSES = `
  update public.order_lazada_step set due_at = now()
   where due_at is not null and order_id = (select id from public.orders where order_number = $1)`;

function insert(sql: Sql, table: string, row: Row): Promise<Row[]> {
  const fields = Object.keys(row);
  const values = fields.map((_, index) => `$${index + 1}`).join(', ');
  return sql(`insert into ${table} (${fields.join(', ')}) values (${values}) returning id`, Object.values(row));
}
