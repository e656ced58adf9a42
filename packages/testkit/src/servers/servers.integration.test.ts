import { afterEach, describe, expect, test } from '@jest/globals';
import { withClient } from '@lazada-sof/local';
import { describeOnRedis } from './suites.ts';
import { openEmptyDatabase } from './test-database.ts';
import { openTestQueue } from './test-queue.ts';

const toClose: { close(): Promise<void> }[] = [];
const closing = <Opened extends { close(): Promise<void> }>(opened: Opened) => {
  toClose.push(opened);
  return opened;
};
afterEach(async () => {
  for (const opened of toClose.splice(0)) await opened.close();
});

const tables = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'public'",
    );
    return rows.map((row) => row.table_name);
  });

describe('a database for a test', () => {
  test('is empty where an empty one is asked for', async () => {
    expect(await tables(closing(await openEmptyDatabase()).url)).toEqual([]);
  });

  test('is not seen by the next test', async () => {
    const [one, other] = [closing(await openEmptyDatabase()), closing(await openEmptyDatabase())];
    await withClient(one.url, (client) => client.query('create table mine ()'));
    expect(await tables(other.url)).toEqual([]);
  });
});

await describeOnRedis('a queue for a test', () => {
  test('has a prefix of its own', async () => {
    const [one, other] = [closing(await openTestQueue('redis')), closing(await openTestQueue('redis'))];
    expect(one.prefix).not.toBe(other.prefix);
  });
});
