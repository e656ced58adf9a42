/** Orders by what the world calls them, account and number: those of one moment with one statement. */
import type pg from 'pg';
import { groupCommit } from '../sql/group-commit.ts';

export type OrderName = { readonly account: string; readonly orderNumber: string };
export type FoundOrder = { readonly orderId: string } | { readonly missing: 'account' | 'order' };
export type FindOrder = (name: OrderName) => Promise<FoundOrder>;

type Row = { readonly at: number; readonly orderId: string | null };

/**
 * SQL: an order of the host's has this number. Its column may be of any type: a text is turned into it, and compared once more
 * as the text that it is.
 */
export const hasNumber = (typed: string, text: string): string =>
  `order_number = ${typed} and order_number::text = ${text}`;

const finding = (type: string) => `
  select d.at::int - 1 as at, o.id::text as "orderId"
    from unnest($1::text[], $2::text[]) with ordinality as d (account, number, at)
    join account.lazada a on a.name = d.account
    left join lateral (
         select id from public.orders
          where account_id = a.id and ${hasNumber(`d.number::${type}`, 'd.number')}) o on true`;

const NUMBER_TYPE = `
  select format_type(atttypid, atttypmod) as type from pg_attribute
   where attrelid = 'public.orders'::regclass and attname = 'order_number'`;

type FindOrders = (names: readonly OrderName[]) => Promise<FoundOrder[]>;

/** @throws where one of them is nothing that the host's numbers could be */
function finder(pool: pg.Pool): FindOrders {
  let statement: string | undefined;
  async function textOf(): Promise<string> {
    if (statement !== undefined) return statement;
    const { rows } = await pool.query<{ type: string }>(NUMBER_TYPE);
    statement = finding(rows[0]?.type ?? 'text');
    return statement;
  }

  return async (names) => {
    const values = [names.map(({ account }) => account), names.map(({ orderNumber }) => orderNumber)];
    const { rows } = await pool.query<Row>(await textOf(), values);
    const found = new Map(rows.map(({ at, orderId }) => [at, orderId]));
    return names.map((_, at) => answerOf(found.get(at)));
  };
}

/** Of thousands at once: one that the host's numbers could not be costs a few statements more. */
export function manyOrdersFinder(pool: pg.Pool): FindOrders {
  const find = finder(pool);
  return async function findMany(names: readonly OrderName[]): Promise<FoundOrder[]> {
    if (names.length === 0) return [];
    if (names.length === 1) return find(names).catch(missingWhereOtherType);
    try {
      return await find(names);
    } catch (error) {
      if (!isOtherType(error)) throw error;
      const half = names.length / 2;
      return [...(await findMany(names.slice(0, half))), ...(await findMany(names.slice(half)))];
    }
  };
}

export function orderFinder(pool: pg.Pool): FindOrder {
  const find = finder(pool);

  async function findAlone(name: OrderName): Promise<FoundOrder> {
    const [found] = await find([name]).catch(missingWhereOtherType);
    return found ?? { missing: 'order' };
  }

  const together = groupCommit<OrderName, FoundOrder>((names) =>
    find(names).catch((error: unknown) => {
      if (!isOtherType(error)) throw error;
      return names.map(findAlone);
    }),
  );
  return (name) => together.load(name);
}

function answerOf(orderId: string | null | undefined): FoundOrder {
  if (orderId === undefined) return { missing: 'account' };
  return orderId === null ? { missing: 'order' } : { orderId };
}

/** What is no number cannot be that of an order where the host's numbers are some. */
const isOtherType = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '22P02' || error.code === '22003');

function missingWhereOtherType(error: unknown): FoundOrder[] {
  if (isOtherType(error)) return [{ missing: 'order' }];
  throw error;
}
