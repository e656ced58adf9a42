import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Failure, type OpenPlatformTokens, type SofLogin, type SofToken, type Tokens } from '@lazada-sof/orders';
import { hostClient, KEYS, openDbForTest, type TestDb } from '../db.fixture.ts';
import { parseKeys } from './secrets.ts';

let host: TestDb;
beforeAll(async () => {
  let now = 0;
  const clock = () => (now += 10_000); // so that nothing is remembered from one call to the next
  host = await openDbForTest({ clock });
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));

const IN_AN_HOUR = () => new Date(Date.now() + 3_600_000);
const OPEN_PLATFORM = { app_key: 'key', app_secret: 'secret', access_token: 'access-1', refresh_token: 'refresh-1' };
const account = async (id: string) => (await host.sql('select * from account.lazada where id = $1', [id]))[0] ?? {};
const eventsOf = async (id: string) => (await host.accountEvents(id)).map(({ kind, source }) => ({ kind, source }));

/** A sign-in that tells how often it was asked, and answers `token-1`, `token-2` … */
const signsIn = () => {
  let count = 0;
  return jest.fn(async (_login: SofLogin): Promise<SofToken> => {
    await new Promise((done) => setTimeout(done, 20));
    return { token: `token-${++count}`, expiresAt: IN_AN_HOUR() };
  });
};
const refuses = () =>
  jest.fn(async (): Promise<SofToken> => {
    throw new Failure('misconfigured', 'SOF refuses this user name and password', {
      code: 'login_refused',
      accountStatus: 'auth_failed',
    });
  });

describe('the SOF token', () => {
  test('is made once, stored encrypted, and shared by ten callers in two processes', async () => {
    const id = await host.account();
    const login = signsIn();
    const processes = [host.db, host.another()];
    const tokens = await Promise.all(Array.from({ length: 10 }, (_, n) => processes[n % 2]?.tokens.sof(id, login)));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(login.mock.calls).toEqual([[{ username: 'courier', password: 'plain-password' }]]);
    expect((await account(id)).sof_token).toMatch(/^enc:test:/);
  });

  test('one that ends within ten seconds is made anew', async () => {
    const id = await host.account();
    const login = signsIn();
    await host.db.tokens.sof(id, login);
    await host.sql("update account.lazada set sof_token_expires_at = now() + interval '9 s' where id = $1", [id]);
    expect(await host.db.tokens.sof(id, login)).toBe('token-2');
  });

  /** As if the token had been made so much earlier. */
  const ages = (id: string, seconds: number) =>
    host.sql(
      "update account.lazada set sof_token_expires_at = sof_token_expires_at - $2 * interval '1 s' where id = $1",
      [id, seconds],
    );

  test.each<[sentence: string, livesSeconds: number, used: number, madeAnew: number]>([
    ['an hour is made anew 30 s before its end', 3_600, 3_560, 3_575],
    ['five minutes is made anew 30 s before its end', 300, 260, 275],
    ['two hundred seconds is made anew when a tenth of it is left', 200, 175, 183],
    ['a hundred seconds is made anew when a tenth of it is left', 100, 85, 93],
  ])('one that lives %s', async (_, livesSeconds, used, madeAnew) => {
    const id = await host.account();
    const login = jest.fn(async () => ({ token: 'a', expiresAt: new Date(Date.now() + livesSeconds * 1_000) }));
    await host.db.tokens.sof(id, login);
    await ages(id, used);
    await host.db.tokens.sof(id, login);
    expect(login).toHaveBeenCalledTimes(1);
    await ages(id, madeAnew - used);
    await host.db.tokens.sof(id, login);
    expect(login).toHaveBeenCalledTimes(2);
  });

  test('one of which nobody knows how long it lived is made anew 30 s before its end', async () => {
    const id = await host.account();
    const login = signsIn();
    await host.db.tokens.sof(id, login);
    const leaves = (seconds: number) =>
      host.sql(
        'update account.lazada set sof_token_life_seconds = null, sof_token_expires_at = now() + $2 where id = $1',
        [id, `${seconds} s`],
      );
    await leaves(40);
    expect(await host.db.tokens.sof(id, login)).toBe('token-1');
    await leaves(25);
    expect(await host.db.tokens.sof(id, login)).toBe('token-2');
  });

  test('one that SOF refused is made anew, once for all who had it', async () => {
    const id = await host.account();
    const login = signsIn();
    const refused = await host.db.tokens.sof(id, login);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => host.db.tokens.sof(id, login, refused)));
    expect([new Set(tokens), login.mock.calls.length]).toEqual([new Set(['token-2']), 2]);
  });

  describe('is remembered for a moment', () => {
    let now: number;
    const remembering = () => host.another({ clock: () => now });
    beforeEach(() => {
      now = 0;
    });
    const replace = (id: string) =>
      host.sql(
        "update account.lazada set sof_token = 'written', sof_token_expires_at = now() + interval '1 h' where id = $1",
        [id],
      );

    test('for two seconds: then the row is read', async () => {
      const [id, db, login] = [await host.account(), remembering(), signsIn()];
      await db.tokens.sof(id, login);
      await replace(id);
      now = 1_999;
      expect(await db.tokens.sof(id, login)).toBe('token-1');
      now = 2_000;
      expect(await db.tokens.sof(id, login)).toBe('written');
      expect(login).toHaveBeenCalledTimes(1);
    });

    test('not once it was refused, and the one that is made then takes its place', async () => {
      const [id, db, login] = [await host.account(), remembering(), signsIn()];
      const refused = await db.tokens.sof(id, login);
      expect(await db.tokens.sof(id, login, refused)).toBe('token-2');
      await replace(id);
      expect(await db.tokens.sof(id, login)).toBe('token-2');
    });

    test('not where another was refused: what the row says counts', async () => {
      const [id, db, login] = [await host.account(), remembering(), signsIn()];
      await db.tokens.sof(id, login);
      await replace(id);
      expect(await db.tokens.sof(id, login, 'an older one')).toBe('written');
      expect(login).toHaveBeenCalledTimes(1);
    });

    test('not for a check, which signs in anew', async () => {
      const [id, db, login] = [await host.account(), remembering(), signsIn()];
      await db.verifyingTokens.sof(id, login);
      expect(await db.verifyingTokens.sof(id, login)).toBe('token-2');
    });
  });

  test('a wrong password is tried once, whatever waits: the account is parked', async () => {
    const id = await host.account();
    const login = refuses();
    const processes = [host.db, host.another()];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => processes[n % 2]?.tokens.sof(id, login)),
    );
    expect(login).toHaveBeenCalledTimes(1);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { kind: 'misconfigured', code: 'account_parked', accountStatus: 'auth_failed' },
      });
    expect(await account(id)).toMatchObject({
      status: 'auth_failed',
      status_reason: 'SOF refuses this user name and password',
    });
    expect(await eventsOf(id)).toEqual([{ kind: 'account_parked', source: 'test' }]);
  });

  test('a passing failure parks nobody and stores nothing', async () => {
    const id = await host.account();
    const away = async () => {
      throw new Failure('transient', 'SOF does not answer', { code: 'timeout' });
    };
    await expect(host.db.tokens.sof(id, away)).rejects.toMatchObject({ kind: 'transient', code: 'timeout' });
    expect(await account(id)).toMatchObject({ status: 'active', sof_token: null });
  });

  test('a password that is changed during the sign-in: the old one parks nobody, the new one is tried', async () => {
    const id = await host.account();
    const login = jest.fn(async ({ password }: SofLogin): Promise<SofToken> => {
      if (password === 'new') return { token: 'made with the new one', expiresAt: IN_AN_HOUR() };
      await host.sql("update account.lazada set sof_password = 'new' where id = $1", [id]);
      throw new Failure('misconfigured', 'refused', { code: 'login_refused' });
    });
    expect(await host.db.tokens.sof(id, login)).toBe('made with the new one');
    expect(await account(id)).toMatchObject({ status: 'active' });
  });

  test('a token of an old password is not stored beside the new one', async () => {
    const id = await host.account();
    const login = jest.fn(async ({ password }: SofLogin): Promise<SofToken> => {
      if (password !== 'new') await host.sql("update account.lazada set sof_password = 'new' where id = $1", [id]);
      return { token: `made with ${password}`, expiresAt: IN_AN_HOUR() };
    });
    expect(await host.db.tokens.sof(id, login)).toBe('made with new');
  });

  test('the host can write the account’s row while a sign-in is under way', async () => {
    const id = await host.account();
    const client = await hostClient(host.url);
    await client.query("set lock_timeout = '200ms'");
    const login = async (): Promise<SofToken> => {
      await client.query("update account.lazada set shipment_provider = 'x' where id = $1", [id]);
      return { token: 't', expiresAt: IN_AN_HOUR() };
    };
    expect(await host.db.tokens.sof(id, login)).toBe('t');
    await client.end();
  });

  test('the password that the host wrote plain is encrypted at its first use, which is no new password', async () => {
    const id = await host.account();
    await host.db.tokens.sof(id, signsIn());
    const { sof_password, status } = await account(id);
    expect([String(sof_password).slice(0, 9), status]).toEqual(['enc:test:', 'active']);
    expect(await eventsOf(id)).toEqual([]);
    await host.sql('update account.lazada set sof_token = null where id = $1', [id]);
    const login = signsIn();
    await host.db.tokens.sof(id, login);
    expect(login).toHaveBeenCalledWith({ username: 'courier', password: 'plain-password' });
  });
});

describe('what is changed while a refresh is under way', () => {
  const PAIR = {
    accessToken: 'access-2',
    refreshToken: 'refresh-2',
    accessTokenExpiresAt: IN_AN_HOUR(),
    refreshTokenExpiresAt: IN_AN_HOUR(),
  };
  /** A refresh during whose first call the host writes this of the row. */
  const refreshDuring = (id: string, assignment: string) =>
    jest.fn(async ({ refreshToken }: { appSecret: string; refreshToken: string }) => {
      if (refreshToken === 'refresh-1' && assignment !== '')
        await host.sql(`update account.lazada set ${assignment} where id = $1`, [id]);
      return PAIR;
    });

  test.each<[string, string]>([
    ['the SOF password', "sof_password = 'corrected'"],
    ['the SOF user name', "sof_username = 'another'"],
    ['the shipment provider', "shipment_provider = 'Seller Own Fleet'"],
    ['a secret, written again as it is', "app_secret = 'secret', refresh_token = 'refresh-1'"],
    ['everything that is no credential of the app', "sof_password = 'corrected', timezone = 'Asia/Bangkok'"],
  ])('%s: the new pair is kept, and the ended one is not used again', async (_, assignment) => {
    const id = await host.account(OPEN_PLATFORM);
    const refresh = refreshDuring(id, assignment);
    expect(await host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).toMatchObject({ accessToken: 'access-2' });
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(await account(id)).toMatchObject({ access_token_expires_at: PAIR.accessTokenExpiresAt, status: 'active' });
    expect((await account(id)).refresh_token).toMatch(/^enc:test:/);
  });

  test('columns sealed with a newer key: the new pair is kept', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const [old] = [...KEYS.keys].map(([name, key]) => `${name}:${key.export().toString('base64')}`);
    const young = `young:${randomBytes(32).toString('base64')}`;
    const rotating = host.another({ keys: parseKeys(`${young},${old}`) });
    const rotated = host.another({ keys: parseKeys(`${old},${young}`) });
    const refresh = jest.fn(async () => {
      await rotating.sealing.sealStale({ after: null, most: 100 });
      return PAIR;
    });
    expect(await rotated.tokens.renewOpenPlatform(id, 'access-1', refresh)).toMatchObject({ accessToken: 'access-2' });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  test('columns sealed by a newer process with a key that this one has not got: the new pair is kept', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const [old] = [...KEYS.keys].map(([name, key]) => `${name}:${key.export().toString('base64')}`);
    const newer = host.another({ keys: parseKeys(`young:${randomBytes(32).toString('base64')},${old}`) });
    const refresh = async () => {
      await newer.sealing.sealStale({ after: null, most: 100 });
      return PAIR;
    };
    await expect(host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).rejects.toThrow('sealed with key young');
    expect(await newer.tokens.openPlatform(id)).toMatchObject({ accessToken: 'access-2' });
  });

  test('a corrected app secret: the pair of the old one is not kept', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const refresh = jest.fn(async ({ appSecret }: { appSecret: string }) => {
      if (appSecret === 'secret') await host.sql("update account.lazada set app_secret = 'new' where id = $1", [id]);
      return { ...PAIR, accessToken: `made with ${appSecret}` };
    });
    expect(await host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).toMatchObject({
      accessToken: 'made with new',
    });
  });

  test('a pair of a new consent: it stays', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const refresh = refreshDuring(id, "access_token = 'consented', refresh_token = 'consented too'");
    expect(await host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).toMatchObject({ accessToken: 'consented' });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  test('the SOF password, and the refresh is refused: the account is parked, and Lazada is asked once', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const refresh = jest.fn(async () => {
      await host.sql("update account.lazada set sof_password = 'corrected' where id = $1", [id]);
      throw new Failure('misconfigured', 'gone', { code: 'IllegalRefreshToken', accountStatus: 'reauth_required' });
    });
    await expect(host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).rejects.toMatchObject({
      accountStatus: 'reauth_required',
    });
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(await account(id)).toMatchObject({ status: 'reauth_required', status_reason: 'gone' });
  });

  test('a pair of a new consent while a SOF sign-in is under way: its token is kept', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const login = jest.fn(async (): Promise<SofToken> => {
      await host.sql("update account.lazada set access_token = 'consented' where id = $1", [id]);
      return { token: 'made once', expiresAt: IN_AN_HOUR() };
    });
    expect(await host.db.tokens.sof(id, login)).toBe('made once');
    expect(await host.db.tokens.sof(id, login)).toBe('made once');
    expect(login).toHaveBeenCalledTimes(1);
  });
});

describe('an account that cannot be used', () => {
  test.each<[string, Record<string, unknown>, object]>([
    [
      'parked',
      { status: 'auth_failed', status_reason: 'wrong password' },
      { code: 'account_parked', message: expect.stringContaining('auth_failed: wrong password') },
    ],
    ['disabled', { enabled: false }, { code: 'account_parked', message: expect.stringContaining('disabled') }],
  ])('%s: nobody outside is asked', async (_, columns, expected) => {
    const id = await host.account({ ...OPEN_PLATFORM, ...columns });
    const login = signsIn();
    await expect(host.db.tokens.sof(id, login)).rejects.toMatchObject({ kind: 'misconfigured', ...expected });
    await expect(host.db.tokens.openPlatform(id)).rejects.toMatchObject({ kind: 'misconfigured', ...expected });
    expect(login).not.toHaveBeenCalled();
  });

  test('gone: said so', async () => {
    await expect(host.db.tokens.openPlatform('987654')).rejects.toMatchObject({
      kind: 'rejected',
      code: 'account_gone',
    });
  });

  test('a check signs in to a parked account too, and never leaves it at the stored token', async () => {
    const id = await host.account();
    const login = signsIn();
    await host.db.tokens.sof(id, login);
    await host.db.accounts.park(id, { status: 'auth_failed', reason: 'wrong password' });
    expect(await host.db.verifyingTokens.sof(id, login)).toBe('token-2');
    expect(await account(id)).toMatchObject({ status: 'auth_failed' });
  });

  test('a check that is refused says what was wrong, and the account stays parked with that reason', async () => {
    const id = await host.account({ status: 'auth_failed', status_reason: 'earlier' });
    const login = refuses();
    await expect(host.db.verifyingTokens.sof(id, login)).rejects.toMatchObject({ code: 'login_refused' });
    expect(login).toHaveBeenCalledTimes(1);
    expect(await account(id)).toMatchObject({
      status: 'auth_failed',
      status_reason: 'SOF refuses this user name and password',
    });
  });
});

describe('the Open Platform', () => {
  const renewed = {
    accessToken: 'access-2',
    refreshToken: 'refresh-2',
    accessTokenExpiresAt: IN_AN_HOUR(),
    refreshTokenExpiresAt: IN_AN_HOUR(),
  };

  test('credentials come decrypted, and plain ones are encrypted at first use', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const expected = { appKey: 'key', appSecret: 'secret', accessToken: 'access-1', accessTokenExpiresAt: null };
    expect(await host.db.tokens.openPlatform(id)).toEqual(expected);
    const row = await account(id);
    for (const column of ['app_secret', 'access_token', 'refresh_token', 'sof_password'])
      expect(row[column]).toMatch(/^enc:test:/);
    expect(await host.db.tokens.openPlatform(id)).toEqual(expected);
  });

  test('a refused token is renewed once, and the next pair is stored before it is used', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const refresh = jest.fn(async () => renewed);
    const processes = [host.db, host.another()];
    const got = await Promise.all(
      Array.from({ length: 10 }, (_, n) => processes[n % 2]?.tokens.renewOpenPlatform(id, 'access-1', refresh)),
    );
    expect(got.map((one) => one?.accessToken)).toEqual(Array(10).fill('access-2'));
    expect(refresh.mock.calls).toEqual([[{ appKey: 'key', appSecret: 'secret', refreshToken: 'refresh-1' }]]);
    expect(await account(id)).toMatchObject({
      access_token_expires_at: renewed.accessTokenExpiresAt,
      status: 'active',
    });
    expect(JSON.stringify(await account(id))).not.toMatch(/access-2|refresh-2/);
  });

  test('a token that somebody renewed already is not renewed again', async () => {
    const id = await host.account({ ...OPEN_PLATFORM, access_token: 'access-9' });
    const refresh = jest.fn(async () => renewed);
    expect(await host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).toMatchObject({ accessToken: 'access-9' });
    expect(refresh).not.toHaveBeenCalled();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['without a refresh token', { refresh_token: null }, 'has no refresh token'],
    ['with a refresh token that has ended', { refresh_token_expires_at: new Date(0) }, 'refresh token has ended'],
  ])('%s nobody is asked: the account wants to be authorized again', async (_, columns, message) => {
    const id = await host.account({ ...OPEN_PLATFORM, ...columns });
    const refresh = jest.fn(async () => renewed);
    await expect(host.db.tokens.renewOpenPlatform(id, 'access-1', refresh)).rejects.toMatchObject({
      kind: 'misconfigured',
      accountStatus: 'reauth_required',
      message: expect.stringContaining(message),
    });
    expect(refresh).not.toHaveBeenCalled();
    expect(await account(id)).toMatchObject({ status: 'reauth_required' });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no app key', { app_key: null }, 'auth_failed'],
    ['no access token', { access_token: null }, 'reauth_required'],
  ])('an account with %s says what is missing', async (_, columns, accountStatus) => {
    const id = await host.account({ ...OPEN_PLATFORM, ...columns });
    await expect(host.db.tokens.openPlatform(id)).rejects.toMatchObject({ code: 'credentials_missing', accountStatus });
  });
});

describe('an access token that ends soon', () => {
  const IN_A_DAY = () => new Date(Date.now() + 86_400_000);
  const refused = () =>
    jest.fn(async (): Promise<OpenPlatformTokens> => {
      throw new Failure('misconfigured', 'token refresh: IllegalRefreshToken', {
        code: 'IllegalRefreshToken',
        accountStatus: 'reauth_required',
      });
    });
  const early = (id: string, refresh: Parameters<Tokens['renewOpenPlatform']>[2]) =>
    host.db.tokens.renewOpenPlatform(id, 'access-1', refresh, { early: true });
  const standing = async (id: string) => {
    const { status, status_reason } = await account(id);
    return { status, status_reason, events: await eventsOf(id) };
  };
  const ACTIVE = { status: 'active', status_reason: null, events: [] };

  test.each<[sentence: string, columns: Record<string, unknown>, calls: number]>([
    ['a refused refresh token', {}, 1],
    ['no refresh token', { refresh_token: null }, 0],
    ['an empty refresh token', { refresh_token: '' }, 0],
    ['a refresh token that has ended', { refresh_token_expires_at: new Date(0) }, 0],
    ['a refused refresh token, and nobody told when the access token ends', { access_token_expires_at: null }, 1],
    [
      'no refresh token, and nobody told when the access token ends',
      { access_token_expires_at: null, refresh_token: '' },
      0,
    ],
  ])('%s parks nobody while it is good', async (_, columns, calls) => {
    const id = await host.account({ ...OPEN_PLATFORM, access_token_expires_at: IN_A_DAY(), ...columns });
    const refresh = refused();
    await expect(early(id, refresh)).rejects.toMatchObject({
      kind: 'misconfigured',
      stillWorks: true,
      message: expect.stringContaining('its access token is good until'),
    });
    expect(refresh).toHaveBeenCalledTimes(calls);
    expect(await standing(id)).toEqual(ACTIVE);
    expect(await host.db.tokens.openPlatform(id)).toMatchObject({ accessToken: 'access-1' });
  });

  test.each<[sentence: string, columns: Record<string, unknown>]>([
    ['a refused refresh token', {}],
    ['no refresh token', { refresh_token: null }],
    ['an empty refresh token', { refresh_token: '' }],
  ])('%s parks the account once it has ended', async (_, columns) => {
    const id = await host.account({ ...OPEN_PLATFORM, access_token_expires_at: new Date(), ...columns });
    await expect(early(id, refused())).rejects.toMatchObject({ accountStatus: 'reauth_required', stillWorks: false });
    expect(await standing(id)).toMatchObject({ status: 'reauth_required', events: [{ kind: 'account_parked' }] });
  });

  test('a refused refresh token parks the account when Lazada refuses the access token before its time', async () => {
    const id = await host.account({ ...OPEN_PLATFORM, access_token_expires_at: IN_A_DAY() });
    await expect(early(id, refused())).rejects.toMatchObject({ stillWorks: true });
    await expect(host.db.tokens.renewOpenPlatform(id, 'access-1', refused())).rejects.toMatchObject({
      code: 'account_parked',
    });
    expect(await standing(id)).toMatchObject({ status: 'reauth_required' });
  });

  test('whoever met a refused access token does not take the answer of an early refresh under way', async () => {
    const id = await host.account({ ...OPEN_PLATFORM, access_token_expires_at: IN_A_DAY() });
    const underWay = early(id, refused());
    const needed = host.db.tokens.renewOpenPlatform(id, 'access-1', refused());
    const [soft, hard] = await Promise.allSettled([underWay, needed]);
    expect(hard).toMatchObject({ reason: { kind: 'misconfigured', stillWorks: false } });
    expect(soft.status).toBe('rejected');
    expect(await standing(id)).toMatchObject({ status: 'reauth_required' });
  });

  test('what is wrong with the app parks the account at once: its orders cannot be signed either', async () => {
    const id = await host.account({ ...OPEN_PLATFORM, access_token_expires_at: IN_A_DAY() });
    const refresh = async () => {
      throw new Failure('misconfigured', 'wrong signature', {
        code: 'IncompleteSignature',
        accountStatus: 'auth_failed',
      });
    };
    await expect(early(id, refresh)).rejects.toMatchObject({ stillWorks: false });
    expect(await standing(id)).toMatchObject({ status: 'auth_failed' });
  });

  test.each<[sentence: string, columns: Record<string, unknown>, cannotBeRenewed: true | undefined]>([
    ['with a refresh token', {}, undefined],
    ['with an empty refresh token', { refresh_token: '' }, true],
    ['without one', { refresh_token: null }, true],
    ['with one that has ended', { refresh_token_expires_at: new Date(0) }, true],
  ])('%s: whether it can be renewed is told beside it', async (_, columns, cannotBeRenewed) => {
    const id = await host.account({ ...OPEN_PLATFORM, ...columns });
    expect((await host.db.tokens.openPlatform(id)).cannotBeRenewed).toBe(cannotBeRenewed);
  });

  test('a pair that comes without a refresh token is stored as one that cannot be renewed', async () => {
    const id = await host.account(OPEN_PLATFORM);
    const pair = {
      accessToken: 'access-2',
      refreshToken: '',
      accessTokenExpiresAt: IN_A_DAY(),
      refreshTokenExpiresAt: null,
    };
    const renewed = await host.db.tokens.renewOpenPlatform(id, 'access-1', async () => pair);
    expect(renewed).toMatchObject({ accessToken: 'access-2', cannotBeRenewed: true });
    expect(await account(id)).toMatchObject({ refresh_token: null });
  });
});
