import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FILE_REFUSALS } from '@lazada-sof/orders';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import type { NewImport } from './store-import.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const fileOf = (content: string | Uint8Array, more: Partial<NewImport> = {}): NewImport => ({
  fileName: 'a.csv',
  source: 'api',
  dryRun: false,
  bytes: piecesOf(Buffer.from(content), 100_000),
  ...more,
});

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const chunkCounts = async (importId: string) =>
  (await host.sql<{ n: string }>('select count(*) as n from import_chunk where import_id = $1', [importId]))[0]?.n;

/** As the worker leaves it. */
const end = (importId: string, status: string) =>
  host.sql('update import_file set status = $2, rows = 3, accepted = 2, refused = 1, due_at = null where id = $1', [
    importId,
    status,
  ]);

test('a file comes back as it came, in pieces of 1 MiB, with who handed it in', async () => {
  const bytes = randomBytes(2.5 * 1024 * 1024);
  const stored = await host.db.imports.store(fileOf(bytes, { by: 'clerk', fileName: 'März.csv' }));
  expect(stored).toMatchObject({
    ...{ status: 'received', fileName: 'März.csv', source: 'api', by: 'clerk', bytes: bytes.length, dryRun: false },
    ...{ rows: 0, accepted: 0, refused: 0, error: null, duplicateOf: null },
  });
  const chunks = await allOf(host.db.imports.chunks(stored.importId));
  expect(chunks.map(({ length }) => length)).toEqual([1024 * 1024, 1024 * 1024, 512 * 1024]);
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

test('the same file again is a duplicate with the counts of the first, and its bytes are not kept twice', async () => {
  const first = await host.db.imports.store(fileOf('twice'));
  await end(first.importId, 'done');
  const again = await host.db.imports.store(fileOf('twice', { fileName: 'b.csv' }));
  expect(again).toMatchObject({ status: 'duplicate', duplicateOf: first.importId, rows: 3, accepted: 2, refused: 1 });
  expect(await chunkCounts(again.importId)).toBe('0');
});

test('of ten that come at once in two processes one is the first', async () => {
  const dbs = [host.db, host.another()];
  const files = await Promise.all(
    Array.from({ length: 10 }, (_, index) => dbs[index % 2]?.imports.store(fileOf('at once'))),
  );
  expect(files.map((file) => file?.status).sort()).toEqual([...Array(9).fill('duplicate'), 'received']);
});

test('a dry run makes no later import a duplicate, nor does one that failed', async () => {
  const dry = await host.db.imports.store(fileOf('tried out', { dryRun: true }));
  await end(dry.importId, 'checked');
  const real = await host.db.imports.store(fileOf('tried out'));
  expect(real.status).toBe('received');
  await end(real.importId, 'failed');
  expect((await host.db.imports.store(fileOf('tried out'))).status).toBe('received');
});

test('a dry run that is over becomes the real one, once; its mistakes are forgotten', async () => {
  const { imports } = host.db;
  const { importId } = await imports.store(fileOf('for real', { dryRun: true }));
  expect(await imports.runForReal(importId)).toMatchObject({ is: 'not_checked' });
  await end(importId, 'checked');
  await host.sql("insert into import_error (import_id, line, field, value, reason) values ($1, 2, 'row', '', 'so')", [
    importId,
  ]);
  expect(await imports.runForReal(importId)).toMatchObject({
    is: 'asked',
    file: { status: 'received', dryRun: false, rows: 0, refused: 0 },
  });
  expect(await allOf(imports.errors(importId))).toEqual([]);
  expect(await imports.runForReal(importId)).toMatchObject({ is: 'not_checked', file: { status: 'received' } });
  expect(await imports.runForReal('999999')).toEqual({ is: 'gone' });
});

test('a dry run whose file was imported meanwhile becomes its duplicate', async () => {
  const { imports } = host.db;
  const dry = await imports.store(fileOf('meanwhile', { dryRun: true }));
  await end(dry.importId, 'checked');
  const real = await imports.store(fileOf('meanwhile'));
  expect(await imports.runForReal(dry.importId)).toMatchObject({
    is: 'asked',
    file: { status: 'duplicate', duplicateOf: real.importId },
  });
});

test('an upload that breaks off leaves nothing, and nobody sees it before it is whole', async () => {
  async function* broken() {
    yield Buffer.alloc(1024 * 1024);
    yield Buffer.alloc(1024 * 1024);
    throw new Error('reset');
  }
  const before = await host.db.imports.list({ limit: 1 });
  const count = async () => (await host.sql('select count(*) as n from import_file'))[0]?.n;
  const was = await count();
  await expect(host.db.imports.store(fileOf('', { bytes: broken() }))).rejects.toThrow('reset');
  expect([await count(), await host.db.imports.list({ limit: 1 })]).toEqual([was, before]);
});

test('what a process left half stored is swept a day later', async () => {
  const [left] = await host.sql<{ id: string }>(
    `insert into import_file (file_name, sha256, bytes, source, status, created_at)
     values ('half.csv', '', 0, 'api', 'storing', now() - interval '25 h') returning id::text as id`,
  );
  expect(await host.db.imports.find(left?.id ?? '')).toBeNull();
  await host.db.imports.store(fileOf('next'));
  expect(await host.sql('select from import_file where id = $1', [left?.id])).toEqual([]);
});

test('a file of more than 1 GiB is refused in words', async () => {
  const chunk = Buffer.alloc(64 * 1024 * 1024);
  async function* large() {
    for (let number = 0; number < 17; number++) yield chunk;
  }
  // Its pieces are not stored here: what is asked is where it ends.
  await host.sql(`create function drop_it() returns trigger language plpgsql as 'begin return null; end';
                  create trigger drop_it before insert on import_chunk for each row execute function drop_it()`);
  await expect(host.db.imports.store(fileOf('', { bytes: large() }))).rejects.toThrow(FILE_REFUSALS.csvTooLarge());
  await host.sql('drop trigger drop_it on import_chunk; drop function drop_it');
}, 120_000);

test('what is listed is newest first, from any on', async () => {
  const { imports } = host.db;
  const files = [];
  for (const name of ['one', 'two', 'three']) files.push((await imports.store(fileOf(`list ${name}`))).importId);
  const listed = await imports.list({ limit: 2 });
  expect(listed.map(({ importId }) => importId)).toEqual(files.toReversed().slice(0, 2));
  const older = await imports.list({ limit: 1, before: listed[1]?.importId ?? '' });
  expect(older.map(({ importId }) => importId)).toEqual(files.slice(0, 1));
});

test('what is forgotten is gone with its bytes and mistakes, and its file may come again', async () => {
  const { imports } = host.db;
  const { importId } = await imports.store(fileOf('forgotten'));
  await end(importId, 'done');
  expect([await imports.forget(importId), await imports.find(importId), await imports.forget(importId)]).toEqual([
    ...[true, null, false],
  ]);
  expect((await imports.store(fileOf('forgotten'))).status).toBe('received');
});

test('an id that is none finds nothing', async () => {
  const { imports } = host.db;
  for (const id of ['', 'x', '0', '-1', '1.5', '99999999999999999999'])
    expect([await imports.find(id), await imports.forget(id), await imports.stop(id)]).toEqual([null, false, null]);
});

test('mistakes and refused rows come by line, however many, a duplicate has those of the first', async () => {
  const { imports } = host.db;
  const first = await imports.store(fileOf('mistakes'));
  await host.sql(
    `insert into import_error (import_id, line, field, value, reason, cells)
     select $1, line, 'status', line::text, 'why', case when line % 2 = 0 then jsonb_build_array(line::text) end
       from generate_series(2501, 1, -1) line`,
    [first.importId],
  );
  const again = await imports.store(fileOf('mistakes'));
  const errors = (await allOf(imports.errors(again.importId))).flat();
  expect([errors.length, errors[0], errors.at(-1)]).toEqual([
    2501,
    { line: 1, field: 'status', value: '1', reason: 'why' },
    { line: 2501, field: 'status', value: '2501', reason: 'why' },
  ]);
  expect((await allOf(imports.refused(again.importId))).flat()).toEqual(
    Array.from({ length: 1250 }, (_, index) => [String(2 * (index + 1))]),
  );
});
