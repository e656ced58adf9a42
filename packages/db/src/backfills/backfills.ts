/** The rows of backfills: how far each is, whoever goes on with it. One per account and range of days. */
import type { BackfillRange, DayBounds, LeftOut } from '@lazada-sof/orders';
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';
import { wordsToKeep } from '../sql/words.ts';
import { type BackfillPiece, isOfDays, nextPiece } from './pieces.ts';

export type BackfillState = 'running' | 'stopped' | 'given_up' | 'finished';
export type BackfillStanding = BackfillRange & {
  readonly state: BackfillState;
  /** As counted when it began. */
  readonly orders: number;
  readonly done: number;
  /** Of those that are done: which were not read, or not written. */
  readonly leftOut: number;
  /** The first of them. */
  readonly troubles: readonly LeftOut[];
  /** What it waits for, or was given up with. */
  readonly error: string | null;
  readonly waitsUntil: Date | null;
};

/** A backfill as whoever goes on with it found it. */
export type BegunBackfill = BackfillRange & {
  readonly bounds: DayBounds;
  readonly after: string | null;
  /** As text, to the microsecond: it tells this run from one that was begun anew. */
  readonly begunAt: string;
  readonly tries: number;
  readonly since: Date;
  readonly errorCode: string | null;
  /** The database's time. */
  readonly now: Date;
};
export type PieceDone = Pick<BackfillPiece, 'after' | 'isLast'> & {
  readonly done: number;
  readonly leftOut: readonly LeftOut[];
};
export type BackfillFailure = {
  /** Null: given up, until somebody asks for it again. */
  readonly waitsUntil: Date | null;
  readonly tries: number;
  readonly code: string;
  readonly error: string;
};
export type BackfillProgress = Pick<BackfillStanding, 'state' | 'orders' | 'done'>;

export interface Backfills {
  /** How many orders it would read. */
  count(range: BackfillRange, bounds: DayBounds): Promise<number>;
  /**
   * Somebody wants it: begun where there is none, or the last one is finished; goes on where it was stopped or given up.
   * Answers how it stood before; null: there was none.
   */
  ask(range: BackfillRange, bounds: DayBounds): Promise<BackfillState | null>;
  /** Nobody goes on with it. Answers how it stands; null: there is none. */
  stop(range: BackfillRange): Promise<BackfillStanding | null>;
  /** Null: there is none. */
  standing(range: BackfillRange): Promise<BackfillStanding | null>;
  /**
   * Whoever goes on with it takes it for two minutes. Makes the row where there is none. Null: nothing is to be done now.
   * `force`: also where it waits, or was given up.
   */
  begin(range: BackfillRange, how: { bounds: DayBounds; force: boolean }): Promise<BegunBackfill | null>;
  /** Which orders come next. */
  piece(begun: BegunBackfill): Promise<BackfillPiece>;
  /** A piece is done, unless somebody else has told so already. Null: it is stopped, finished, or begun anew since. */
  advance(begun: BegunBackfill, piece: PieceDone): Promise<BackfillProgress | null>;
  fail(begun: BegunBackfill, failure: BackfillFailure): Promise<void>;
  /** Takes those of active accounts that nobody goes on with, for two minutes. */
  take(): Promise<BackfillRange[]>;
}

const LEASE = "clock_timestamp() + interval '2 min'";
const AT_ONCE = 200;
/** More would say nothing new, and the log has them all. */
const MOST_TROUBLES = 20;

const RANGE = 'account_id::text as "accountId", first_day::text as "from", last_day::text as "to"';
const OF_RANGE = 'account_id = $1 and first_day = $2::date and last_day = $3::date';
const STATE = `
  case when finished_at is not null then 'finished' when due_at is not null then 'running'
       when error_code is not null then 'given_up' else 'stopped' end as state`;
const STANDING = `${RANGE}, ${STATE}, orders, done, left_out as "leftOut", troubles, error, waits_until as "waitsUntil"`;
const WELL = 'tries = 0, error_code = null, error = null, waits_until = null, since = clock_timestamp()';

const COUNT = `
  select count(*)::int as orders from public.orders o where o.account_id = $1 and ${isOfDays('o.created_at', '$2', '$3')}`;

const ADD = `
  insert into public.lazada_backfill_run as r (account_id, first_day, last_day, orders, due_at)
  values ($1, $2::date, $3::date, $4, clock_timestamp())
      on conflict (account_id, first_day, last_day) do update
     set after_order_number = null, begun_at = clock_timestamp(), orders = excluded.orders, done = 0, left_out = 0,
         troubles = '[]', due_at = clock_timestamp(), stopped_at = null, finished_at = null, ${WELL}
   where r.finished_at is not null`;

const GO_ON = `
  update public.lazada_backfill_run set due_at = clock_timestamp(), stopped_at = null, ${WELL}
   where ${OF_RANGE} and due_at is null and finished_at is null`;

const STOP = `
  update public.lazada_backfill_run set due_at = null, stopped_at = clock_timestamp(), ${WELL}
   where ${OF_RANGE} and due_at is not null`;

const BEGIN = `
  update public.lazada_backfill_run set due_at = ${LEASE}
   where ${OF_RANGE} and due_at is not null and (waits_until is null or waits_until <= clock_timestamp() or $4)
  returning ${RANGE}, after_order_number as "after", begun_at::text as "begunAt", tries, since, error_code as "errorCode",
            clock_timestamp() as now`;

const OF_RUN = `${OF_RANGE} and begun_at = $4::timestamptz`;

const ADVANCE = `
  update public.lazada_backfill_run
     set after_order_number = $5, done = done + $6, left_out = left_out + $7,
         troubles = case when jsonb_array_length(troubles) < ${MOST_TROUBLES} then troubles || $8::jsonb else troubles end,
         due_at = case when due_at is null or $9 then null else ${LEASE} end,
         stopped_at = case when $9 then null else stopped_at end,
         finished_at = case when $9 then clock_timestamp() end, ${WELL}
   where ${OF_RUN} and finished_at is null and after_order_number is not distinct from $10
  returning ${STATE}, orders, done`;

const FAIL = `
  update public.lazada_backfill_run
     set due_at = $5, waits_until = $5, stopped_at = case when $5::timestamptz is null then clock_timestamp() end,
         since = case when error_code is distinct from $7 then clock_timestamp() else since end,
         tries = $6, error_code = $7, error = $8
   where ${OF_RUN} and due_at is not null`;

const TAKE = `
  update public.lazada_backfill_run
     set due_at = ${LEASE}
   where (account_id, first_day, last_day) in (
         select r.account_id, r.first_day, r.last_day
           from public.lazada_backfill_run r join account.lazada a on a.id = r.account_id
          where r.due_at <= now() and ${ACTIVE}
          order by r.due_at limit ${AT_ONCE} for no key update of r skip locked)
  returning ${RANGE}`;

const keyOf = ({ accountId, from, to }: BackfillRange) => [accountId, from, to];

export function openBackfills(pool: pg.Pool): Backfills {
  const count: Backfills['count'] = async ({ accountId }, { from, until }) => {
    const { rows } = await pool.query<{ orders: number }>(COUNT, [accountId, from, until]);
    return rows[0]?.orders ?? 0;
  };
  const standing: Backfills['standing'] = async (range) => {
    const { rows } = await pool.query<BackfillStanding>(
      `select ${STANDING} from public.lazada_backfill_run where ${OF_RANGE}`,
      keyOf(range),
    );
    return rows[0] ?? null;
  };
  const ask: Backfills['ask'] = async (range, bounds) => {
    const { state } = (await standing(range)) ?? {};
    if (state === 'stopped' || state === 'given_up') await pool.query(GO_ON, keyOf(range));
    else if (state !== 'running') await pool.query(ADD, [...keyOf(range), await count(range, bounds)]);
    return state ?? null;
  };
  return {
    count,
    ask,
    standing,
    async stop(range) {
      await pool.query(STOP, keyOf(range));
      return standing(range);
    },
    async begin(range, { bounds, force }) {
      const { state } = (await standing(range)) ?? {};
      if (state === undefined || (force && state === 'given_up')) await ask(range, bounds);
      const { rows } = await pool.query<BegunBackfill>(BEGIN, [...keyOf(range), force]);
      return rows[0] ? { ...rows[0], bounds } : null;
    },
    piece: ({ accountId, bounds, after, begunAt }) => nextPiece(pool, { accountId, bounds, after, begunAt }),
    async advance(begun, { done, leftOut, after, isLast }) {
      const told = [after, done, leftOut.length, JSON.stringify(leftOut), isLast];
      const values = [...keyOf(begun), begun.begunAt, ...told, begun.after];
      const { rows } = await pool.query<BackfillProgress>(ADVANCE, values);
      return rows[0]?.state === 'stopped' ? null : (rows[0] ?? null);
    },
    async fail(begun, { waitsUntil, tries, code, error }) {
      await pool.query(FAIL, [...keyOf(begun), begun.begunAt, waitsUntil, tries, code, wordsToKeep(error)]);
    },
    async take() {
      return (await pool.query<BackfillRange>(TAKE)).rows;
    },
  };
}
