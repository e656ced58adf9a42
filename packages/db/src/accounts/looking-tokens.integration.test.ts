/** Credentials for a look: what is answered, and that the account's row is not written, whatever the look finds. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Failure, type OpenPlatformTokens, type SofLogin, type SofToken } from '@lazada-sof/orders';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

let host: TestDb;
let before: unknown;
let looked: string;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));
afterEach(async () => expect(await row(looked)).toEqual(before));

const HOUR = 3_600_000;
const PAIR = { app_key: 'key', app_secret: 'secret', access_token: 'access-1', refresh_token: 'refresh-1' };
const row = (id: string) => host.sql('select * from account.lazada where id = $1', [id]);

async function account(columns: Record<string, unknown> = {}): Promise<string> {
  looked = await host.account(columns);
  before = await row(looked);
  return looked;
}
const refreshes = async (): Promise<OpenPlatformTokens> => {
  throw new Error('nobody who looks makes tokens');
};
const logsIn = async ({ username, password }: SofLogin): Promise<SofToken> => ({
  token: `${username}:${password}`,
  expiresAt: new Date(Date.now() + HOUR),
});
const refuses = async (): Promise<SofToken> => {
  throw new Failure('misconfigured', 'refused', { code: 'login_refused', accountStatus: 'auth_failed' });
};

test('plain secrets of the host are read and stay plain', async () => {
  const id = await account(PAIR);
  expect(await host.db.lookingTokens.openPlatform(id)).toMatchObject({ appSecret: 'secret', accessToken: 'access-1' });
});

test('a sign-in is tried, its token is forgotten', async () => {
  const id = await account();
  expect(await host.db.lookingTokens.sof(id, logsIn)).toBe('courier:plain-password');
});

test('one that is refused parks nobody', async () => {
  const id = await account();
  await expect(host.db.lookingTokens.sof(id, refuses)).rejects.toMatchObject({ code: 'login_refused' });
});

test('of a parked account too', async () => {
  const id = await account({ status: 'auth_failed', status_reason: 'refused' });
  expect(await host.db.lookingTokens.sof(id, logsIn)).toBe('courier:plain-password');
});

test('a token that ends soon is left to whoever renews it', async () => {
  const id = await account({ ...PAIR, access_token_expires_at: new Date(Date.now() + HOUR) });
  const found = await host.db.lookingTokens.renewOpenPlatform(id, 'access-1', refreshes, { early: true });
  expect(found.accessToken).toBe('access-1');
});

test.each<[says: string, columns: object, early: boolean, words: string]>([
  ['one that has ended', { access_token_expires_at: new Date(0) }, true, 'sof account test'],
  ['one that Lazada refuses', {}, false, 'is refused by Lazada'],
  ['one that nothing can renew', { refresh_token: null }, true, 'no refresh token'],
])('%s is told', async (_, columns, early, words) => {
  const id = await account({ ...PAIR, ...columns });
  await expect(host.db.lookingTokens.renewOpenPlatform(id, 'access-1', refreshes, { early })).rejects.toMatchObject({
    name: 'Failure',
    message: expect.stringContaining(words),
  });
});

test('one that nothing can renew and that is still good says until when', async () => {
  const ends = new Date(Date.now() + HOUR);
  const id = await account({ ...PAIR, refresh_token: null, access_token_expires_at: ends });
  await expect(
    host.db.lookingTokens.renewOpenPlatform(id, 'access-1', refreshes, { early: true }),
  ).rejects.toMatchObject({ stillWorks: true, message: expect.stringContaining(ends.toISOString()) });
});
