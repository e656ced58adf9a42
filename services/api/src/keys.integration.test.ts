/** Who takes over `api`, its keys and even the database's owner, and tries to open more than what signs pushes. */
import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountInput, type Db, openDb, parseKeys } from '@lazada-sof/db';
import { openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { keysOfApi } from './keys.ts';

const KEYS = `test:${randomBytes(32).toString('base64')}`;
const ACCOUNT = accountInput.parse({
  ...{ name: 'shop', country: 'SG', deliveryType: 'sof', appKey: 'app', appSecret: 'canary-app' },
  ...{ accessToken: 'canary-access', refreshToken: 'canary-refresh' },
  ...{ sofUsername: 'courier', sofPassword: 'canary-sof' },
});

let database: TestDatabase;
let api: Db;
let services: Db;
let accountId: string;
beforeAll(async () => {
  database = await openTestDatabase();
  // No right of a login stands in the way here: what is not opened is not opened for want of a key.
  api = openDb({ url: database.url, keys: keysOfApi(KEYS), source: 'api' });
  services = openDb({ url: database.url, keys: parseKeys(KEYS), source: 'status-sync' });
  ({ accountId } = await api.accounts.create(ACCOUNT));
  const link = await api.consents.open(accountId);
  await api.consents.take(accountId, { code: 'canary-code', state: link?.state ?? '' });
});
afterAll(async () => {
  await Promise.all([api.close(), services.close()]);
  await database.close();
});

describe('with the keys of api', () => {
  const never = () => Promise.reject(new Error('the outside was asked'));
  test.each<[what: string, open: (db: Db) => Promise<unknown>]>([
    ['tokens of the Open Platform', (db) => db.tokens.openPlatform(accountId)],
    ['those of a parked account', (db) => db.verifyingTokens.openPlatform(accountId)],
    ['those that are only looked at', (db) => db.lookingTokens.openPlatform(accountId)],
    ['a refresh token', (db) => db.lookingTokens.renewOpenPlatform(accountId, 'x', never)],
    ['the SOF password', (db) => db.lookingTokens.sof(accountId, never)],
    ['the SOF password, for a token', (db) => db.tokens.sof(accountId, never)],
  ])('%s cannot be opened', async (_, open) => {
    await expect(open(api)).rejects.toThrow(/is not opened by this process/);
  });

  test('a seller’s code cannot be exchanged; the services still can do all of that', async () => {
    const asked: string[] = [];
    const ask = async ({ code }: { code: string }) => {
      asked.push(code);
      throw new Error('Lazada is away');
    };
    await services.consents.exchange(accountId, ask);
    expect(asked).toEqual(['canary-code']);
    const link = await api.consents.open(accountId);
    await api.consents.take(accountId, { code: 'canary-code', state: link?.state ?? '' });
    await expect(api.consents.exchange(accountId, ask)).rejects.toThrow(/is not opened by this process/);
    expect(asked).toEqual(['canary-code']);
    expect(await services.lookingTokens.openPlatform(accountId)).toMatchObject({ accessToken: 'canary-access' });
  });

  test('plain values that a host wrote are not read either', async () => {
    await database.sql("update account.lazada set access_token = 'canary-plain' where id = $1", [accountId]);
    await expect(api.lookingTokens.openPlatform(accountId)).rejects.toThrow(
      /access_token .*not opened by this process/,
    );
  });

  test('the app secret comes as what signs, and is shown by nothing', async () => {
    const apps = await api.pushes.apps();
    const signed = apps.map(({ signingKey }) => createHmac('sha256', signingKey).update('x').digest('hex'));
    expect(signed).toEqual([createHmac('sha256', ACCOUNT.appSecret).update('x').digest('hex')]);
    expect(inspect(apps, { depth: 9 }) + JSON.stringify(apps)).not.toContain('canary');
  });
});

test('no file of api takes keys but the one that opens the app secret alone', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('.test.') && !name.includes('.fixture.'),
  );
  const taking = files.filter((name) => readFileSync(join(import.meta.dirname, name), 'utf8').includes('parseKeys'));
  expect(files.length).toBeGreaterThan(40);
  expect(taking).toEqual(['keys.ts']);
});
