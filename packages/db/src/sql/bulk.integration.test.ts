import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';
import pg from 'pg';
import { type Column, insertRows, type SqlType } from './bulk.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await openTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
});

const AT = new Date('2026-03-14T15:09:26.535Z');

test.each<[SqlType, readonly unknown[]]>([
  ['text', ['', ' ', 'NULL', 'null', '"', '\\', '\\"', 'a,b', '{}', '{"a"}', "it's", 'two\nlines\t', 'ไทย 👩‍👧', null]],
  ['jsonb', [{ a: 'x"y', b: ['\\', null] }, [], '"', 1, true, null]],
  ['bigint', ['9223372036854775807', '0', '-1', null]],
  ['int', [1, -2_147_483_648, null]],
  ['smallint', [0, 1, null]],
  ['boolean', [true, false, null]],
  ['timestamptz', [AT, new Date(0), new Date(Date.UTC(12_026, 2, 14)), new Date(Date.UTC(-43, 2, 15)), null]],
])('%s: what is written is read again', async (type, values) => {
  await client.query(`create temporary table kept (at int, value ${type})`);
  const rows = values.map((value, at) => ({ at, value }));
  const columns: Column<(typeof rows)[number]>[] = [
    { name: 'at', type: 'int', of: ({ at }) => at },
    { name: 'value', type, of: ({ value }) => value },
  ];
  await insertRows(client, { table: 'kept', columns }, rows);
  const found = await client.query<{ value: unknown }>('select value from kept order by at');
  expect(found.rows.map(({ value }) => value)).toEqual(values);
  await client.query('drop table kept');
});

test('NUL and half a letter are left out', async () => {
  await client.query('create temporary table cleaned (said text, told jsonb)');
  const columns: Column<string>[] = [
    { name: 'said', type: 'text', of: (text) => text },
    { name: 'told', type: 'jsonb', of: (text) => ({ text }) },
  ];
  await insertRows(client, { table: 'cleaned', columns }, ['a\0b\ud800c']);
  const [row] = (await client.query('select * from cleaned')).rows;
  expect(row).toEqual({ said: 'ab\ufffdc', told: { text: 'ab\ufffdc' } });
});
