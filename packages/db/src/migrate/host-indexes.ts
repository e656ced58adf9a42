/**
 * A host may have its tables without the index that finds a row of ours. It gets a plain one, since a unique one could fail a
 * transaction of the host, and it is built while the host goes on.
 */
import { buildIndex } from './build-index.ts';
import { besideTurn, type Migrating } from './turns.ts';

type Wanted = { readonly table: string; readonly columns: readonly string[]; readonly name: string };
const WANTED: readonly Wanted[] = [
  { table: 'public.orders', columns: ['account_id', 'order_number'], name: 'orders_account_id_order_number_idx' },
  {
    table: 'public.order_items',
    columns: ['order_id', 'order_item_id'],
    name: 'order_items_order_id_order_item_id_idx',
  },
];

export async function buildHostIndexes(migrating: Migrating): Promise<void> {
  for (const wanted of WANTED) {
    if (await exists(wanted, migrating)) continue;
    await besideTurn(migrating, () => buildWhereMissing(wanted, migrating));
  }
}

async function buildWhereMissing(wanted: Wanted, migrating: Migrating): Promise<void> {
  if (await exists(wanted, migrating)) return;
  const { table, columns, name } = wanted;
  const sql = `create index concurrently if not exists ${name} on ${table} (${columns.join(', ')})`;
  await buildIndex(`public.${name}`, sql, migrating);
  migrating.log?.info(`index ${name} built`);
}

/** Any index that is valid, whole and begins with these columns will do. */
const EXISTS = `select from pg_index i
  where i.indrelid = $1::regclass and i.indisvalid and i.indpred is null and i.indexprs is null
    and $2::text[] = (
      select array_agg(a.attname::text order by key.position)
        from unnest(i.indkey::int2[]) with ordinality as key (attnum, position)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = key.attnum
       where key.position <= cardinality($2::text[]))`;

async function exists({ table, columns }: Wanted, { client }: Migrating): Promise<boolean> {
  return (await client.query(EXISTS, [table, columns])).rows.length > 0;
}
