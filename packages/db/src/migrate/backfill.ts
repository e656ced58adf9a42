/**
 * The rows of orders that were there before us. The triggers stand already, so whatever is written meanwhile has its row; this
 * walks the rest in pieces, each a short transaction, so that nobody waits for it. It goes on where it was broken off.
 */
import type pg from 'pg';
import { inTurn, type Patience } from './turns.ts';

/** Some tens of milliseconds. */
const PIECE = 2_000;

export type BackfillTools = {
  readonly client: pg.Client;
  readonly patience: Patience;
  /** After each piece: how many orders were looked at since the beginning of this run, of about how many. */
  readonly onProgress?: ((looked: number, about: number) => void) | undefined;
};

/** How many rows were made in this run. */
export async function backfill({ client, patience, onProgress }: BackfillTools): Promise<number> {
  const begun = await inTurn(client, patience, () => begin(client));
  if (!begun) return 0;
  const about = await ordersAfter(client);
  let looked = 0;
  let added = 0;
  for (;;) {
    const piece = await inTurn(client, patience, () => addPiece(client));
    if (piece === null) return added;
    added += piece.added;
    looked += piece.looked;
    onProgress?.(looked, Math.max(about, looked));
  }
}

/** False: it is over. */
async function begin(client: pg.Client): Promise<boolean> {
  await client.query('insert into public.order_lazada_backfill default values on conflict do nothing');
  const { rows } = await client.query('select from public.order_lazada_backfill where finished_at is null');
  return rows.length > 0;
}

/** As the planner knows it: a count would read the whole table. */
async function ordersAfter(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ about: number }>(
    "select greatest(reltuples, 0)::float as about from pg_class where oid = 'public.orders'::regclass",
  );
  return Math.round(rows[0]?.about ?? 0);
}

/** Made due as the trigger on a new order would. */
const ADD_PIECE = `
  with piece as materialized (
    select o.id, o.account_id, o.update_shipping, o.tool_status
      from public.orders o
     where o.id > coalesce((select done_to from public.order_lazada_backfill), -9223372036854775808)
     order by o.id limit ${PIECE}),
  made as (
    insert into public.order_lazada (order_id, account_id, next_attempt_at)
    select p.id, p.account_id,
           case when a.delivery_type::text = 'sof' and p.update_shipping::int = 1
                     and p.tool_status::text = 'ready_for_delivery' then now() end
      from piece p left join account.lazada a on a.id = p.account_id
     order by p.id
    on conflict (order_id) do nothing
    returning 1)
  update public.order_lazada_backfill
     set done_to = coalesce((select max(id) from piece), done_to),
         added = added + (select count(*) from made),
         finished_at = case when (select count(*) from piece) = 0 then clock_timestamp() end
  returning (select count(*)::int from piece) as looked, (select count(*)::int from made) as added`;

async function addPiece(client: pg.Client): Promise<{ looked: number; added: number } | null> {
  const { rows } = await client.query<{ looked: number; added: number }>(ADD_PIECE);
  const [piece] = rows;
  if (!piece || piece.looked === 0) return null;
  if (piece.added > 0) await client.query("select pg_notify('sof_due', '')");
  return piece;
}

export type BackfillState = { readonly finished: boolean; readonly doneTo: string | null; readonly added: number };

/** Null: the database was not migrated to where there is one. */
export async function readBackfill(pool: Pick<pg.Pool, 'query'>): Promise<BackfillState | null> {
  const { rows } = await pool.query<BackfillState>(
    `select finished_at is not null as finished, done_to::text as "doneTo", added::int from public.order_lazada_backfill`,
  );
  return rows[0] ?? null;
}
