/**
 * What is due: `next_attempt_at` is due mark, wake-up and lease at once. A claim moves it on in the statement that finds
 * it, so no two schedulers ever take the same order, and one that is lost on its way is offered again.
 */
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';

export type Claim = {
  readonly orderId: string;
  readonly accountId: string;
  /** The lease, to the microsecond, as text: whoever changes the order meanwhile changes it too. */
  readonly until: string;
};
/** A claimed order to which nothing is owed now, or nothing that could be handed on. */
export type Rest = { readonly claim: Claim; readonly nextAt: Date | null };
/** A claimed order of which nothing can be known. */
export type Unreadable = { readonly claim: Claim; readonly reason: string };

export interface Claims {
  /**
   * Takes due orders of active accounts for the next 30 s: `limit` in all, dealt out evenly to the accounts that have
   * something due, and at most 200 of each.
   */
  take(limit?: number): Promise<Claim[]>;
  /**
   * Milliseconds, by the database's clock, until the next order of an active account is due, below 0 since it is; null: none
   * waits.
   */
  nextInMs(): Promise<number | null>;
  /** Lets go of what could not be handed on: it is due again in a second. */
  giveBack(claims: readonly Claim[]): Promise<void>;
  /** Writes when to look again, where nobody has changed the order since the claim. */
  rest(rests: readonly Rest[]): Promise<void>;
  /** Those whose orders nobody has changed since: whoever they were handed to has not begun. */
  untouched(claims: readonly Claim[]): Promise<Claim[]>;
  /** Lets them rest until somebody writes their rows, and says why in `last_error`. */
  shelve(orders: readonly Unreadable[]): Promise<void>;
}

/** Over all accounts: the statement holds their rows for some 30 ms. */
const MOST_OF_ONE_ROUND = 1_000;

/**
 * The due rows of each account come from the index by account and time; so does whether it has any. `= any (array (…))`
 * keeps the primary key for the update; joined as a table expression, PostgreSQL 18 reads all of `order_lazada` for it.
 */
export const CLAIM = `
  update public.order_lazada l
     set next_attempt_at = now() + interval '30 s'
   where l.order_id = any (array(
         select o.order_id
           from (select a.id, greatest(1, least(200, $1::int / count(*) over ())) as share
                   from account.lazada a
                  cross join lateral (
                        select from public.order_lazada
                         where account_id = a.id and next_attempt_at <= now() limit 1) due
                  where ${ACTIVE}) a
          cross join lateral (
                select order_id from public.order_lazada
                 where account_id = a.id and next_attempt_at <= now()
                 order by next_attempt_at limit a.share
                   for no key update skip locked) o))
  returning l.order_id as "orderId", l.account_id as "accountId", l.next_attempt_at::text as until`;

const NEXT_IN_MS = `
  select (extract(epoch from min(first.next_attempt_at) - clock_timestamp()) * 1000)::float8 as ms
    from account.lazada a
   cross join lateral (
         select next_attempt_at from public.order_lazada
          where account_id = a.id and next_attempt_at is not null
          order by next_attempt_at limit 1) first
   where ${ACTIVE}`;

/**
 * Of the claims `d`, those that nobody has changed since. Skips what somebody holds: a wait here could end in a deadlock with the
 * host, and the lease heals what is left out.
 */
const UNCHANGED = `where l.order_id = d.order_id and l.next_attempt_at = d.until::timestamptz
     and l.order_id = any (array(
         select order_id from public.order_lazada where order_id = any ($1::bigint[])
          order by order_id for no key update skip locked))`;

const REST = `
  update public.order_lazada l
     set next_attempt_at = d.next_at
    from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as d (order_id, until, next_at)
   ${UNCHANGED}`;

const GIVE_BACK = `
  update public.order_lazada l
     set next_attempt_at = clock_timestamp() + interval '1 second'
    from unnest($1::bigint[], $2::text[]) as d (order_id, until)
   ${UNCHANGED}`;

/** By the primary key: `= any (array)` keeps the planner from reading the whole table. */
const UNTOUCHED = `
  select d.place::int - 1 as place
    from unnest($1::bigint[], $2::text[]) with ordinality as d (order_id, until, place)
    join public.order_lazada l on l.order_id = d.order_id and l.next_attempt_at = d.until::timestamptz
   where l.order_id = any ($1::bigint[])`;

/** The code is what the triggers know such an order by: a write of the host's row makes it due again. */
const SHELVE = `
  update public.order_lazada l
     set next_attempt_at = null, last_error_code = 'unreadable', last_error = left(d.reason, 500)
    from unnest($1::bigint[], $2::text[], $3::text[]) as d (order_id, until, reason)
   ${UNCHANGED}`;

export function openClaims(pool: pg.Pool): Claims {
  return {
    take: async (limit = MOST_OF_ONE_ROUND) => (await pool.query<Claim>(CLAIM, [limit])).rows,
    async nextInMs() {
      const { rows } = await pool.query<{ ms: number | null }>(NEXT_IN_MS);
      const ms = rows[0]?.ms ?? null;
      return ms === null ? null : ms > 0 ? Math.ceil(ms) : Math.floor(ms);
    },
    async giveBack(claims) {
      if (claims.length > 0) await pool.query(GIVE_BACK, idsAndLeases(claims));
    },
    async rest(rests) {
      if (rests.length === 0) return;
      await pool.query(REST, [...idsAndLeases(rests.map(({ claim }) => claim)), rests.map(({ nextAt }) => nextAt)]);
    },
    async untouched(claims) {
      if (claims.length === 0) return [];
      const { rows } = await pool.query<{ place: number }>(UNTOUCHED, idsAndLeases(claims));
      return rows.flatMap(({ place }) => claims[place] ?? []);
    },
    async shelve(orders) {
      if (orders.length === 0) return;
      await pool.query(SHELVE, [...idsAndLeases(orders.map(({ claim }) => claim)), orders.map(({ reason }) => reason)]);
    },
  };
}

const idsAndLeases = (claims: readonly Claim[]): [string[], string[]] => [
  claims.map(({ orderId }) => orderId),
  claims.map(({ until }) => until),
];
