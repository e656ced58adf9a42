/** What the days' indexes are made of, and the newest one of each day as it lies on the target. */
import {
  type Account,
  type Day,
  type DayBounds,
  dayBounds,
  dueDays,
  Failure,
  type IndexFile,
  type IndexRow,
  type InvoiceStatus,
} from '@lazada-sof/orders';
import type pg from 'pg';
import { ACCOUNT_SELECT, type AccountColumns, accountOf } from '../accounts/account-row.ts';
import { transaction } from '../sql/transaction.ts';

export type IndexKey = { readonly accountId: string; readonly day: Day };

export interface IndexFiles {
  /** The orders set ready to ship in that time, by whomever, some thousands at a time, in one order whoever asks. */
  eachRows(accountId: string, within: DayBounds, take: (rows: readonly IndexRow[]) => void): Promise<void>;
  /** Null: none was ever written. */
  newest(key: IndexKey): Promise<IndexFile | null>;
  /**
   * It lies on the target, in the place of the one that was `seen` when its rows were read (null: none).
   * @throws Failure where another was written meanwhile: what was made of older rows must not be the newest for good
   */
  record(key: IndexKey, file: Omit<IndexFile, 'writtenAt'>, seen: number | null): Promise<void>;
  /** Another account whose index of that day lies under this name, whatever its revision; null: there is none. */
  holderOf(key: IndexKey, firstPath: string): Promise<string | null>;
  /** Null: it is there, or there is nothing to tell of that day. Else what it last failed with, as far as it was tried. */
  missing(account: Account, day: Day): Promise<{ readonly code: string | null; readonly error: string | null } | null>;
}

const AT_ONCE = 5_000;

/** By their bytes, so that a database with another collation makes the same file. */
const ROWS = `
  select o.order_number::text as "orderNumber", d.path, d.revision, d.sha256, l.invoice_status as "invoiceStatus"
    from (select distinct p.order_id from public.order_lazada_package p
           where p.ready_to_ship_at >= $2::timestamptz and p.ready_to_ship_at < $3::timestamptz) ready
    join public.order_lazada l on l.order_id = ready.order_id and l.account_id = $1::bigint
    join public.orders o on o.id = l.order_id
    left join lateral (
         select distinct on (part) part, path, revision, pdf_sha256 as sha256
           from public.order_lazada_document
          where order_id = l.order_id and doc_type = 'invoice' and pdf_sha256 is not null and path is not null
          order by part, revision desc) d on true
   order by o.order_number::text collate "C", d.part`;

type Row = {
  orderNumber: string;
  path: string | null;
  revision: number | null;
  sha256: string | null;
  invoiceStatus: InvoiceStatus;
};

/**
 * The condition of the index `lazada_daily_job_index_unfinished`, word for word, and that no file was ever written. That is
 * looked up day by day: of `not exists` the planner makes a join with all files of all days.
 */
const MISSING = `
  j.job = 'index' and (j.done_at is null or j.due_at is not null or j.error_code is not null)
  and (select f.revision from public.order_lazada_index f where f.account_id = j.account_id and f.day = j.day) is null`;

export function openIndexFiles(pool: pg.Pool): IndexFiles {
  return {
    eachRows: (accountId, { from, until }, take) =>
      transaction(pool, {}, async (client) => {
        await client.query(`declare index_rows no scroll cursor for ${ROWS}`, [accountId, from, until]);
        for (;;) {
          const { rows } = await client.query<Row>(`fetch ${AT_ONCE} from index_rows`);
          if (rows.length === 0) return;
          take(rows.map(indexRow));
        }
      }),
    async newest({ accountId, day }) {
      const { rows } = await pool.query<IndexFile>(
        `select revision, path, sha256, written_at as "writtenAt"
           from public.order_lazada_index where account_id = $1 and day = $2::date`,
        [accountId, day],
      );
      return rows[0] ?? null;
    },
    async holderOf({ accountId, day }, firstPath) {
      const { rows } = await pool.query<{ name: string }>(
        `select a.name from public.order_lazada_index f join account.lazada a on a.id = f.account_id
          where f.day = $2::date and f.account_id <> $1 and regexp_replace(f.path, '(_R[0-9]+)?\\.csv$', '.csv') = $3`,
        [accountId, day, firstPath],
      );
      return rows[0]?.name ?? null;
    },
    async record({ accountId, day }, { revision, path, sha256 }, seen) {
      const { rowCount } = await pool.query(
        `insert into public.order_lazada_index as f (account_id, day, revision, path, sha256, written_at)
         values ($1, $2::date, $3, $4, $5, clock_timestamp())
             on conflict (account_id, day) do update
            set revision = excluded.revision, path = excluded.path, sha256 = excluded.sha256,
                written_at = excluded.written_at
          where f.revision = $6 or f.sha256 = excluded.sha256`,
        [accountId, day, revision, path, sha256, seen],
      );
      if (rowCount) return;
      throw new Failure('transient', `another index of ${day} was written meanwhile, it is made anew`, {
        code: 'index_written_meanwhile',
      });
    },
    async missing({ accountId, timezone }, day) {
      const { from, until } = dayBounds(day, timezone);
      const { rows } = await pool.query<{ code: string | null; error: string | null }>(
        `select j.error_code as code, j.error from public.lazada_daily_job j
          where ${MISSING} and j.account_id = $1 and j.day = $2::date
            and exists (select from public.order_lazada_package p join public.order_lazada l on l.order_id = p.order_id
                         where p.ready_to_ship_at >= $3 and p.ready_to_ship_at < $4 and l.account_id = $1)`,
        [accountId, day, from, until],
      );
      return rows[0] ?? null;
    },
  };
}

const indexRow = ({ orderNumber, path, revision, sha256, invoiceStatus }: Row): IndexRow => ({
  orderNumber,
  invoice: path !== null && revision !== null && sha256 !== null ? { path, revision, sha256 } : null,
  invoiceStatus,
});

const UNFINISHED = `
  select ${ACCOUNT_SELECT}, j.day::text as day, clock_timestamp() as now
    from public.lazada_daily_job j join account.lazada a on a.id = j.account_id
   where ${MISSING} and a.enabled and a.delivery_type = 'sof'`;

/**
 * By the account's name, how many days have no index on the target though it is past the hour at which that is looked at.
 * From the rows of what is not through alone; nobody asks whether there would be a line in it.
 */
export async function countMissingIndexes(pool: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<AccountColumns & { day: Day; now: Date }>(UNFINISHED);
  const late = rows.filter(({ day, now, ...columns }) => day <= lastChecked(accountOf(columns), now));
  return Object.fromEntries(
    [...Map.groupBy(late, ({ accountName }) => accountName)].map(([name, days]) => [name, days.length]),
  );
}

const lastChecked = ({ timezone }: Account, now: Date): Day =>
  dueDays('index_check', { now, timezone, newest: null })[0] ?? '';
