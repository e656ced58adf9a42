/** The rows of what the clock asked for: one per account, job and day, so it is asked for once by any number of schedulers. */
import {
  type Account,
  DAILY_JOBS,
  type DailyJobName,
  type DailyKey,
  type DailyRow,
  type DailyRows,
  type Day,
} from '@lazada-sof/orders';
import type pg from 'pg';
import { ACCOUNT_SELECT, ACTIVE, type AccountColumns, accountOf } from '../accounts/account-row.ts';
import { wordsToKeep } from '../sql/words.ts';

/** An account for which the clock is looked at, and by job the newest day that was asked for. */
export type AccountOfTheDay = {
  readonly account: Account;
  readonly newest: Readonly<Partial<Record<DailyJobName, Day>>>;
};

export interface DailyJobs extends DailyRows {
  /** Enabled `sof` accounts, parked ones too: their days are kept for when they are mended. And the database's time. */
  accounts(): Promise<{ readonly accounts: readonly AccountOfTheDay[]; readonly now: Date }>;
  /** Writes what is due for the first time. Answers what nobody had written. */
  add(keys: readonly DailyKey[], how: { readonly isDone: boolean }): Promise<DailyKey[]>;
  /** Takes what is due of active accounts, for ten minutes; then it is offered again. */
  take(): Promise<DailyKey[]>;
  /** Whether somebody still waits for it at once, and what it last failed with. */
  standing(key: DailyKey): Promise<{ readonly isAsked: boolean; readonly error: string | null }>;
}

const LEASE = "interval '10 min'";
const AT_ONCE = 200;

const KEY = 'account_id::text as "accountId", job, day::text as day';
const OF_KEY = 'account_id = $1 and job = $2 and day = $3::date';

const NEWEST = `
  select ${ACCOUNT_SELECT}, newest.days
    from account.lazada a
   cross join lateral (
         select coalesce(jsonb_object_agg(j.job, d.day) filter (where d.day is not null), '{}') as days
           from unnest($1::text[]) as j (job)
          cross join lateral (select max(day)::text as day from public.lazada_daily_job
                               where account_id = a.id and job = j.job) d) newest
   where a.enabled and a.delivery_type = 'sof'
   order by a.id`;

const ADD = `
  insert into public.lazada_daily_job (account_id, job, day, due_at, done_at)
  select key.account_id, key.job, key.day, case when $4 then null else now() end, case when $4 then now() end
    from unnest($1::bigint[], $2::text[], $3::date[]) as key (account_id, job, day)
      on conflict (account_id, job, day) do nothing
  returning ${KEY}`;

const TAKE = `
  update public.lazada_daily_job
     set due_at = now() + ${LEASE}
   where (account_id, job, day) in (
         select d.account_id, d.job, d.day
           from public.lazada_daily_job d join account.lazada a on a.id = d.account_id
          where d.due_at <= now() and ${ACTIVE}
          order by d.due_at limit ${AT_ONCE} for no key update of d skip locked)
  returning ${KEY}`;

const BEGIN = `
  insert into public.lazada_daily_job as d (account_id, job, day, due_at)
  values ($1, $2, $3::date, clock_timestamp())
      on conflict (account_id, job, day) do update set tries = d.tries
  returning due_at::text as "dueAt", asked_at::text as "askedAt", tries, since, error_code as "errorCode", clock_timestamp() as now`;

export function openDailyJobs(pool: pg.Pool): DailyJobs {
  const now = async () => {
    const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
    return rows[0]?.now ?? new Date();
  };
  return {
    now,
    async accounts() {
      const jobs = Object.keys(DAILY_JOBS);
      const { rows } = await pool.query<AccountColumns & { days: AccountOfTheDay['newest'] }>(NEWEST, [jobs]);
      return {
        accounts: rows.map(({ days, ...columns }) => ({ account: accountOf(columns), newest: days })),
        now: await now(),
      };
    },
    async add(keys, { isDone }) {
      if (keys.length === 0) return [];
      const columns = [keys.map((one) => one.accountId), keys.map((one) => one.job), keys.map((one) => one.day)];
      const { rows } = await pool.query<DailyKey>(ADD, [...columns, isDone]);
      return rows;
    },
    async take() {
      const { rows } = await pool.query<DailyKey>(TAKE);
      return rows;
    },
    async standing({ accountId, job, day }) {
      const { rows } = await pool.query<{ isAsked: boolean; error: string | null }>(
        `select asked_at is not null as "isAsked", error from public.lazada_daily_job where ${OF_KEY}`,
        [accountId, job, day],
      );
      return rows[0] ?? { isAsked: false, error: null };
    },
    async begin({ accountId, job, day }) {
      const { rows } = await pool.query<DailyRow>(BEGIN, [accountId, job, day]);
      if (!rows[0]) throw new Error(`the row of ${job} of ${day} was not written`);
      return rows[0];
    },
    async finish({ accountId, job, day }, seen) {
      await pool.query(
        `update public.lazada_daily_job
            set due_at = case when due_at::text is not distinct from $4 then null else due_at end,
                asked_at = case when asked_at::text is not distinct from $5 then null else asked_at end,
                done_at = clock_timestamp(), tries = 0, error_code = null, error = null
          where ${OF_KEY}`,
        [accountId, job, day, seen.dueAt, seen.askedAt],
      );
    },
    async fail({ accountId, job, day }, { dueAt, tries, code, error }, seen) {
      await pool.query(
        `update public.lazada_daily_job
            set due_at = case when due_at::text is not distinct from $8 then $4 else due_at end,
                tries = case when tries = $9 then $5 else tries end, error = $7,
                since = case when error_code is distinct from $6 then clock_timestamp() else since end, error_code = $6
          where ${OF_KEY}`,
        [accountId, job, day, dueAt, tries, code, wordsToKeep(error), seen.dueAt, seen.tries],
      );
    },
    async ask({ accountId, job, day }) {
      await pool.query(
        `insert into public.lazada_daily_job as d (account_id, job, day, due_at, asked_at)
         values ($1, $2, $3::date, clock_timestamp(), clock_timestamp())
             on conflict (account_id, job, day) do update
            set due_at = excluded.due_at, asked_at = excluded.asked_at, tries = 0, error_code = null, error = null`,
        [accountId, job, day],
      );
    },
  };
}
