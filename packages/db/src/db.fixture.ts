/** A migrated database of a test's own, with the host's hand on it. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, test } from '@jest/globals';
import { openPgBouncer, openTestDatabase, type Through } from '@lazada-sof/testkit';
import pg from 'pg';
import { parseKeys } from './accounts/secrets.ts';
import { type Db, type DbOptions, openDb } from './open.ts';
import { openPool, parseTimestamp } from './sql/pool.ts';

export const KEYS = parseKeys(`test:${randomBytes(32).toString('base64')}`);

export type TestDb = {
  readonly url: string;
  /** As our services and an operator connect. */
  readonly cliUrl: string;
  /** As scheduler and workers connect. */
  readonly servicesUrl: string;
  /** As the host's own programs do. */
  readonly hostUrl: string;
  readonly db: Db;
  /** What the host, or a person in psql, does. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Another process of ours on the same database. */
  another(options?: Partial<DbOptions>): Db;
  /** A new account; answers its id. `columns` by their SQL names. */
  account(columns?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A new order of the host; answers its id. */
  order(accountId: string, columns?: Readonly<Record<string, unknown>>): Promise<string>;
  /** What happened to the account itself, newest first. */
  accountEvents(accountId: string): Promise<AccountEvent[]>;
  close(): Promise<void>;
};
export type AccountEvent = { kind: string; source: string; data: object };

let made = 0;

/** How what is tested reaches the database, while the host has its own connections. */
let through: Through = (url) => url;
export const reached: Through = (url) => through(url);

/** The tests of a file once more, by way of a PgBouncer in transaction mode. */
export async function behindPgBouncer(what: string, importTests: () => Promise<unknown>): Promise<void> {
  const pooler = await openPgBouncer(`${what}, behind PgBouncer`);
  // A file without any test would be an error.
  if (!pooler)
    return void describe.skip(what, () => test('behind PgBouncer', () => Promise.reject(new Error('there is none'))));
  through = pooler.through;
  await importTests();
  afterAll(pooler.close);
}

export async function openDbForTest(options: Partial<DbOptions> = {}): Promise<TestDb> {
  const { url, as, close } = await openTestDatabase();
  const opened: Db[] = [];
  const another = (more: Partial<DbOptions> = {}) => {
    const db = openDb({ url: reached(as('cli')), keys: KEYS, source: 'test', ...more });
    opened.push(db);
    return db;
  };
  const db = another(options);
  const pool = openPool({ url, max: 5 });
  const sql = async <Row extends object>(text: string, values?: unknown[]) =>
    (await pool.query<Row>(text, values)).rows;
  const insert = async (table: string, row: Readonly<Record<string, unknown>>) => {
    const names = Object.keys(row);
    const places = names.map((_, index) => `$${index + 1}`).join(', ');
    const text = `insert into ${table} (${names.join(', ')}) values (${places}) returning id::text as id`;
    return (await sql<{ id: string }>(text, Object.values(row)))[0]?.id ?? '';
  };
  return {
    url,
    cliUrl: as('cli'),
    servicesUrl: reached(as('services')),
    hostUrl: as('host'),
    db,
    sql,
    another,
    account: (columns = {}) => insert('account.lazada', { name: `shop-${++made}`, ...SOF, ...columns }),
    order: (accountId, columns = {}) =>
      insert('public.orders', { account_id: accountId, order_number: `4${++made}`, ...columns }),
    accountEvents: (accountId) =>
      sql('select kind, source, data from order_lazada_event where account_id = $1 order by id desc', [accountId]),
    async close() {
      await pool.end();
      await Promise.all(opened.map((one) => one.close()));
      await close();
    },
  };
}

const SOF = { country: 'SG', delivery_type: 'sof', sof_username: 'courier', sof_password: 'plain-password' };
/** The columns by which the host says that an order is to be set ready to ship. */
export const READY = { update_shipping: 1, tool_status: 'ready_for_delivery' };

export async function hostClient(url: string): Promise<pg.Client> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(1184, parseTimestamp);
  const client = new pg.Client({ connectionString: url, types });
  // Dropping the database at the end may be quicker than the good-bye.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
