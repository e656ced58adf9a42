import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { dayBounds, manifestItems } from '@lazada-sof/orders';
import { openEmptyDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import { migrate } from '../migrate/migrate.ts';
import { type Db, openDb } from '../open.ts';
import type { Manifests } from './manifests.ts';

const DAY = '2026-11-27';
const ZONE = 'Asia/Singapore';
const FILE = { bytes: Buffer.from('%PDF-1.7'), mime: 'application/pdf' };

let host: TestDb;
let manifests: Manifests;
let accountId: string;
let key: { accountId: string; day: string };
beforeAll(async () => {
  host = await openDbForTest();
  manifests = host.db.manifests;
});
afterAll(() => host.close());
beforeEach(async () => {
  accountId = await host.account();
  key = { accountId, day: DAY };
});

const rows = () =>
  host.sql(
    `select marketplace, account_id::text as "accountId", manifest_date::text as day, order_item_ids as ids, status, file,
            file_mime as mime, error
       from marketplace_manifests where account_id = $1`,
    [accountId],
  );

/** An order of one package that became ready then; its items are named after it. */
async function readyOrder(at: string, { packageId = 'FP1', account = accountId } = {}): Promise<string> {
  const orderId = await host.order(account);
  const items = [{ orderItemId: `9${orderId}`, status: 'ready_to_ship', packageId, sof: true, digital: false }];
  await host.sql('update order_lazada set items = $2, items_read_at = now() where order_id = $1', [
    orderId,
    JSON.stringify(items),
  ]);
  await host.sql(
    `insert into order_lazada_package (order_id, package_id, state, ready_to_ship_at) values ($1, $2, 'shipped', $3)`,
    [orderId, packageId, at],
  );
  return orderId;
}

describe("a day's packages", () => {
  const listed = async () => manifestItems(await manifests.packagesOf(accountId, dayBounds(DAY, ZONE)));

  test('are those that became ready on it by the clock of the account, the first one first', async () => {
    const late = await readyOrder('2026-11-27T15:59:59.999Z');
    const early = await readyOrder('2026-11-26T16:00:00Z');
    await readyOrder('2026-11-26T15:59:59.999Z');
    await readyOrder('2026-11-27T16:00:00Z');
    await readyOrder('2026-11-27T08:00:00Z', { account: await host.account() });
    expect(await listed()).toEqual([`9${early}`, `9${late}`]);
  });

  test('are none where nothing became ready, or nobody has read the items', async () => {
    expect(await listed()).toEqual([]);
    const orderId = await readyOrder('2026-11-27T08:00:00Z');
    await host.sql('update order_lazada set items = null where order_id = $1', [orderId]);
    expect(await listed()).toEqual([]);
  });
});

describe('the row of a day', () => {
  test('is listed, then stored', async () => {
    expect(await manifests.list(key, ['1', '2'])).toBe('listed');
    const row = { marketplace: 'lazada', accountId, day: DAY, ids: ['1', '2'], error: null };
    expect(await rows()).toEqual([{ ...row, status: 'listed', file: null, mime: null }]);
    await manifests.store(key, FILE);
    expect(await rows()).toEqual([{ ...row, status: 'stored', file: FILE.bytes, mime: FILE.mime }]);
  });

  test('that is stored is written no more, whoever tries', async () => {
    await manifests.list(key, ['1']);
    await manifests.store(key, FILE);
    const stored = await rows();
    expect(await manifests.list(key, ['2'])).toBe('stored');
    await manifests.store(key, { bytes: Buffer.from('other'), mime: 'text/html' });
    await manifests.end(key, 'failed', 'words');
    await manifests.reopen(key);
    expect(await rows()).toEqual(stored);
  });

  test.each(['not_supported', 'failed'] as const)(
    'that is %s keeps our list and its words, until it is asked for again',
    async (status) => {
      await manifests.list(key, ['1']);
      await manifests.end(key, status, 'in words');
      expect(await rows()).toMatchObject([{ status, ids: ['1'], error: 'in words' }]);
      await manifests.reopen(key);
      expect(await rows()).toMatchObject([{ status: 'listed', ids: ['1'], error: null }]);
      expect(await manifests.list(key, ['1', '3'])).toBe('listed');
      expect(await rows()).toMatchObject([{ status: 'listed', ids: ['1', '3'] }]);
    },
  );

  test('that was never listed is given up without a row', async () => {
    await manifests.end(key, 'failed', 'words');
    await manifests.reopen(key);
    expect(await rows()).toEqual([]);
    expect(await manifests.statusOf(key)).toEqual({ status: null, removedAt: null, now: expect.any(Date) });
  });

  test('is the host’s where the host wrote it: it is left alone, and told', async () => {
    await host.sql(
      "insert into marketplace_manifests (marketplace, account_id, manifest_date, status) values ('lazada', $1, $2, 'printed')",
      [accountId, DAY],
    );
    await expect(manifests.list(key, ['1'])).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/2026-11-27: it holds a row of that day whose status printed is none of ours/),
    });
    expect(await rows()).toMatchObject([{ status: 'printed', ids: [] }]);
  });
});

test('an order names the manifests that list its items, the newest first', async () => {
  const orderId = await readyOrder('2026-11-27T15:00:00Z');
  const item = `9${orderId}`;
  const on = (day: string) => ({ accountId, day });
  await manifests.list(on(DAY), ['5', item]);
  await manifests.list(on('2026-11-28'), ['5']);
  await manifests.list(on('2026-11-26'), [item]);
  await manifests.end(on('2026-11-26'), 'not_supported', '50008');
  expect(await manifests.ofOrder(orderId)).toEqual([
    { day: DAY, status: 'listed', error: null },
    { day: '2026-11-26', status: 'not_supported', error: '50008' },
  ]);
  expect(await manifests.ofOrder(await host.order(accountId))).toEqual([]);
});

describe("a table of the host's own", () => {
  let database: TestDatabase;
  let db: Db;
  beforeEach(async () => {
    database = await openEmptyDatabase();
  });
  afterEach(async () => {
    await db.close();
    await database.close();
  });

  const CREATE = (columns: string) => `
    create type marketplace as enum ('lazada', 'shopee');
    create table public.marketplace_manifests (
      number serial primary key, marketplace marketplace not null, account_id int not null, manifest_date date not null,
      order_item_ids json, status varchar(40)${columns});
    insert into marketplace_manifests (marketplace, account_id, manifest_date) values ('shopee', 7, '2026-11-27')`;
  async function migrated(columns: string, afterwards = 'select 1') {
    await database.sql(CREATE(columns));
    await migrate({ url: database.url });
    await database.sql(afterwards);
    db = openDb({ url: database.url, source: 'test' });
  }
  const of = (day: string) => ({ accountId: '7', day });

  test('with other types takes ours beside its own', async () => {
    await migrated('');
    expect(await db.manifests.list(of(DAY), ['1'])).toBe('listed');
    await db.manifests.store(of(DAY), FILE);
    expect(await db.manifests.statusOf(of(DAY))).toMatchObject({ status: 'stored' });
    expect(await database.sql('select marketplace, status from marketplace_manifests order by number')).toEqual([
      { marketplace: 'shopee', status: null },
      { marketplace: 'lazada', status: 'stored' },
    ]);
  });

  test.each([
    [
      'a column that may not be empty',
      '',
      "alter table marketplace_manifests add column warehouse text; update marketplace_manifests set warehouse = 'a'; alter table marketplace_manifests alter column warehouse set not null",
      /column warehouse: null value in column "warehouse".*; let it take rows of marketplace lazada/,
    ],
    [
      'a check',
      ", constraint known_status check (status in ('printed', 'sent'))",
      'select 1',
      /constraint known_status: .*violates check constraint/,
    ],
    [
      'a key of its own',
      ', constraint one_a_day unique (manifest_date)',
      'select 1',
      /constraint one_a_day: duplicate key/,
    ],
  ])('%s makes our row impossible: told by its name, and nothing is written', async (_, columns, afterwards, words) => {
    await migrated(columns, afterwards);
    await expect(db.manifests.list(of(DAY), ['1'])).rejects.toMatchObject({
      name: 'Failure',
      kind: 'rejected',
      code: 'manifest_table',
      message: expect.stringMatching(words),
    });
    await db.manifests.end(of(DAY), 'failed', 'words');
    expect(await database.sql('select count(*)::int as count from marketplace_manifests')).toEqual([{ count: 1 }]);
  });
});
