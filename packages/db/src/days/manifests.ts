/**
 * The rows of the days' manifests. Their table may be the host's, with columns, constraints and rows of its own: what it
 * does not take of ours is told in words, and what is not ours is left as it is.
 */
import { type Day, type DayBounds, Failure, type ManifestStatus, type ReadyPackage } from '@lazada-sof/orders';
import pg from 'pg';
import { wordsToKeep } from '../sql/words.ts';

export type ManifestKey = { readonly accountId: string; readonly day: Day };
export type ManifestFile = { readonly bytes: Buffer; readonly mime: string };

/** A manifest that lists items of an order. */
export type ListedIn = {
  readonly day: Day;
  /** One of ours, or whatever the host has written. */
  readonly status: string | null;
  readonly error: string | null;
};

export type ManifestStanding = {
  readonly status: string | null;
  /** Its file was removed then, since it had been kept long enough. */
  readonly removedAt: Date | null;
  readonly now: Date;
};

export interface Manifests {
  /** Packages that became ready to ship in that time, by whomever, the first one first. */
  packagesOf(accountId: string, within: DayBounds): Promise<ReadyPackage[]>;
  /** Null: there is none. With the database's time. */
  statusOf(key: ManifestKey): Promise<ManifestStanding>;
  /**
   * Writes the list down, before anybody is asked. `stored`: the day has its file, and nothing was written.
   * @throws Failure where the host's table does not take the row, or holds one of the host's own for that day
   */
  list(key: ManifestKey, orderItemIds: readonly string[]): Promise<'listed' | 'stored'>;
  /** Of one that is listed; what is stored stays. */
  store(key: ManifestKey, file: ManifestFile): Promise<void>;
  end(key: ManifestKey, status: 'not_supported' | 'failed', error: string): Promise<void>;
  /** Listed again, what was given up, is not supported, or had its file removed. */
  reopen(key: ManifestKey): Promise<void>;
  /** The newest day first. */
  ofOrder(orderId: string): Promise<ListedIn[]>;
}

const TABLE = 'public.marketplace_manifests';
const OF_KEY = "marketplace = 'lazada' and account_id = $1 and manifest_date = $2";
const GIVEN_UP: readonly ManifestStatus[] = ['not_supported', 'failed'];
const OPEN: readonly ManifestStatus[] = ['listed', ...GIVEN_UP];

const PACKAGES = `
  select p.package_id as "packageId", coalesce(l.items, '[]') as items
    from public.order_lazada_package p join public.order_lazada l on l.order_id = p.order_id
   where p.ready_to_ship_at >= $2 and p.ready_to_ship_at < $3 and l.account_id = $1
   order by p.ready_to_ship_at, p.id`;

/** Values without a type take the one of the host's column. */
const LIST = `
  insert into ${TABLE} as m (marketplace, account_id, manifest_date, order_item_ids, status)
  values ('lazada', $1, $2, $3, 'listed')
      on conflict (marketplace, account_id, manifest_date) do update
     set order_item_ids = excluded.order_item_ids, status = excluded.status, error = null
   where m.status::text = any ($4)
  returning 1`;

const STORE = `
  update ${TABLE} set file = $3, file_mime = $4, status = 'stored', error = null, file_stored_at = clock_timestamp(),
         file_sha256 = null, file_bytes = null, file_removed_at = null
   where ${OF_KEY} and status::text = 'listed'`;

const SET = `update ${TABLE} set status = $3, error = $4 where ${OF_KEY} and status::text = any ($5)`;

const REOPEN = `
  update ${TABLE} set status = 'listed', error = null
   where ${OF_KEY} and (status::text = any ($3) or (status::text = 'stored' and file_removed_at is not null))`;

/** By the days around those on which its packages became ready, whatever the account's zone: never by all manifests. */
const OF_ORDER = `
  select m.manifest_date::date::text as day, m.status::text as status, m.error
    from public.order_lazada l
   cross join lateral (select min(ready_to_ship_at) as first, max(ready_to_ship_at) as last
                         from public.order_lazada_package where order_id = l.order_id) ready
    join ${TABLE} m on m.marketplace = 'lazada' and m.account_id = l.account_id
     and m.manifest_date between ready.first::date - 2 and ready.last::date + 2
   where l.order_id = $1
     and m.order_item_ids::jsonb ?| array(select item ->> 'orderItemId' from jsonb_array_elements(l.items) item)
   order by m.manifest_date desc`;

export function openManifests(pool: pg.Pool): Manifests {
  const set = (key: ManifestKey, { to, error, from }: { to: string; error: string | null; from: readonly string[] }) =>
    hostsTable(key, () => pool.query(SET, [key.accountId, key.day, to, wordsToKeep(error), from]));
  const statusOf: Manifests['statusOf'] = async ({ accountId, day }) => {
    const { rows } = await pool.query<ManifestStanding>(
      `select m.status::text as status, m.file_removed_at as "removedAt", clock_timestamp() as now
         from (select) nothing left join ${TABLE} m on ${OF_KEY}`,
      [accountId, day],
    );
    return rows[0] ?? { status: null, removedAt: null, now: new Date() };
  };
  return {
    statusOf,
    async packagesOf(accountId, { from, until }) {
      const { rows } = await pool.query<ReadyPackage>(PACKAGES, [accountId, from, until]);
      return rows;
    },
    async list(key, orderItemIds) {
      const values = [key.accountId, key.day, JSON.stringify(orderItemIds), OPEN];
      const { rowCount } = await hostsTable(key, () => pool.query(LIST, values));
      if (rowCount) return 'listed';
      const { status } = await statusOf(key);
      if (status === 'stored') return 'stored';
      throw refused(
        key,
        `it holds a row of that day whose status ${status ?? 'null'} is none of ours, which is left alone`,
      );
    },
    async store(key, { bytes, mime }) {
      const { rowCount } = await hostsTable(key, () => pool.query(STORE, [key.accountId, key.day, bytes, mime]));
      if (rowCount || (await statusOf(key)).status === 'stored') return;
      throw new Failure('transient', `the manifest of ${key.day} was given up meanwhile, it is asked for again`, {
        code: 'manifest_given_up',
      });
    },
    async end(key, status, error) {
      await set(key, { to: status, error, from: ['listed'] });
    },
    async reopen(key) {
      await hostsTable(key, () => pool.query(REOPEN, [key.accountId, key.day, GIVEN_UP]));
    },
    async ofOrder(orderId) {
      // Of whichever types the host's columns are: an order is shown all the same.
      const found = await pool.query<ListedIn>(OF_ORDER, [orderId]).catch((error: unknown) => {
        if (error instanceof pg.DatabaseError && OF_THE_TABLE.test(error.code ?? '')) return null;
        throw error;
      });
      return found?.rows ?? [];
    },
  };
}

/** Classes of errors that the table's own shape, its triggers or our rights on it give: another try would not help. */
const OF_THE_TABLE = /^(?:22|23|42|P0)/;

/** @throws Failure that names the column or the constraint, where the host's table does not take what we write */
async function hostsTable<Answer>(key: ManifestKey, write: () => Promise<Answer>): Promise<Answer> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !OF_THE_TABLE.test(error.code ?? '')) throw error;
    const { constraint, column, message } = error;
    const what = constraint ? `constraint ${constraint}: ` : column ? `column ${column}: ` : '';
    throw refused(
      key,
      `${what}${message}; let it take rows of marketplace lazada (a default, or a wider check)`,
      error,
    );
  }
}

const refused = ({ day }: ManifestKey, why: string, cause?: unknown) =>
  new Failure('rejected', `marketplace_manifests does not take the row of ${day}: ${why}`, {
    code: 'manifest_table',
    cause,
  });
