import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { openDb } from '../open.ts';
import { openPool } from '../sql/pool.ts';
import { watchBackfill } from './readiness.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

/** What is told, and how often the database was asked. */
function watched(url = database.url) {
  const pool = openPool({ url, max: 1 });
  let questions = 0;
  const query = ((text: string) => {
    questions++;
    return pool.query(text);
  }) as typeof pool.query;
  return { tell: watchBackfill({ query }), questions: () => questions, close: () => pool.end() };
}
const HALF = `insert into account.lazada (id, name) values (1, 'shop');
  insert into orders (account_id, order_number) select 1, n from generate_series(1, 1000) n;
  update order_lazada_backfill set added = 500, finished_at = null`;

test('a service is ready while orders of before have no rows, and says how far it is', async () => {
  await database.sql(`${HALF}; analyze orders`);
  const db = openDb({ url: database.url, source: 'test' });
  expect(await db.ready()).toEqual({
    database: true,
    backfill: 'about 50 % of the orders of before have their rows; "sof migrate" makes the others',
  });
  await db.close();
});

test('where Prisma’s engine has migrated and sof migrate has not, it says so', async () => {
  await database.sql('delete from order_lazada_backfill');
  const { tell, close } = watched();
  expect(await tell()).toEqual({ backfill: expect.stringMatching(/^about 0 %.*"sof migrate"/) });
  await close();
});

test('is asked at most once in some seconds', async () => {
  await database.sql(HALF);
  const { tell, questions, close } = watched();
  await tell();
  const asked = questions();
  await Promise.all([tell(), tell()]);
  expect(questions()).toBe(asked);
  await close();
});

test('is told no more when it is over, nor where nothing can be asked', async () => {
  const db = openDb({ url: database.url, source: 'test' });
  expect(await db.ready()).toEqual({ database: true });
  await db.close();
  const empty = await openEmptyDatabase();
  const { tell, close } = watched(empty.url);
  expect(await tell()).toEqual({});
  await close();
  await empty.close();
});
