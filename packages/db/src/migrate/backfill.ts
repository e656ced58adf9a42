/**
 * The rows of orders that were there before us. The triggers stand already, so whatever is written meanwhile has its row; this
 * walks the rest in pieces, each a short transaction, and goes on where it was broken off. It never waits while it holds
 * something: what somebody else is writing is left out, and taken up when the rest is done.
 */
import type pg from 'pg';
import { inTurn, type Migrating } from './turns.ts';

/** Some tens of milliseconds, for which a host that writes one of these orders waits. */
const PIECE = 2_000;

/** How many rows there are by it, in all runs, of about how many orders. */
export type Progress = { readonly added: number; readonly about: number };

/** Answers how many rows were made in this run. */
export async function backfill(migrating: Migrating, onProgress?: (progress: Progress) => void): Promise<number> {
  const { client } = migrating;
  if (!(await inTurn(migrating, () => begin(client)))) return 0;
  let made = 0;
  for (;;) {
    made += await walk(migrating, onProgress);
    if (await inTurn(migrating, () => finish(client))) return made;
    for (const one of WAITS_FOR) await inTurn(migrating, () => client.query(one));
  }
}

/** False: it is over, or this table is one that we cannot follow, which was said. */
async function begin(client: pg.Client): Promise<boolean> {
  await client.query('insert into public.order_lazada_backfill default values on conflict do nothing');
  const { rows } = await client.query(`
    select from public.order_lazada_backfill
     where finished_at is null
       and (select public.sof_follows(pg_typeof(o.id), pg_typeof(o.account_id), pg_typeof(a.id))
              from (select) nothing left join public.orders o on false left join account.lazada a on false)`);
  return rows.length > 0;
}

async function walk(migrating: Migrating, onProgress?: (progress: Progress) => void): Promise<number> {
  const { client } = migrating;
  const about = await aboutHowMany(client);
  let made = 0;
  for (;;) {
    const piece = await inTurn(migrating, () => addPiece(client));
    if (!piece) return made;
    made += piece.made;
    onProgress?.({ added: piece.added, about: Math.max(about, piece.added) });
  }
}

/**
 * Made due as the trigger on a new order would. An order or an account that somebody is writing is left out: its trigger
 * may have run before our row is there for it to see. Columns of the host's are compared as text, as the triggers do.
 */
const ADD_PIECE = `
  with piece as materialized (
    select o.id, o.account_id, public.sof_is_ready(concat(o.update_shipping), concat(o.tool_status)) as ready
      from public.orders o
     where ($1::bigint is null or o.id > $1)
       and not exists (select from public.order_lazada l
                        where l.order_id = o.id and ($1::bigint is null or l.order_id > $1))
     order by o.id limit ${PIECE}
       for share of o skip locked),
  free as materialized (
    select a.id, public.sof_is_sof(concat(a.delivery_type)) as sof
      from account.lazada a where a.id in (select account_id from piece)
       for share skip locked),
  made as (
    insert into public.order_lazada (order_id, account_id, asked_at, next_attempt_at)
    select p.id, p.account_id, asked.at, asked.at
      from piece p left join free f on f.id = p.account_id
     cross join lateral (select case when p.ready and f.sof then now() end as at) asked
     where f.id is not null or not exists (select from account.lazada a where a.id = p.account_id)
     order by p.id
    on conflict (order_id) do nothing
    returning next_attempt_at)
  update public.order_lazada_backfill b
     set done_to = piece.last, added = b.added + made.count
    from (select max(id) as last from piece) piece,
         (select count(*) as count, count(next_attempt_at) as due from made) made
   where piece.last is not null
  returning b.added::float, made.count::float as made, made.due > 0 as due`;

type Piece = { readonly added: number; readonly made: number; readonly due: boolean };

/** Null: after the last piece. */
async function addPiece(client: pg.Client): Promise<Piece | null> {
  // Handed over as a value, so that the planner knows where in the table it is.
  const { rows } = await client.query<{ done_to: string | null }>('select done_to from public.order_lazada_backfill');
  const [piece] = (await client.query<Piece>(ADD_PIECE, [rows[0]?.done_to ?? null])).rows;
  if (piece?.due) await client.query("select pg_notify('sof_due', '')");
  return piece ?? null;
}

const MISSING = `select o.id, o.account_id from public.orders o
  where not exists (select from public.order_lazada l where l.order_id = o.id)`;

/** False: some were left out, so that it has to begin once more. */
async function finish(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ finished: boolean }>(`
    update public.order_lazada_backfill
       set done_to = null, finished_at = case when not exists (${MISSING}) then clock_timestamp() end
    returning finished_at is not null as finished`);
  return rows[0]?.finished ?? false;
}

/** The account, then the order of one that was left out; each alone, so that nobody waits for us meanwhile. */
const WAITS_FOR = [
  `select from account.lazada where id in (select account_id from (${MISSING} limit 1) one) for share`,
  `select from public.orders where id in (select id from (${MISSING} limit 1) one) for share`,
];

/** As the planner sees it: a count would read the whole table. */
async function aboutHowMany(client: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await client.query('explain (format json) select from public.orders');
  return Number(rows[0]?.['QUERY PLAN']?.[0]?.Plan?.['Plan Rows'] ?? 0);
}

/** What is said while it is not over, or was not begun; null: it is over, for good. */
export async function backfillNote(client: Pick<pg.Pool, 'query'>): Promise<string | null> {
  const { rows } = await client.query<{ added: number; finished: boolean }>(
    'select added::float, finished_at is not null as finished from public.order_lazada_backfill',
  );
  const { added, finished } = rows[0] ?? { added: 0, finished: false };
  if (finished) return null;
  const share = Math.floor((100 * added) / Math.max(1, await aboutHowMany(client)));
  return `about ${Math.min(99, share)} % of the orders of before have their rows; "sof migrate" makes the others`;
}
