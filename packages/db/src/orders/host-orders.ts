/**
 * Orders of those who have no host system: written into the host's tables as the host would, so that its triggers do the rest.
 * The tables may be a host's, with columns and checks of its own: what they refuse is told in words.
 */
import { completeOrder, type HostOrder, type HostOrderChange, type ToldOrder } from '@lazada-sof/orders';
import pg from 'pg';
import { patiently } from '../sql/patience.ts';
import { isCollision, isLocked, withoutCollisions } from '../sql/pool.ts';
import { type Transaction, transaction } from '../sql/transaction.ts';
import { hasNumber } from './find-orders.ts';
import { HostRefused, refusedByHost } from './host-refused.ts';

export type HostOrderKey = { readonly account: string; readonly orderNumber: string };
export type HostOrderAnswer =
  | { readonly is: 'created' | 'completed' }
  | { readonly is: 'no-account' }
  /** Somebody else is writing the order: try again soon. */
  | { readonly is: 'busy' }
  /** The table does not take it. */
  | { readonly is: 'refused'; readonly refusal: HostRefused };

export interface HostOrders {
  /** Makes the order, or writes what is told of one that is there. `by`: who says it. */
  complete(key: HostOrderKey, told: ToldOrder, by: string | undefined): Promise<HostOrderAnswer>;
}

type Named = HostOrderKey & { readonly accountId: string };
type Stored = HostOrder & { readonly orderId: string };

export const openHostOrders = ({ pool, source }: { pool: pg.Pool; source: string }): HostOrders => ({
  async complete(key, told, by) {
    const once = () => again(() => transaction(pool, { source }, (client) => complete(client, key, told, by)));
    return patiently(
      () => once().catch(answerOf),
      ({ is }) => is === 'busy',
    );
  },
});

function answerOf(error: unknown): HostOrderAnswer {
  if (isLocked(error) || isCollision(error)) return { is: 'busy' };
  const refusal = refusedByHost(error);
  if (refusal) return { is: 'refused', refusal };
  throw error;
}

/** Where the host makes the same order at the same moment, it is there the second time. */
const again = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
  withoutCollisions(() =>
    work().catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code === '23505') return work();
      throw error;
    }),
  );

async function complete(
  client: Transaction,
  key: HostOrderKey,
  told: ToldOrder,
  by: string | undefined,
): Promise<HostOrderAnswer> {
  const { rows } = await client.query<{ accountId: string }>(
    'select id::text as "accountId" from account.lazada where name = $1',
    [key.account],
  );
  const [account] = rows;
  if (!account) return { is: 'no-account' };
  const named = { ...key, ...account };
  if (!(await isOurTurn(client, named))) return { is: 'busy' };
  const before = await read(client, named);
  const change = completeOrder(before, told);
  if (change) await write(client, { named, before, change, by });
  return { is: before ? 'completed' : 'created' };
}

/** A host's table may have no unique index that would forbid a second order of the same number. */
async function isOurTurn(client: Transaction, { accountId, orderNumber }: Named): Promise<boolean> {
  const { rows } = await client.query<{ isOurs: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended($1, ${LOCK_SPACE})) as "isOurs"`,
    [`${accountId}/${orderNumber}`],
  );
  return rows[0]?.isOurs ?? false;
}
const LOCK_SPACE = 7_263_501;

async function read(client: Transaction, { accountId, orderNumber }: Named): Promise<Stored | null> {
  const { rows } = await client.query<Omit<Stored, 'items'>>(
    `select o.id::text as "orderId", o.tool_status::text as "toolStatus", o.update_shipping::int as "updateShipping"
       from public.orders o where o.account_id = $1 and ${hasNumber('$2', '$3')} order by o.id limit 1 for no key update nowait`,
    [accountId, orderNumber, orderNumber],
  );
  const [order] = rows;
  if (!order) return null;
  const items = await client.query<HostOrder['items'][number]>(
    'select order_item_id::text as "orderItemId", sku::text as sku from public.order_items where order_id = $1',
    [order.orderId],
  );
  return { ...order, items: items.rows };
}

type Writing = { named: Named; before: Stored | null; change: HostOrderChange; by: string | undefined };

async function write(client: Transaction, { named, before, change, by }: Writing): Promise<void> {
  const orderId = before ? before.orderId : await insertOrder(client, named, change.order);
  if (before) await updateOrder(client, orderId, change.order);
  await writeItems(client, orderId, change);
  const { kind, data } = change.event;
  // An order of before us gets its row with its first write; until then it has no place for events.
  await client.query(
    `insert into public.order_lazada_event (order_id, kind, source, data)
     select l.order_id, $2, public.sof_source(), $3 from public.order_lazada l where l.order_id = $1`,
    [orderId, kind, JSON.stringify({ ...data, ...(by !== undefined && { by }) })],
  );
}

const COLUMNS = { toolStatus: 'tool_status', updateShipping: 'update_shipping' } as const;
const columnsOf = (fields: HostOrderChange['order']) =>
  (['toolStatus', 'updateShipping'] as const).flatMap((field) =>
    fields[field] === undefined ? [] : [{ column: COLUMNS[field], value: fields[field] }],
  );

/** When the order was placed nobody told: null says so, whatever a default would make up. */
async function insertOrder(
  client: Transaction,
  { accountId, orderNumber }: Named,
  fields: HostOrderChange['order'],
): Promise<string> {
  const told = columnsOf(fields);
  const columns = ['account_id', 'order_number', 'created_at', ...told.map(({ column }) => column)];
  const values = [accountId, orderNumber, null, ...told.map(({ value }) => value)];
  const { rows } = await client.query<{ orderId: string; stored: string }>(
    `insert into public.orders (${columns.join(', ')}) values (${values.map((_, index) => `$${index + 1}`).join(', ')})
     returning id::text as "orderId", order_number::text as stored`,
    values,
  );
  const [row] = rows;
  if (!row)
    throw new HostRefused({ table: 'public.orders', reason: 'a trigger or rule of its own leaves the row out' });
  // A column of numbers drops zeros, say: by the number that was told nobody would find it again.
  if (row.stored !== orderNumber)
    throw new HostRefused({
      ...{ table: 'public.orders', column: 'order_number', isValue: true },
      reason: `it would keep the number as ${row.stored}; write it like that`,
    });
  return row.orderId;
}

async function updateOrder(client: Transaction, orderId: string, fields: HostOrderChange['order']): Promise<void> {
  const told = columnsOf(fields);
  if (told.length === 0) return;
  const sets = told.map(({ column }, index) => `${column} = $${index + 2}`);
  await client.query(`update public.orders set ${sets.join(', ')} where id = $1`, [
    orderId,
    ...told.map(({ value }) => value),
  ]);
}

async function writeItems(client: Transaction, orderId: string, { newItems, skus }: HostOrderChange): Promise<void> {
  const lists = (items: HostOrderChange['newItems']) => [
    items.map(({ orderItemId }) => orderItemId),
    items.map(({ sku }) => sku ?? null),
  ];
  if (newItems.length > 0)
    await client.query(
      `insert into public.order_items (order_id, order_item_id, sku)
       select $1, told.* from unnest($2::text[], $3::text[]) told`,
      [orderId, ...lists(newItems)],
    );
  if (skus.length > 0)
    await client.query(
      `update public.order_items i set sku = told.sku from unnest($2::text[], $3::text[]) told (order_item_id, sku)
        where i.order_id = $1 and i.order_item_id = told.order_item_id`,
      [orderId, ...lists(skus)],
    );
}
