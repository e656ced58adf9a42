/**
 * A host may have its tables without the index that finds a row of ours. It gets a plain one, since a unique one could fail a
 * transaction of the host, and it is built while the host goes on.
 */
import type pg from 'pg';
import { inTurn, type Patience } from './turns.ts';

type Wanted = { readonly table: string; readonly columns: readonly string[]; readonly name: string };
const WANTED: readonly Wanted[] = [
  { table: 'public.orders', columns: ['account_id', 'order_number'], name: 'orders_account_id_order_number_idx' },
  {
    table: 'public.order_items',
    columns: ['order_id', 'order_item_id'],
    name: 'order_items_order_id_order_item_id_idx',
  },
];

type Tools = { readonly client: pg.Client; readonly connect: () => Promise<pg.Client>; readonly patience: Patience };

/** The names of those that were built. */
export async function buildHostIndexes({ client, connect, patience }: Tools): Promise<string[]> {
  const built: string[] = [];
  for (const wanted of WANTED) {
    const turn = await connect();
    try {
      const isBuilt = await inTurn(turn, patience, () => buildWhereMissing(client, wanted));
      if (isBuilt) built.push(wanted.name);
    } finally {
      await turn.end();
    }
  }
  return built;
}

/** Any index that is valid, whole and begins with these columns will do. */
const EXISTS = `select from pg_index i
  where i.indrelid = $1::regclass and i.indisvalid and i.indpred is null and i.indexprs is null
    and $2::text[] = (
      select array_agg(a.attname::text order by key.position)
        from unnest(i.indkey::int2[]) with ordinality as key (attnum, position)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum
       where key.position <= cardinality($2::text[]))`;

async function buildWhereMissing(client: pg.Client, { table, columns, name }: Wanted): Promise<boolean> {
  if ((await client.query(EXISTS, [table, columns])).rows.length > 0) return false;
  const schema = table.slice(0, table.indexOf('.'));
  // One that a broken-off run left is invalid.
  await client.query(`drop index concurrently if exists ${schema}.${name}`);
  await client.query(`create index concurrently ${name} on ${table} (${columns.join(', ')})`);
  return true;
}
