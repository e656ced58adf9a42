/** A day's index that is no longer true, and a manifest that is still to be written, are made due in the transaction that makes it so. */
import { type Day, INDEX_REST_MS } from '@lazada-sof/orders';
import type { Statement } from '../sql/bulk.ts';

export type DayMark = { readonly accountId: string; readonly day: Day };

/** What is stored is on the target by then, mostly: told as `uploaded` at once, and not as `fetched` for an hour. */
const SETTLES = "interval '1 min'";

/**
 * `INDEX_REST_MS` after the last file at the earliest. What is due already stays so, a microsecond later: whoever makes the file
 * at this moment sees by that that it was asked for again. Rows are locked in one order, so two changes never wait for each
 * other.
 */
const MARK_INDEX = `
  with touched as (
    select d.account_id, d.day, f.written_at
      from unnest($1::bigint[], $2::date[]) as key (account_id, day)
      join public.lazada_daily_job d on d.account_id = key.account_id and d.job = 'index' and d.day = key.day
      left join public.order_lazada_index f on f.account_id = d.account_id and f.day = d.day
     order by d.account_id, d.day for no key update of d)
  update public.lazada_daily_job d
     set due_at = case when d.due_at is null then greatest(clock_timestamp() + ${SETTLES}, touched.written_at + interval '${INDEX_REST_MS} ms')
                       else d.due_at + interval '1 microsecond' end,
         tries = case when d.due_at is null then 0 else d.tries end,
         error_code = case when d.due_at is null then null else d.error_code end,
         error = case when d.due_at is null then null else d.error end
    from touched
   where d.account_id = touched.account_id and d.job = 'index' and d.day = touched.day`;

/**
 * Only a day that was done and wrote nothing, since all of its packages came too late: a manifest is written once. One that is
 * asked for at this moment finds them by itself, or is done and marked by whoever writes the next.
 */
const MARK_MANIFEST = `
  with touched as (
    select d.account_id, d.day
      from unnest($1::bigint[], $2::date[]) as key (account_id, day)
      join public.lazada_daily_job d on d.account_id = key.account_id and d.job = 'manifest' and d.day = key.day
     where not exists (select from public.marketplace_manifests m
                        where m.marketplace = 'lazada' and m.account_id = d.account_id and m.manifest_date = d.day)
     order by d.account_id, d.day for no key update of d)
  update public.lazada_daily_job d
     set due_at = coalesce(d.due_at + interval '1 microsecond', clock_timestamp() + ${SETTLES})
    from touched
   where d.account_id = touched.account_id and d.job = 'manifest' and d.day = touched.day`;

/** Null: there is nothing to mark. A day that was never asked for stays so. */
export const markIndexes = (marks: readonly DayMark[]): Statement => mark(MARK_INDEX, marks);
/** Null: there is nothing to mark. */
export const markManifests = (marks: readonly DayMark[]): Statement => mark(MARK_MANIFEST, marks);

function mark(text: string, marks: readonly DayMark[]): Statement {
  const distinct = [...new Map(marks.map((one) => [`${one.accountId} ${one.day}`, one])).values()];
  if (distinct.length === 0) return null;
  return { text, values: [distinct.map(({ accountId }) => accountId), distinct.map(({ day }) => day)] };
}
