import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openChildren } from '../processes/children.ts';
import { removeDataFolder } from './data-folder.ts';
import { startPostgres, withClient } from './postgres.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-local-'));
});
afterEach(() => {
  removeDataFolder(dir);
  rmSync(dir, { recursive: true });
});

/** One start, some work, and everything stopped. */
async function during<Answer>(work: (postgres: Awaited<ReturnType<typeof startPostgres>>) => Promise<Answer>) {
  const children = openChildren();
  try {
    return await work(await startPostgres({ children, dir, durable: true }));
  } finally {
    await children.stop();
  }
}

const dataFolder = (): string => JSON.parse(readFileSync(join(dir, 'postgres.json'), 'utf8')).folder;

test('what was written is there at the next start', async () => {
  await during(({ url }) => withClient(url, (client) => client.query('create table kept ()')));
  const found = await during(({ url }) => withClient(url, (client) => client.query('select from kept')));
  expect(found.rowCount).toBe(0);
});

test('begins anew, and says so, where its files are gone', async () => {
  await during(({ url }) => withClient(url, (client) => client.query('create table kept ()')));
  const gone = dataFolder();
  rmSync(gone, { recursive: true });
  await during(async (postgres) => {
    expect(postgres.lost).toBe(gone);
    await expect(withClient(postgres.url, (client) => client.query('select from kept'))).rejects.toThrow(
      'does not exist',
    );
  });
});

test('its files are gone when it has stopped, where they need not last', async () => {
  const children = openChildren();
  await startPostgres({ children, dir, durable: false });
  const folder = dataFolder();
  expect(existsSync(folder)).toBe(true);
  await children.stop();
  expect(existsSync(folder)).toBe(false);
});

test('nobody comes in without the password', async () => {
  await during(async ({ url }) => {
    const bare = Object.assign(new URL(url), { password: 'guessed' }).href;
    await expect(withClient(bare, (client) => client.query('select 1'))).rejects.toThrow(
      'password authentication failed',
    );
  });
});
