/**
 * The orders of a backfill, piece by piece, along the index of the host's orders by account and number: no index of ours is
 * needed for so rare a walk, and it never reads far in one statement, however many orders the account has and wherever its
 * days lie. Only PostgreSQL compares numbers, since a host's may be of any type.
 *
 * The trap: with `account_id = … order by order_number` the planner may go through everybody's orders by number. So bounds
 * and order are whole rows of the index, which no other one can serve.
 */
import { BACKFILL_PIECE, type DayBounds } from '@lazada-sof/orders';
import type pg from 'pg';

export type PieceOrder = {
  readonly orderId: string;
  readonly orderNumber: string;
  /** Whoever it was has read its items since the backfill began; times of reads are kept to the millisecond. */
  readonly isRead: boolean;
};
export type BackfillPiece = {
  readonly orders: readonly PieceOrder[];
  /** The last order that was looked at. Null: there was none. */
  readonly after: string | null;
  /** No order of the account comes behind it. */
  readonly isLast: boolean;
};
export type PieceWish = {
  readonly accountId: string;
  readonly bounds: DayBounds;
  /** Null: from the beginning. */
  readonly after: string | null;
  /** As text, to the microsecond. */
  readonly begunAt: string;
};

/** So many orders of the account one statement looks at. */
export const WALK = 1_000;
/** Statements for one piece: then others have their turn, also where no order is of these days. */
const MOST_WALKS = 50;

export const isOfDays = (createdAt: string, from: string, until: string) =>
  `(${createdAt} is null or (${createdAt}::timestamptz >= ${from} and ${createdAt}::timestamptz < ${until}))`;

const walk = (bound: string) => `
  with walked as materialized (
         select o.id, o.order_number, o.created_at
           from public.orders o
          where ${bound}
          order by o.account_id, o.order_number limit ${WALK}),
       wanted as (
         select id, order_number from walked
          where ${isOfDays('created_at', '$2', '$3')}
          order by order_number limit $4)
  select (select count(*) from walked)::int as walked,
         (select order_number::text from walked order by order_number desc limit 1) as last,
         coalesce((select json_agg(json_build_object(
                          'orderId', w.id::text, 'orderNumber', w.order_number::text,
                          'isRead', coalesce(l.items_read_at >= date_trunc('milliseconds', $5::timestamptz), false)) order by w.order_number)
                     from wanted w left join public.order_lazada l on l.order_id = w.id), '[]') as orders`;
export const FIRST_WALK = walk('o.account_id >= $1 and o.account_id <= $1');
export const NEXT_WALK = walk('(o.account_id, o.order_number) > ($1, $6) and o.account_id <= $1');

type Walked = { walked: number; last: string | null; orders: PieceOrder[] };

/** As many orders as fill a piece; fewer at the end, or where few of many are of these days. */
export async function nextPiece(pool: Pick<pg.Pool, 'query'>, wish: PieceWish): Promise<BackfillPiece> {
  const orders: PieceOrder[] = [];
  let { after } = wish;
  for (let walks = 0; walks < MOST_WALKS; walks++) {
    const found = await walkOn(pool, { ...wish, after }, BACKFILL_PIECE - orders.length);
    orders.push(...found.orders);
    const isAtEnd = found.walked < WALK;
    if (orders.length === BACKFILL_PIECE) {
      const last = orders.at(-1)?.orderNumber ?? null;
      return { orders, after: last, isLast: isAtEnd && last === found.last };
    }
    after = found.last ?? after;
    if (isAtEnd) return { orders, after, isLast: true };
  }
  return { orders, after, isLast: false };
}

async function walkOn(
  pool: Pick<pg.Pool, 'query'>,
  { accountId, bounds, after, begunAt }: PieceWish,
  limit: number,
): Promise<Walked> {
  const values = [accountId, bounds.from, bounds.until, limit, begunAt];
  const { rows } = await (after === null
    ? pool.query<Walked>(FIRST_WALK, values)
    : pool.query<Walked>(NEXT_WALK, [...values, after]));
  return rows[0] ?? { walked: 0, last: null, orders: [] };
}
