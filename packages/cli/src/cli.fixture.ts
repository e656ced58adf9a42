/** The command line as an operator runs it, a process of its own, on a database of a test's own. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = at('./main.ts');
/** Halves the time that a command takes, from the second one on. */
const COMPILED = at('../../../node_modules/.cache/lazada-sof/compiled');

export type Settings = Readonly<Record<string, string>>;
export type Ran = { readonly code: number; readonly out: string; readonly err: string };
export type Given = {
  readonly env?: Settings;
  /** What comes on standard input, which is no terminal. */
  readonly input?: string;
  /** What happens while it runs; then Ctrl-C is pressed. */
  readonly interruptAfter?: () => Promise<unknown>;
};

/** `args` with spaces between them; with these settings and no others. */
export async function runSof(args: string, { env = {}, input = '', interruptAfter }: Given = {}): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args.split(' ').filter(Boolean)], {
    env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    timeout: 30_000,
  });
  // A command that wants none of it may be gone before it is written.
  child.stdin.on('error', () => undefined).end(input);
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  void interruptAfter?.().finally(() => child.kill('SIGINT'));
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code: code ?? -1, out, err };
}

type Row = Readonly<Record<string, unknown>>;
/** Rows of an order by their SQL columns, over those that every one has. */
export type OrderRows = { order?: Row; lazada?: Row; package?: Row; step?: Row };

export type TestCli = {
  readonly database: TestDatabase;
  /** The settings of every command: database and keys. */
  readonly env: Settings;
  sof(args: string, given?: Given): Promise<Ran>;
  /** What a command prints with `--json`. @throws SyntaxError where that is no JSON */
  json<Answer>(args: string, given?: Given): Promise<Answer>;
  /** A `sof` account of the host; answers its name. */
  shop(columns?: Row): Promise<string>;
  /** An order of that account as the host and we would have written it; answers its number and id. */
  order(shop: string, rows?: OrderRows): Promise<{ orderNumber: string; orderId: string }>;
  /** What is stored of an order, and which events of ours tell of it. */
  stored(orderId: string): Promise<Stored | undefined>;
  close(): Promise<void>;
};
type Stored = { lazada: Row; package: Row | null; blocked: string[]; events: string[] };

let made = 0;

export async function openCli(): Promise<TestCli> {
  const database = await openTestDatabase();
  const env = { DATABASE_URL: database.as('cli'), ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}` };
  const sof: TestCli['sof'] = (args, given = {}) => runSof(args, { ...given, env: { ...env, ...given.env } });
  const insert = async (table: string, row: Row, idColumn = 'order_id') => {
    const placeholders = Object.keys(row).map((_, index) => `$${index + 1}`);
    const sql = `insert into ${table} (${Object.keys(row)}) values (${placeholders}) returning ${idColumn}::text as id`;
    return (await database.sql<{ id: string }>(sql, Object.values(row)))[0]?.id ?? '';
  };
  return {
    database,
    env,
    sof,
    json: async (args, given) => JSON.parse((await sof(`${args} --json`, given)).out),
    shop: (columns = {}) => insert('account.lazada', { name: `shop-${++made}`, ...SHOP, ...columns }, 'name'),
    async order(shop, rows = {}) {
      const [account] = await database.sql('select id from account.lazada where name = $1', [shop]);
      const orderNumber = `4${++made}`;
      const host = { account_id: account?.id, order_number: orderNumber, created_at: '2026-01-01T00:00:00Z' };
      const orderId = await insert('public.orders', { ...host, ...rows.order }, 'id');
      const columns = Object.entries({ next_attempt_at: null, ...rows.lazada });
      const set = columns.map(([name], index) => `${name} = $${index + 2}`).join(', ');
      const update = `update public.order_lazada set ${set} where order_id = $1`;
      await database.sql(update, [orderId, ...columns.map(([, value]) => value)]);
      const parcel =
        rows.package && (await insert('public.order_lazada_package', { order_id: orderId, ...rows.package }, 'id'));
      if (rows.step) await insert('public.order_lazada_step', { order_id: orderId, ref: parcel ?? '', ...rows.step });
      return { orderNumber, orderId };
    },
    stored: async (orderId) => (await database.sql<Stored>(STORED, [orderId]))[0],
    close: database.close,
  };
}

const STORED = `
  select to_jsonb(l) as lazada, to_jsonb(p) as package,
         array(select step from public.order_lazada_step where order_id = $1 and blocked) as blocked,
         array(select kind from public.order_lazada_event where order_id = $1 and source = 'cli' order by id) as events
    from public.order_lazada l
    left join public.order_lazada_package p on p.order_id = l.order_id
   where l.order_id = $1`;

const SHOP = { country: 'SG', delivery_type: 'sof', sof_username: 'courier', sof_password: 'plain-password' };

/** A package that is ready to ship, with its number. */
export const READY_PACKAGE = {
  package_id: 'FP1',
  tracking_number: 'TN1',
  state: 'ready_to_ship',
  ready_to_ship_at: '2026-02-01T00:00:00Z',
};
/** The only item, as the last read showed it. */
export const itemsShown = (item: Row = {}): string =>
  JSON.stringify([
    {
      orderItemId: '1',
      status: 'ready_to_ship',
      packageId: 'FP1',
      sof: true,
      digital: false,
      cancelPending: false,
      ...item,
    },
  ]);
/** Long ago, for whatever happened to an order. */
export const SAID = '2026-02-02T00:00:00Z';
export const SHIPPED_PACKAGE = {
  ...READY_PACKAGE,
  state: 'shipped',
  shipped_at: '2026-02-01T00:00:00Z',
  shipped_sent_at: SAID,
  confirmed_at: SAID,
};
export const DELIVERED = { update_delivered: 1, delivered_at: SAID };
export const NOT_DELIVERED = { update_not_delivered: 1, not_delivered_at: SAID };
/** `delivered` was accepted long ago, and the items do not show it. */
export const MISMATCH: OrderRows = {
  package: { ...SHIPPED_PACKAGE, state: 'delivered', delivered_at: SAID, delivered_sent_at: SAID, confirmed_at: null },
  lazada: {
    delivered_at: SAID,
    delivered_sent_at: SAID,
    items: itemsShown({ status: 'shipped' }),
    items_read_at: '2026-02-10T00:00:00Z',
  },
};
/** A step that was given up. */
export const blockedStep = (step: string): Row => ({
  step,
  blocked: true,
  tries: 16,
  error_code: 'http_400',
  error: 'the tracking number is unknown',
});
