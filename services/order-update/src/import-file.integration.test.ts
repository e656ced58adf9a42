import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Db, type ImportView, isPassing, openDb } from '@lazada-sof/db';
import { FILE_REFUSALS } from '@lazada-sof/orders';
import {
  ended,
  type Gate,
  openGate,
  openTestDatabase,
  recordedLog,
  type TestDatabase,
  until,
} from '@lazada-sof/testkit';
import { type ImportTools, importFile } from './import-file.ts';
import { tellOutages } from './outages.ts';
import { createTurns } from './turns.ts';

const HEADER = 'account,order_number,status,occurred_at,note';
const AT = '2026-03-14 15:09';

let database: TestDatabase;
let door: Gate;
let db: Db;
beforeEach(async () => {
  database = await openTestDatabase();
  door = await openGate(database.as('services'));
  db = openDb({ url: door.url, source: 'order-update' });
  await database.sql(
    "insert into account.lazada (name, country, delivery_type, app_key, sof_username, sof_password) values ('shop', 'SG', 'sof', '1', 'user', 'password')",
  );
});
afterEach(async () => {
  door.open();
  await db.close();
  await door.close();
  await database.close();
});

const addOrders = (count: number) =>
  database.sql(
    `insert into public.orders (account_id, order_number, created_at)
     select a.id, '4' || n, now() - interval '1 d' from account.lazada a, generate_series(1, $1::int) n`,
    [count],
  );
const rowOf = (order: number | string, status = 'delivered') => `shop,4${order},${status},${AT},x`;

async function store(rows: readonly string[], { dryRun = false, header = HEADER } = {}): Promise<ImportView> {
  async function* bytes() {
    yield Buffer.from(`${[header, ...rows].join('\n')}\n`);
  }
  return db.imports.store({ fileName: 'march.csv', source: 'api', by: 'clerk', dryRun, bytes: bytes() });
}

function rig(other: Partial<ImportTools> = {}) {
  const closing = new AbortController();
  const { log } = recordedLog();
  const tools: ImportTools = {
    chunks: db.imports.chunks,
    runs: db.importRuns,
    turns: createTurns(2),
    isPassing,
    outages: tellOutages(log),
    closing: closing.signal,
    ...other,
  };
  const job = importFile(tools);
  const signal = new AbortController().signal;
  const run = (importId: string, attemptsMade = 0) => ended(job({ v: 1, importId }, { signal, attemptsMade }));
  return { run, closing };
}

const find = async (importId: string) => (await db.imports.find(importId)) ?? never();
const never = (): never => {
  throw new Error('there is no such import');
};
async function allOf<Item>(pages: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
const lines = async () =>
  (
    await database.sql<{ line: number }>(
      "select (data ->> 'line')::int as line from public.order_lazada_event where source = 'import' order by 1",
    )
  ).map(({ line }) => line);
const flags = async () =>
  (
    await database.sql<{ n: number }>('select count(*)::int as n from public.order_lazada where update_delivered = 1')
  )[0]?.n;

test('done: good rows go through, the others come back with line, field, value and reason, and as they came', async () => {
  await addOrders(3);
  const { importId } = await store([
    ...[rowOf(1), rowOf(999), rowOf(2, 'gone'), 'shop,2.6E+14,delivered,2026-03-14 15:09,x'],
    ...[rowOf(3), rowOf(3, 'not_delivered'), 'other,41,delivered,2026-03-14 15:09,x'],
  ]);
  expect(await rig().run(importId)).toEqual({ outcome: 'done' });
  expect(await find(importId)).toMatchObject({
    ...{ status: 'done', rows: 7, accepted: 1, refused: 6, hiddenRows: 0, error: null },
    foreignColumns: [{ column: 5, name: 'note' }],
    form: { kind: 'csv', encoding: 'utf-8', separator: ',' },
    refusedForm: { separator: ',', header: HEADER.split(',') },
  });
  const errors = await allOf(db.imports.errors(importId));
  expect(errors.map(({ line, field, value }) => `${line} ${field} ${value}`)).toEqual([
    ...['3 order_number 4999', '4 status gone', '5 order_number 2.6E+14', '6 status delivered'],
    ...['7 status not_delivered', '8 account other'],
  ]);
  expect(await allOf(db.imports.refused(importId))).toEqual(
    [
      rowOf(999),
      rowOf(2, 'gone'),
      'shop,2.6E+14,delivered,2026-03-14 15:09,x',
      rowOf(3),
      rowOf(3, 'not_delivered'),
      'other,41,delivered,2026-03-14 15:09,x',
    ].map((row) => row.split(',')),
  );
  expect([await lines(), await flags()]).toEqual([[2], 1]);
  // What is done needs its bytes no more.
  expect(await database.sql('select from public.import_chunk')).toEqual([]);
});

test('run twice: the second is superseded', async () => {
  await addOrders(1);
  const { importId } = await store([rowOf(1)]);
  await rig().run(importId);
  expect(await rig().run(importId)).toEqual({ outcome: 'superseded' });
  expect(await lines()).toEqual([2]);
});

test('what cannot be read is failed, in words, and may come again', async () => {
  const { importId } = await store(['x'], { header: 'one' });
  expect(await rig().run(importId)).toEqual({ outcome: 'done' });
  expect(await find(importId)).toMatchObject({ status: 'failed', error: FILE_REFUSALS.headerOneColumn() });
  expect((await store(['x'], { header: 'one' })).status).toBe('received');
});

test('a dry run tells the same and changes no order; then it is run for real without a second upload', async () => {
  await addOrders(2);
  const { importId } = await store([rowOf(1), rowOf(999), rowOf(2)], { dryRun: true });
  await rig().run(importId);
  const counts = { rows: 3, accepted: 2, refused: 1 };
  expect([await find(importId), await flags(), await lines()]).toMatchObject([{ status: 'checked', ...counts }, 0, []]);
  expect(await db.imports.runForReal(importId)).toMatchObject({ is: 'asked' });
  await rig().run(importId);
  expect([await find(importId), await flags(), await lines()]).toMatchObject([
    { status: 'done', ...counts },
    2,
    [2, 4],
  ]);
  expect(await allOf(db.imports.errors(importId))).toHaveLength(1);
});

/** As the host does in a transaction of its own; answers how it lets go. */
async function holdOrder(number: string): Promise<() => Promise<unknown>> {
  const HOLD = 'select pg_sleep(60) from (select from public.orders where order_number = $1 for update) held';
  const OF_HOST =
    "from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";
  const held = database.sql(HOLD, [number]).catch(() => undefined);
  const isHeld = async () => (await database.sql(`select ${OF_HOST} and wait_event = 'PgSleep'`)).length > 0;
  await until(isHeld, { what: 'the host holds the order', withinMs: 30_000 });
  return async () => {
    await database.sql(`select pg_cancel_backend(pid) ${OF_HOST}`);
    await held;
  };
}

test('rows of an order that somebody holds are tried again, and the others are not held up', async () => {
  await addOrders(2);
  const letGo = await holdOrder('41');
  const { importId } = await store([rowOf(1), rowOf(2)]);
  expect(await rig().run(importId)).toMatchObject({ outcome: 'snoozed', reason: expect.stringContaining('1 rows') });
  expect([await find(importId), await lines()]).toMatchObject([{ status: 'running', accepted: 1 }, [3]]);
  await letGo();
  expect(await rig().run(importId)).toEqual({ outcome: 'done' });
  expect([await find(importId), await lines()]).toMatchObject([{ status: 'done', accepted: 2, refused: 0 }, [2, 3]]);
});

/** More than one piece. */
const MANY = 12_000;
const many = () => Array.from({ length: MANY }, (_, index) => rowOf(index + 1));

test('rows that wait stay so behind the pieces after them, and come before other rows of their order', async () => {
  await addOrders(MANY);
  const letGo = await holdOrder('41');
  const rows = [rowOf(1, 'ready_to_ship'), ...many().slice(1), rowOf(1)];
  const { importId } = await store(rows);
  expect(await rig().run(importId)).toMatchObject({ outcome: 'snoozed', reason: expect.stringContaining('2 rows') });
  expect(await find(importId)).toMatchObject({ status: 'running', accepted: MANY - 1, afterLine: MANY + 2 });
  await letGo();
  expect(await rig().run(importId)).toEqual({ outcome: 'done' });
  expect(await lines()).toEqual(rows.map((_, index) => index + 2));
  const ofFirst = `
    select (e.data ->> 'line')::int as line from public.order_lazada_event e join public.orders o on o.id = e.order_id
     where o.order_number = '41' and e.source = 'import' order by e.id`;
  expect(await database.sql(ofFirst)).toEqual([{ line: 2 }, { line: MANY + 2 }]);
}, 60_000);

test('a host that holds the orders of one piece may write one of the next', async () => {
  await addOrders(MANY);
  await database.sql('create table next_piece (is_judged boolean)');
  const host = database.sql(`do $$ begin
    perform from public.orders where id in (select id from public.orders order by id limit 5000) for update;
    while not exists (select from next_piece) loop perform pg_sleep(0.05); end loop;
    update public.orders set tool_status = 'seen' where order_number = '45001';
  end $$`);
  const OF_HOST = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  await until(async () => (await database.sql(OF_HOST)).length > 0, { what: 'the host holds them', withinMs: 30_000 });
  const { importId } = await store(many());
  let judged = 0;
  const runs: ImportTools['runs'] = {
    ...db.importRuns,
    take: (file, { behind, ...piece }) =>
      db.importRuns.take(file, {
        ...piece,
        ...(behind && {
          async behind() {
            if (++judged === 2) await database.sql('insert into next_piece values (true)');
            await behind();
          },
        }),
      }),
  };
  expect(await rig({ runs }).run(importId)).toEqual({ outcome: 'done' });
  await host;
  expect(await lines()).toEqual(Array.from({ length: MANY }, (_, index) => index + 2));
}, 60_000);

test('an order in two pieces: what the second says of it comes behind the first', async () => {
  await addOrders(MANY);
  const rows = [rowOf(1, 'ready_to_ship'), ...many().slice(1, 5_001), rowOf(1)];
  const { importId } = await store(rows);
  let underWay = 0;
  let most = 0;
  const runs: ImportTools['runs'] = {
    ...db.importRuns,
    async take(...asked) {
      most = Math.max(most, ++underWay);
      return await db.importRuns.take(...asked).finally(() => underWay--);
    },
  };
  expect(await rig({ runs }).run(importId)).toEqual({ outcome: 'done' });
  expect([await find(importId), most]).toMatchObject([{ accepted: rows.length, refused: 0 }, 1]);
}, 60_000);

test.each([
  ['before its first piece', 0],
  ['after its first', 1],
  ['after its second', 2],
])(
  'a worker that dies %s loses nothing and doubles nothing, whether the piece was written or not',
  async (_, pieces) => {
    await addOrders(MANY);
    const { importId } = await store(many());
    for (const isWritten of [false, true]) {
      let left = isWritten ? 0 : pieces;
      const dies: ImportTools['runs'] = {
        ...db.importRuns,
        async take(...asked) {
          if (left-- > 0) return db.importRuns.take(...asked);
          if (isWritten) await db.importRuns.take(...asked);
          throw new Error('killed');
        },
      };
      await expect(rig({ runs: dies }).run(importId)).rejects.toThrow('killed');
    }
    expect(await rig().run(importId)).toEqual({ outcome: 'done' });
    expect(await find(importId)).toMatchObject({ status: 'done', rows: MANY, accepted: MANY, refused: 0 });
    expect(await lines()).toEqual(Array.from({ length: MANY }, (_, index) => index + 2));
    expect(await flags()).toBe(MANY);
  },
  60_000,
);

/** Something happens behind its first piece. */
const afterFirst = (happens: () => unknown): ImportTools['runs'] => ({
  ...db.importRuns,
  async take(...asked) {
    const taken = await db.importRuns.take(...asked);
    await happens();
    return taken;
  },
});

test('one that runs is stopped: what was taken stays, and the same file may come again to go on', async () => {
  await addOrders(MANY);
  const { importId } = await store(many());
  let isAsked = false;
  const runs = afterFirst(async () => {
    if (!isAsked) await db.imports.stop(importId);
    isAsked = true;
  });
  expect(await rig({ runs }).run(importId)).toEqual({ outcome: 'done' });
  const stopped = await find(importId);
  expect(stopped).toMatchObject({
    status: 'failed',
    accepted: 10_000,
    error: expect.stringContaining('after line 10001'),
  });
  expect(await flags()).toBe(10_000);
  const again = await store(many());
  await rig().run(again.importId);
  expect([await find(again.importId), await flags()]).toMatchObject([{ status: 'done', accepted: MANY }, MANY]);
}, 60_000);

test('one that is stopped before it began takes nothing', async () => {
  await addOrders(1);
  const { importId } = await store([rowOf(1)]);
  await db.imports.stop(importId);
  await rig().run(importId);
  expect([await find(importId), await flags()]).toMatchObject([{ status: 'failed', accepted: 0 }, 0]);
});

test('one that is forgotten while it runs stops, and nothing of it is left but what it took', async () => {
  await addOrders(MANY);
  const { importId } = await store(many());
  const runs = afterFirst(() => db.imports.forget(importId));
  expect(await rig({ runs }).run(importId)).toEqual({ outcome: 'superseded' });
  expect([await db.imports.find(importId), await flags()]).toEqual([null, 5_000]);
}, 60_000);

test('a process that closes hands it back behind the piece, and another goes on there', async () => {
  await addOrders(MANY);
  const { importId } = await store(many());
  const closes = rig({ runs: afterFirst(() => closes.closing.abort()) });
  expect(await closes.run(importId)).toMatchObject({
    outcome: 'snoozed',
    reason: expect.stringContaining('handed back'),
  });
  expect(await find(importId)).toMatchObject({ status: 'running', accepted: 5_000, afterLine: 5_001 });
  expect(await rig().run(importId)).toEqual({ outcome: 'done' });
  expect(await lines()).toEqual(Array.from({ length: MANY }, (_, index) => index + 2));
}, 60_000);

test('a database that goes away snoozes it, and it goes on when that is back', async () => {
  await addOrders(MANY);
  const { importId } = await store(many());
  const runs = afterFirst(() => door.shut());
  expect(await rig({ runs }).run(importId)).toMatchObject({ outcome: 'snoozed', code: 'database_away' });
  expect(await rig().run(importId)).toMatchObject({ outcome: 'snoozed', code: 'database_away' });
  door.open();
  expect(await rig().run(importId)).toEqual({ outcome: 'done' });
  expect(await lines()).toEqual(Array.from({ length: MANY }, (_, index) => index + 2));
}, 60_000);

test('more than two at once wait for their turn', async () => {
  const { importId } = await store([rowOf(1)]);
  const turns = createTurns(2);
  const letGo = [turns.take(), turns.take()];
  const { run } = rig({ turns });
  expect(await run(importId)).toMatchObject({ outcome: 'snoozed', reason: expect.stringContaining('others run here') });
  letGo[0]?.();
  expect(await run(importId)).toEqual({ outcome: 'done' });
});

test('a mistake of ours is tried again, and in the end the import has failed with its words', async () => {
  await addOrders(1);
  const { importId } = await store([rowOf(1)]);
  const runs: ImportTools['runs'] = { ...db.importRuns, take: () => Promise.reject(new Error('a bug')) };
  await expect(rig({ runs }).run(importId, 0)).rejects.toThrow('a bug');
  expect(await find(importId)).toMatchObject({ status: 'running' });
  await expect(rig({ runs }).run(importId, 7)).rejects.toThrow('a bug');
  expect(await find(importId)).toMatchObject({ status: 'failed', error: expect.stringContaining('a bug') });
});

test('two processes with the same file: one effect', async () => {
  await addOrders(10);
  const rows = Array.from({ length: 10 }, (_, index) => rowOf(index + 1));
  const both = await Promise.all([store(rows), store(rows)]);
  await Promise.all(both.map(({ importId }) => rig().run(importId)));
  expect(await lines()).toEqual(rows.map((_, index) => index + 2));
  const views = await Promise.all(both.map(({ importId }) => find(importId)));
  expect(views.map(({ status }) => status).sort()).toEqual(['done', 'duplicate']);
  expect(views.map(({ rows, accepted }) => [rows, accepted])).toEqual([
    [10, 10],
    [10, 10],
  ]);
});

test('two that run at once share, and each has all of its rows taken', async () => {
  await addOrders(MANY);
  const halves = [many().slice(0, 7_000), many().slice(5_000)];
  const stored = await Promise.all(halves.map((rows) => store(rows)));
  const { run } = rig();
  const runs = async (importId: string) => {
    for (;;) if ((await run(importId)).outcome !== 'snoozed') return;
  };
  await Promise.all(stored.map(({ importId }) => runs(importId)));
  expect(await Promise.all(stored.map(async ({ importId }) => (await find(importId)).accepted))).toEqual([
    7_000, 7_000,
  ]);
  expect([await flags(), (await lines()).length]).toEqual([MANY, 14_000]);
}, 60_000);
