import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from './db.fixture.ts';
import { readModels } from './prisma-schema.fixture.ts';
import { openPool } from './sql/pool.ts';
import { openPrisma } from './sql/prisma.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());

const MODELS = readModels();

test('every table of ours is modelled, and nothing else', async () => {
  const tables = await host.sql<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema in ('public', 'account') and table_name <> '_prisma_migrations' order by 1`,
  );
  expect(MODELS.map(({ table }) => table).sort()).toEqual(tables.map(({ name }) => name));
});

test.each(MODELS.map((model) => [model.table, model] as const))(
  '%s has the columns of its model',
  async (table, { columns }) => {
    const there = await host.sql(
      `select attname as column, format_type(atttypid, atttypmod) as type, not attnotnull as nullable, atthasdef as "hasDefault"
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname`,
      [table],
    );
    expect(columns.toSorted((a, b) => (a.column < b.column ? -1 : 1))).toEqual(there);
  },
);

test.each(MODELS.map((model) => [model.table, model] as const))(
  '%s has the keys and indexes of its model',
  async (table, { keys }) => {
    // Partial ones and those over expressions Prisma cannot model.
    const there = await host.sql<{ columns: string }>(
      `select (select string_agg(a.attname, ', ' order by k.position) from unnest(i.indkey::int2[]) with ordinality k (attnum, position)
               join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum) as columns
       from pg_index i where i.indrelid = $1::regclass and i.indpred is null and i.indexprs is null`,
      [table],
    );
    expect(keys.toSorted()).toEqual(there.map(({ columns }) => columns).sort());
  },
);

test('every foreign key of ours goes away with what it points at, and is indexed', async () => {
  const foreign = await host.sql<{ name: string; indexed: boolean; cascades: boolean }>(
    // One of the rows alone that have the key serves too.
    `select c.conname as name, c.confdeltype in ('c', 'n') as cascades,
            exists (select from pg_index i join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
                     where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
                       and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname))) as indexed
       from pg_constraint c where c.contype = 'f' and c.connamespace in ('public'::regnamespace, 'account'::regnamespace)`,
  );
  expect(foreign.length).toBeGreaterThan(10);
  expect(foreign.filter(({ indexed, cascades }) => !indexed || !cascades)).toEqual([]);
});

test('Prisma reads what plain SQL wrote, through every model that an order has', async () => {
  const orderId = await host.order(await host.account(), { update_shipping: 1, tool_status: 'ready_for_delivery' });
  await host.sql('update order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
  const pool = openPool({ url: host.url, max: 1 });
  const prisma = openPrisma(pool);
  const found = await prisma.orderLazada.findUnique({
    where: { orderId: BigInt(orderId) },
    include: {
      order: { include: { account: true, items: true } },
      packages: true,
      steps: true,
      attempts: true,
      documents: true,
      events: true,
    },
  });
  expect(found).toMatchObject({
    updateDelivered: 1,
    deliveredAt: expect.any(Date),
    order: { updateShipping: 1, account: { sofDriver: 'sofp', secretsSetAt: { sof_password: expect.any(String) } } },
    events: [{ kind: 'flag_set' }],
  });
  await prisma.$disconnect();
  await pool.end();
});
