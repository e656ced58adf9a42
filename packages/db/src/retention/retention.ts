/**
 * What was kept long enough is removed, a small piece at a time, so that nobody waits. The functions of the database do it,
 * as a role of their own, and refuse what is younger than 30 days; the manifests' table may be the host's, whose triggers
 * would run as that role, so that one is written as whoever asks.
 */
import type { Day, Retained } from '@lazada-sof/orders';
import type pg from 'pg';

/** By what it was, how many of them. */
export type Removed = Readonly<Partial<Record<Retained, number>>>;

export interface Retention {
  /** Whether that day's turn is ours, for ten minutes. False: it was had, or somebody is at it. */
  begin(day: Day): Promise<boolean>;
  /** For ten minutes more. */
  keep(): Promise<void>;
  /** Every piece is done when its number comes. Ends when nothing older is left that may go. */
  remove(what: Retained, days: number): AsyncIterable<number>;
  finish(day: Day, removed: Removed): Promise<void>;
}

const AT_ONCE = 500;
/** Their bytes are read for their hash. */
const MANIFESTS_AT_ONCE = 50;
const LEASE = "clock_timestamp() + interval '10 min'";

const BEGIN = `
  insert into public.lazada_retention as r (until) values (${LEASE})
      on conflict (one) do update set until = ${LEASE}
   where (r.day is null or r.day < $1::date) and (r.until is null or r.until < clock_timestamp())
  returning 1`;

const FINISH = `
  update public.lazada_retention set day = $1::date, until = null, finished_at = clock_timestamp(), removed = $2`;

const INVOICES = `
  select removed, last_at::text as "lastAt", last_id::text as "lastId"
    from public.sof_remove_invoices($1::int, $2::timestamptz, $3::bigint, ${AT_ONCE})`;

const IMPORTS = `select removed, is_over as "isOver" from public.sof_remove_imports($1::int, ${AT_ONCE})`;

const EVENT_DATA = `
  select removed, last_id::text as "lastId", left_id::text as "leftId", is_over as "isOver"
    from public.sof_remove_event_data($1::int, $2::bigint, ${AT_ONCE})`;

const MANIFESTS = `
  with old as (
         select account_id, manifest_date from public.marketplace_manifests
          where marketplace = 'lazada' and status::text = 'stored' and file is not null
            and coalesce(file_stored_at, manifest_date::timestamptz) < now() - greatest($1::int, 30) * interval '24 hours'
          limit ${MANIFESTS_AT_ONCE} for update skip locked)
  update public.marketplace_manifests m
     set file_sha256 = encode(sha256(m.file), 'hex'), file_bytes = octet_length(m.file), file = null,
         file_removed_at = clock_timestamp()
    from old
   where m.marketplace = 'lazada' and m.account_id = old.account_id and m.manifest_date = old.manifest_date`;

export function openRetention(pool: pg.Pool): Retention {
  const removers: Readonly<Record<Retained, (days: number) => AsyncIterable<number>>> = {
    invoices: (days) => removeInvoices(pool, days),
    manifests: (days) => removeManifests(pool, days),
    imports: (days) => removeImports(pool, days),
    eventData: (days) => removeEventData(pool, days),
  };
  return {
    begin: async (day) => (await pool.query(BEGIN, [day])).rowCount === 1,
    async keep() {
      await pool.query(`update public.lazada_retention set until = ${LEASE}`);
    },
    remove: (what, days) => removers[what](days),
    async finish(day, removed) {
      await pool.query(FINISH, [day, JSON.stringify(removed)]);
    },
  };
}

async function* removeInvoices(pool: pg.Pool, days: number): AsyncGenerator<number> {
  type Piece = { readonly removed: number; readonly lastAt: string | null; readonly lastId: string | null };
  for (let after = ['-infinity', '0']; ; ) {
    const { rows } = await pool.query<Piece>(INVOICES, [days, ...after]);
    const { removed = 0, lastAt = null, lastId = null } = rows[0] ?? {};
    yield removed;
    if (lastAt === null || lastId === null) return;
    after = [lastAt, lastId];
  }
}

async function* removeManifests(pool: pg.Pool, days: number): AsyncGenerator<number> {
  for (;;) {
    const { rowCount } = await pool.query(MANIFESTS, [days]);
    yield rowCount ?? 0;
    if ((rowCount ?? 0) < MANIFESTS_AT_ONCE) return;
  }
}

async function* removeImports(pool: pg.Pool, days: number): AsyncGenerator<number> {
  for (;;) {
    const { rows } = await pool.query<{ removed: number; isOver: boolean }>(IMPORTS, [days]);
    yield rows[0]?.removed ?? 0;
    if (rows[0]?.isOver ?? true) return;
  }
}

/**
 * From where it ended the last time: those before tell nothing any more, and are never read again. Never past the last that
 * is old: one of a smaller number than a young one's may still be being written.
 */
async function* removeEventData(pool: pg.Pool, days: number): AsyncGenerator<number> {
  type Piece = {
    readonly removed: number;
    readonly lastId: string | null;
    readonly leftId: string | null;
    readonly isOver: boolean;
  };
  const begun = await pool.query<{ doneTo: string }>(
    'select events_done_to::text as "doneTo" from public.lazada_retention',
  );
  let after = begun.rows[0]?.doneTo ?? '0';
  let left: string | null = null;
  for (;;) {
    const { rows } = await pool.query<Piece>(EVENT_DATA, [days, after]);
    const { removed = 0, lastId = null, leftId = null, isOver = true } = rows[0] ?? {};
    left ??= leftId;
    after = lastId ?? after;
    const doneTo = left !== null && BigInt(left) <= BigInt(after) ? String(BigInt(left) - 1n) : after;
    await pool.query('update public.lazada_retention set events_done_to = greatest(events_done_to, $1::bigint)', [
      doneTo,
    ]);
    yield removed;
    if (isOver) return;
  }
}
