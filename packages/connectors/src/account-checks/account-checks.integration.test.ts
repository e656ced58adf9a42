import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Failure } from '@lazada-sof/orders';
import {
  anAccount,
  type MemoryTokens,
  memoryTokens,
  openScriptedServer,
  recordedLimiter,
  type ScriptedServer,
} from '@lazada-sof/testkit';
import { openLazadaCalls } from '../lazada/calls.ts';
import { marketplaceLazada } from '../lazada/marketplace.ts';
import { openSofCalls } from '../sof/calls.ts';
import { type AccountChecks, accountChecks, tokenChecks } from './account-checks.ts';

const NOW = Date.parse('2024-05-01T10:00:00Z');
const HOUR = 3_600_000;
const SOFP = { authPath: '/api/auth', statusPath: '/s', usernameField: 'username', passwordField: 'password' };

let server: ScriptedServer;
let tokens: MemoryTokens;
let lazada: ReturnType<typeof openLazadaCalls>;
let sof: ReturnType<typeof openSofCalls>;
let checks: AccountChecks;

beforeEach(async () => {
  server = await openScriptedServer();
  server.on('/api/auth', { body: { access_token: 'hush-token' } });
  server.on('/auth/token/refresh', {
    body: { code: '0', access_token: 'hush-new', refresh_token: 'r', expires_in: 3_600, refresh_expires_in: 9 },
  });
  server.on('/orders/get', { body: { code: '0', data: { count: 1, countTotal: 7, orders: [{ order_id: 1 }] } } });
  tokens = memoryTokens();
  const parts = { tokens, limiter: recordedLimiter() };
  lazada = openLazadaCalls({ ...parts, settings: { restUrl: server.url, authUrl: server.url } });
  sof = openSofCalls({ ...parts, settings: { ...SOFP, url: server.url } });
  checks = accountChecks({ lazada, sof, tokens }, () => NOW);
});
afterEach(async () => {
  lazada.close();
  sof.close();
  await server.close();
});

const asked = (path: string) => server.asked.filter((one) => one.path === path).length;

test('an account whose login works and whose token lasts is well', async () => {
  tokens.accessTokenExpiresAt = new Date(NOW + 49 * HOUR);
  expect(await checks.check(anAccount())).toEqual({
    checks: [
      { check: 'access_token', ok: true, detail: 'the access token ends 2024-05-03T11:00:00.000Z' },
      { check: 'open_platform', ok: true, detail: 'the Open Platform answers for this shop' },
      { check: 'sof_login', ok: true, detail: 'the SOF module accepts the user name and password' },
    ],
    failure: null,
  });
  expect([asked('/api/auth'), asked('/auth/token/refresh'), asked('/orders/get')]).toEqual([1, 0, 1]);
});

test('the Open Platform is asked for one order of the last day', async () => {
  await checks.check(anAccount());
  expect(server.asked.find(({ path }) => path === '/orders/get')?.query).toMatchObject({
    limit: '1',
    created_after: '2024-04-30T10:00:00+00:00',
  });
});

test("the scheduler's own check makes no call of the Open Platform", async () => {
  const own = tokenChecks({ lazada, sof, tokens }, () => NOW);
  const { checks: all } = await own.check(anAccount());
  expect(all.map(({ check, ok }) => [check, ok])).toEqual([
    ['access_token', true],
    ['sof_login', true],
  ]);
  expect(asked('/orders/get')).toBe(0);
});

test.each(['AppWhiteIpLimit', 'InvalidAppKey', 'InsufficientPermission', 'AppNotSubscribed', 'InvalidApi', 'E501'])(
  '%s is seen although the token is fresh, and told with the way out',
  async (code) => {
    server.on('/orders/get', { body: { code, message: 'words of Lazada' } });
    const { checks: all, failure } = await checks.check(anAccount());
    expect(all.map(({ check, ok }) => [check, ok])).toEqual([
      ['access_token', true],
      ['open_platform', false],
      ['sof_login', true],
    ]);
    expect(all[1]).toMatchObject({ detail: expect.stringContaining('words of Lazada'), fix: expect.any(String) });
    expect(failure).toMatchObject({ kind: 'misconfigured', accountStatus: 'auth_failed', code });
  },
);

test('a ban of the Open Platform is no reason to stop the account', async () => {
  server.on('/orders/get', { body: { code: 'AppApiCallLimit', message: 'this ban will last 9 seconds' } });
  const { checks: all, failure } = await checks.check(anAccount());
  expect(all[1]).toEqual({ check: 'open_platform', ok: false, detail: expect.stringContaining('AppApiCallLimit') });
  expect(failure).toMatchObject({ kind: 'rate-limited', waitMs: 10_000 });
});

test('an access token that Lazada refuses before its time is renewed, and the call made again', async () => {
  server.on(
    '/orders/get',
    { body: { code: 'IllegalAccessToken' } },
    { body: { code: '0', data: { count: 0, orders: [] } } },
  );
  expect(await checks.check(anAccount())).toMatchObject({ failure: null });
  expect([asked('/auth/token/refresh'), asked('/orders/get')]).toEqual([1, 2]);
});

test('whether it logs in although there is a token is for the tokens to say', async () => {
  await checks.check(anAccount());
  await checks.check(anAccount());
  expect(asked('/api/auth')).toBe(1);
});

test('a token that ends within 48 h is renewed', async () => {
  tokens.accessTokenExpiresAt = new Date(NOW + 47 * HOUR);
  const {
    checks: [first],
  } = await checks.check(anAccount());
  expect(first).toMatchObject({ ok: true, detail: expect.stringContaining('was renewed') });
  expect(asked('/auth/token/refresh')).toBe(1);
});

test('a wrong password is told with the way out', async () => {
  server.on('/api/auth', { status: 401 });
  const { checks: all, failure } = await checks.check(anAccount());
  expect(all[2]).toMatchObject({ check: 'sof_login', ok: false, fix: expect.stringContaining('sof account set') });
  expect(failure).toMatchObject({ kind: 'misconfigured', accountStatus: 'auth_failed', code: 'login_refused' });
});

test('a refresh token that is refused is told with the way out', async () => {
  tokens.accessTokenExpiresAt = new Date(NOW);
  server.on('/auth/token/refresh', { body: { code: 'IllegalRefreshToken', message: 'gone' } });
  const { checks: all, failure } = await checks.check(anAccount());
  expect(all[0]).toMatchObject({ check: 'access_token', ok: false, fix: expect.stringContaining('authorize') });
  expect(failure).toMatchObject({ kind: 'misconfigured', accountStatus: 'reauth_required' });
});

test('a token that cannot be renewed and is still good is told with the way out, and nothing has failed', async () => {
  tokens.accessTokenExpiresAt = new Date(NOW + HOUR);
  tokens.refuseRefresh = new Failure('misconfigured', 'gone; its access token is good until then', {
    code: 'IllegalRefreshToken',
    accountStatus: 'reauth_required',
    stillWorks: true,
  });
  expect(await checks.check(anAccount())).toMatchObject({
    checks: [
      {
        check: 'access_token',
        ok: false,
        detail: tokens.refuseRefresh.message,
        fix: expect.stringContaining('authorize'),
      },
      { check: 'open_platform', ok: true },
      { check: 'sof_login', ok: true },
    ],
    failure: null,
  });
});

test('that a token cannot be renewed is told at any time', async () => {
  tokens.cannotBeRenewed = true;
  tokens.refuseRefresh = new Failure('misconfigured', 'no refresh token', {
    code: 'credentials_missing',
    accountStatus: 'reauth_required',
    stillWorks: true,
  });
  tokens.accessTokenExpiresAt = new Date(NOW + 1_000 * HOUR);
  const { checks: all } = await checks.check(anAccount());
  expect(all[0]).toMatchObject({ ok: false, detail: 'no refresh token' });
});

test('the failure that parks the account comes before one that passes', async () => {
  tokens.accessTokenExpiresAt = new Date(NOW);
  server.on('/auth/token/refresh', { status: 503 });
  server.on('/api/auth', { status: 401 });
  const { checks: all, failure } = await checks.check(anAccount());
  expect(all.map(({ ok, fix }) => [ok, fix !== undefined])).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
  expect(failure?.code).toBe('login_refused');
});

test('settings that cannot be used are told, and nobody outside is asked', async () => {
  const account = anAccount({ country: null, mistakes: ['it has no country'] });
  expect(await checks.check(account)).toMatchObject({
    checks: [{ check: 'settings', ok: false, detail: expect.stringContaining('it has no country') }],
    failure: { kind: 'misconfigured', accountStatus: 'auth_failed', code: 'settings_unusable' },
  });
  expect(server.asked).toEqual([]);
});

test('no host of Lazada is asked for an account without a country', async () => {
  const marketplace = marketplaceLazada(lazada);
  const account = anAccount({ country: null, mistakes: ['it has no country'] });
  const order = { orderNumber: '4001', orderItemIds: ['1'] };
  const refused = { kind: 'misconfigured', code: 'settings_unusable' };
  await expect(marketplace.readItems(account, '4001')).rejects.toMatchObject(refused);
  await expect(marketplace.pack(account, order)).rejects.toMatchObject(refused);
  await expect(marketplace.readyToShip(account, 'FP1')).rejects.toMatchObject(refused);
  await expect(marketplace.readyToShipLegacy(account, order)).rejects.toMatchObject(refused);
  await expect(marketplace.readInvoice(account, ['1'])).rejects.toMatchObject(refused);
  expect(server.asked).toEqual([]);
});

test('driver dbs needs no login at the SOF module', async () => {
  const { checks: all } = await checks.check(anAccount({ sofDriver: 'dbs' }));
  expect(all.map(({ check }) => check)).toEqual(['access_token', 'open_platform']);
  expect(asked('/api/auth')).toBe(0);
});

test('what is missing is a check that is not ok, never an error', async () => {
  tokens.refuse = new Failure('misconfigured', 'account shop-7 has no access token', { code: 'credentials_missing' });
  const { checks: all } = await checks.check(anAccount());
  const missing = [false, 'account shop-7 has no access token'];
  expect(all.map(({ ok, detail }) => [ok, detail])).toEqual([missing, missing, missing]);
});
