/**
 * The carriers whose parcels are looked after, over all processes: which of them somebody has a key for, how often each was
 * asked today, and until when nobody asks it. Days are GMT's, as carriers count them.
 */
import type pg from 'pg';
import { findRequests } from './request-events.ts';

/** In a statement over orders: the names of the carriers that are asked. */
export const CARRIERS_ASKED = 'array(select c.carrier from public.lazada_carrier c where c.asked_until > now())';

/** `budget`: our own, of the day. `quota`: the carrier said that it was asked too often. `key`: it refuses our key. */
export type StopReason = 'budget' | 'quota' | 'key';
export type Allowance =
  | { readonly may: true }
  /** Not before `until`; by the database's clock that is in `waitMs`. */
  | { readonly may: false; readonly because: StopReason; readonly until: Date; readonly waitMs: number };

/** The ids of orders that could not be made due, since somebody writes them. */
export type HeldOrders = readonly string[];

export interface Carriers {
  /** A service starts with a key for it: `askOn`, and a stop for the key is over, since it may be another one. */
  ask(carrier: string): Promise<HeldOrders>;
  /**
   * Somebody has a key for it, for an hour from now: say it again before that. Where nobody had, the orders of its parcels are due
   * at once; those that somebody else holds are answered, and want to be given to the next call, until none is left.
   */
  askOn(carrier: string, held: HeldOrders): Promise<HeldOrders>;
  /** Whether one more call fits in; nothing is counted. */
  mayAsk(carrier: string, perDay: number): Promise<Allowance>;
  /** Counts one call where it fits in: whoever is told so makes it. Over all processes no more than `perDay` are. */
  takeCall(carrier: string, perDay: number): Promise<Allowance>;
  /** Nobody asks it for so long, or for longer where it is stopped for longer; null: for what is left of the day. */
  stop(carrier: string, because: Exclude<StopReason, 'budget'>, ms: number | null): Promise<Allowance>;
  /** Calls that are left today; none while the carrier itself has had enough. */
  left(carrier: string, perDay: number): Promise<number>;
  /** An answer that this order has had, under its id. */
  isHeard(orderId: string, wordId: string): Promise<boolean>;
  /** Null: there is no such parcel (any more). */
  orderOf(packageId: string): Promise<string | null>;
}

/** Whether the orders of its parcels have been due since somebody began to ask it. */
const LEASE = `
  insert into public.lazada_carrier as c (carrier, asked_until) values ($1, now() + interval '1 hour')
  on conflict (carrier) do update
     set asked_until = excluded.asked_until, is_asked = c.is_asked and coalesce(c.asked_until > now(), false)
  returning is_asked as "isAsked"`;

/** Whoever holds an order's rows may have read them while nobody asked, and is not waited for. */
const WAKE = `
  with its as (
         select distinct p.order_id from public.order_lazada_package p
          where lower(btrim(p.carrier)) = $1 and p.carrier_tracking_number is not null
            and p.state in ('ready_to_ship', 'shipped') and ($2::bigint[] is null or p.order_id = any ($2))),
       woken as (
         update public.order_lazada l
            set next_attempt_at = now()
          where l.order_id = any (array(
                select o.order_id from public.order_lazada o
                 where o.order_id = any (array(select order_id from its))
                 order by o.order_id for no key update skip locked))
         returning l.order_id)
  select order_id::text as "orderId" from its where order_id not in (select order_id from woken)`;

const TODAY = `(now() at time zone 'UTC')::date`;
const MIDNIGHT = `(${TODAY} + 1)::timestamp at time zone 'UTC'`;
const STOPPED =
  'select stopped_until, stopped_for from public.lazada_carrier where carrier = $1 and stopped_until > now()';

type Row = { may: boolean; because: StopReason; until: Date; waitMs: number };
/** `may` is SQL that says whether it fits into the budget. */
const answer = (may: string) => `
  select stopped.stopped_for is null and ${may} as may, coalesce(stopped.stopped_for, 'budget') as because, at.until,
         ceil(extract(epoch from at.until - now()) * 1000)::float8 as "waitMs"
    from (select 1) one
    left join stopped on true
   cross join lateral (select coalesce(stopped.stopped_until, ${MIDNIGHT}) as until) at`;

const MAY_ASK = `
  with stopped as (${STOPPED}),
       today as (select calls from public.lazada_carrier_day where carrier = $1 and day = ${TODAY})
  ${answer('coalesce((select calls from today), 0) < $2::int')}`;

const TAKE_CALL = `
  with stopped as (${STOPPED}),
       taken as (
         insert into public.lazada_carrier_day (carrier, day, calls)
         select $1, ${TODAY}, 1 where $2::int > 0 and not exists (select from stopped)
         on conflict (carrier, day) do update set calls = lazada_carrier_day.calls + 1
          where lazada_carrier_day.calls < $2::int
         returning calls)
  ${answer('exists (select from taken)')}`;

const STOP = `
  insert into public.lazada_carrier as c (carrier, stopped_for, stopped_until)
  values ($1, $2, coalesce(now() + $3::float8 * interval '1 ms', ${MIDNIGHT}))
  on conflict (carrier) do update
     set stopped_for = case when c.stopped_until > excluded.stopped_until then c.stopped_for else excluded.stopped_for end,
         stopped_until = greatest(c.stopped_until, excluded.stopped_until)
  returning stopped_for as because, stopped_until as until,
            ceil(extract(epoch from stopped_until - now()) * 1000)::float8 as "waitMs"`;

const LEFT = `
  with stopped as (${STOPPED})
  select case when exists (select from stopped where stopped_for = 'quota') then 0
              else greatest(0, $2::int - coalesce((select calls from public.lazada_carrier_day
                                                    where carrier = $1 and day = ${TODAY}), 0)) end as "left"`;

export function openCarriers(pool: pg.Pool): Carriers {
  const one = async <Found extends object>(text: string, values: unknown[]): Promise<Found> => {
    const [row] = (await pool.query<Found>(text, values)).rows;
    if (!row) throw new Error('the database answered nothing about a carrier');
    return row;
  };
  const allowance = async (text: string, values: unknown[]): Promise<Allowance> => {
    const { may, ...rest } = await one<Row>(text, values);
    return may ? { may } : { may: false, ...rest };
  };
  const askOn: Carriers['askOn'] = async (carrier, held) => {
    const { isAsked } = await one<{ isAsked: boolean }>(LEASE, [carrier]);
    if (isAsked && held.length === 0) return [];
    const { rows } = await pool.query<{ orderId: string }>(WAKE, [carrier, held.length > 0 ? held : null]);
    if (rows.length === 0)
      await pool.query('update public.lazada_carrier set is_asked = true where carrier = $1 and not is_asked', [
        carrier,
      ]);
    return rows.map(({ orderId }) => orderId);
  };
  return {
    async ask(carrier) {
      await pool.query(
        "update public.lazada_carrier set stopped_until = null, stopped_for = null where carrier = $1 and stopped_for = 'key'",
        [carrier],
      );
      return askOn(carrier, []);
    },
    askOn,
    mayAsk: (carrier, perDay) => allowance(MAY_ASK, [carrier, perDay]),
    takeCall: (carrier, perDay) => allowance(TAKE_CALL, [carrier, perDay]),
    stop: async (carrier, because, ms) => ({
      may: false,
      ...(await one<Omit<Row, 'may'>>(STOP, [carrier, because, ms])),
    }),
    left: async (carrier, perDay) => (await one<{ left: number }>(LEFT, [carrier, perDay])).left,
    async isHeard(orderId, wordId) {
      const word = { orderId, requestId: wordId };
      return (await findRequests(pool, [word]))(word) !== undefined;
    },
    async orderOf(packageId) {
      const { rows } = await pool.query<{ orderId: string }>(
        'select order_id::text as "orderId" from public.order_lazada_package where id = $1',
        [packageId],
      );
      return rows[0]?.orderId ?? null;
    },
  };
}
