/** An import file with everything in it that rows can be, and its whole effect, to be held against that of another. */
import { createHash } from 'node:crypto';
import type { Db } from '@lazada-sof/db';
import type { TestSystem } from '../src/servers/test-system.ts';

/** A shop with orders 41 … 4n. */
export async function addShop({ sql }: Pick<TestSystem, 'sql'>, name: string, orders: number): Promise<void> {
  await sql(
    `with shop as (
       insert into account.lazada (name, country, delivery_type, app_key, sof_username, sof_password)
       values ($1, 'SG', 'sof', '1', 'user', 'password') returning id)
     insert into public.orders (account_id, order_number, created_at)
     select shop.id, '4' || n, now() - interval '400 d' from shop, generate_series(1, $2::int) n`,
    [name, orders],
  );
}

const HEADER = 'account,order_number,status,occurred_at,carrier,carrier_tracking_number,reason,note';
/** So long that a few thousand rows are several pieces of bytes. */
const NOTE = 'a note that nobody reads '.repeat(11);

/** In every fifty rows two of no order, one that cannot be read, two that contradict one another, one that is there twice. */
function rowOf(n: number): string {
  const at = `2026-03-14 ${String(8 + (n % 10)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
  if (n % 50 === 0) return `4999999${n},delivered,${at},,,`;
  if (n % 50 === 1) return `4${n},delivered,14/03/2026,,,`;
  if (n % 50 === 2) return `4${n + 1},delivered,2026-03-14 15:09,,,`;
  if (n % 50 === 3) return `4${n},not delivered,2026-03-14 15:10,,,`;
  if (n % 50 === 4) return `4${n + 1},delivered,2026-03-14 15:09,,,`;
  if (n % 50 === 5) return `4${n},delivered,2026-03-14 15:09,,,`;
  if (n % 50 === 6) return `4999999${n},,,dhl,D${n},`;
  if (n % 7 === 0) return `4${n},not delivered,${at},,,"nobody at home, twice"`;
  if (n % 11 === 0) return `4${n},shipped,${at},dhl,D${n},`;
  return `4${n},delivered,${at},,,`;
}

export function importText(account: string, rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => `${account},${rowOf(index + 1)},${NOTE}`);
  return [HEADER, ...lines, ''].join('\n');
}

export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const EFFECT = `
  with shop as (select id, order_number, update_shipping, tool_status from public.orders
                 where account_id = (select id from account.lazada where name = $1)),
       told as (select concat_ws('|', s.order_number, e.kind, e.source, e.data - 'file') as line
                  from public.order_lazada_event e join shop s on s.id = e.order_id where e.source = 'import'),
       said as (select concat_ws('|', s.order_number, s.update_shipping, s.tool_status, l.update_delivered, l.delivered_at,
                                 l.update_not_delivered, l.not_delivered_at, l.not_delivered_reason, l.shipped_at, l.carrier,
                                 l.carrier_tracking_number) as line
                  from public.order_lazada l join shop s on s.id = l.order_id)
  select (select count(*)::int from told) as events, (select md5(string_agg(line, '/' order by line)) from told) as told,
         (select count(*)::int from said) as orders, (select md5(string_agg(line, '/' order by line)) from said) as said`;

/** Rows, events, counts, mistakes and refused rows, without the name of the account; that of the import's newest file. */
export async function effectOf({ sql }: Pick<TestSystem, 'sql'>, { imports }: Db, account: string): Promise<object> {
  const [rows] = await sql(EFFECT, [account]);
  const file = (await imports.list({ limit: 100 })).find(({ fileName }) => fileName === fileOf(account));
  if (!file) throw new Error(`there is no import of ${fileOf(account)}`);
  const { importId, status, error, accepted, refused } = file;
  const errors = (await all(imports.errors(importId))).map(({ line, field, reason }) => `${line} ${field} ${reason}`);
  const came = (await all(imports.refused(importId))).map(([, ...cells]) => cells.join());
  return { ...rows, status, error, rows: file.rows, accepted, refused, errors: digest(errors), came: digest(came) };
}

/** A thousand lines are compared, and none is shown. */
const digest = (lines: readonly string[]) => ({
  lines: lines.length,
  sha256: createHash('sha256').update(lines.join('\n')).digest('hex'),
});

export const fileOf = (account: string): string => `${account}.csv`;

async function all<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
