import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import { accountInput, accountPatch } from './account-fields.ts';
import { AccountRefused } from './accounts.ts';
import { NO_KEYS } from './secrets.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest({ source: 'api' });
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));

const INPUT = accountInput.parse({
  name: 'shop-sg',
  country: 'SG',
  appKey: 'key',
  appSecret: 'app-secret',
  deliveryType: 'sof',
  sofUsername: 'courier',
  sofPassword: 'sof-password',
});
const row = async () => (await host.sql('select * from account.lazada'))[0] ?? {};

describe('creating', () => {
  test('an account comes back without its secrets, only whether and when they were set', async () => {
    const created = await host.db.accounts.create(INPUT);
    expect(created).toMatchObject({
      name: 'shop-sg',
      country: 'SG',
      appKey: 'key',
      appSecret: { set: true, setAt: expect.any(Date) },
      sofPassword: { set: true, setAt: expect.any(Date) },
      accessToken: { set: false, setAt: null },
      deliveryType: 'sof',
      sofDriver: 'sofp',
      enabled: true,
      status: 'active',
    });
    expect(JSON.stringify(created)).not.toMatch(/app-secret|sof-password|enc:/);
  });

  test('secrets are encrypted in the table', async () => {
    await host.db.accounts.create(INPUT);
    expect(await row()).toMatchObject({
      app_secret: expect.stringMatching(/^enc:test:/),
      sof_password: expect.stringMatching(/^enc:test:/),
    });
  });

  test('a name that is taken is refused by its field', async () => {
    await host.db.accounts.create(INPUT);
    const again = host.db.accounts.create(INPUT);
    await expect(again).rejects.toThrow(AccountRefused);
    await expect(again).rejects.toMatchObject({ field: 'name' });
  });

  test('it works where the host gives ids in its own way', async () => {
    await host.sql('alter table account.lazada alter column id set default -floor(random() * 1000000)::bigint');
    await host.db.accounts.create(INPUT);
    await host.sql("alter table account.lazada alter column id set default nextval('account.lazada_id_seq')");
    const { id } = await row();
    expect(
      await host.db.tokens.sof(String(id), async ({ password }) => ({
        token: password,
        expiresAt: new Date(Date.now() + 60_000),
      })),
    ).toBe('sof-password');
  });
});

describe('what may be said', () => {
  test.each<[string, object, string]>([
    ['a country that Lazada does not serve', { country: 'DE' }, 'country'],
    ['sof without a password', { sofPassword: undefined }, 'sofPassword'],
    ['sof without a user name', { sofUsername: null }, 'sofUsername'],
    ['a time zone that is none', { timezone: 'Mars/Olympus' }, 'timezone'],
    ['a template without the order number', { invoicePathTemplate: '{country}/a.pdf' }, 'invoicePathTemplate'],
    ['a name with a slash', { name: 'a/b' }, 'name'],
    ['a field that there is not', { sofUser: 'x' }, ''],
  ])('%s is refused by its field', (_, change, field) => {
    const issues = accountInput.safeParse({ ...INPUT, ...change }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });

  test.each<[string, object]>([
    ['sof that is switched off for now', { enabled: false, sofPassword: undefined }],
    ['driver dbs, which signs in otherwise', { sofDriver: 'dbs', sofPassword: undefined }],
    ['times as text with their zone', { accessTokenExpiresAt: '2026-12-01T00:00:00+08:00' }],
  ])('%s is taken', (_, change) => {
    expect(accountInput.safeParse({ ...INPUT, ...change }).success).toBe(true);
  });

  test('a change names only what it changes', () => {
    expect(accountPatch.parse({ enabled: false })).toEqual({ enabled: false });
    expect(accountPatch.safeParse({ name: 'other' }).success).toBe(false);
  });
});

describe('changing', () => {
  test('what is left out stays, null empties, and a new secret has its time', async () => {
    const before = await host.db.accounts.create({ ...INPUT, timezone: 'Asia/Bangkok', shipmentProvider: 'x' });
    const after = await host.db.accounts.update('shop-sg', { shipmentProvider: null, sofPassword: 'new' });
    expect(after).toMatchObject({ timezone: 'Asia/Bangkok', shipmentProvider: null, appSecret: before.appSecret });
    expect(after?.sofPassword.setAt?.getTime()).toBeGreaterThan(before.sofPassword.setAt?.getTime() ?? 0);
  });

  test('a new password un-parks the account, told as done by the door', async () => {
    const { accountId } = await host.db.accounts.create(INPUT);
    await host.db.accounts.park(accountId, { status: 'auth_failed', reason: 'wrong password' });
    expect(await host.db.accounts.update('shop-sg', { sofPassword: 'new' })).toMatchObject({
      status: 'active',
      statusReason: null,
    });
    expect((await host.accountEvents(accountId)).map(({ kind, source }) => `${kind} by ${source}`)).toEqual([
      'account_unparked by api',
      'account_parked by api',
    ]);
  });

  test('sof without a password is refused by its field', async () => {
    await host.db.accounts.create({ ...INPUT, deliveryType: 'dropship', sofPassword: null });
    await expect(host.db.accounts.update('shop-sg', { deliveryType: 'sof' })).rejects.toMatchObject({
      name: 'AccountRefused',
      field: 'sofPassword',
    });
  });

  test('sof without a country is refused by its field', async () => {
    await host.account({ name: 'nowhere', country: null, delivery_type: 'dropship' });
    await expect(host.db.accounts.update('nowhere', { deliveryType: 'sof' })).rejects.toMatchObject({
      name: 'AccountRefused',
      field: 'country',
      message: expect.stringContaining('SG, MY, TH, VN, PH, ID'),
    });
  });

  test('an account that there is not is null', async () => {
    expect(await host.db.accounts.update('nobody', { enabled: false })).toBeNull();
    expect(await host.db.accounts.find('nobody')).toBeNull();
    expect(await host.db.accounts.byId('987654')).toBeNull();
  });
});

describe('packing that waits for the account', () => {
  const WHY = 'nothing is packed: Lazada offers "Ninja Van" (NV)';
  const note = (accountId: string, reason: string | null, shipmentProvider: string | null = null) =>
    host.db.accounts.notePacking({ accountId, shipmentProvider }, reason);
  const said = async () => {
    const { status, statusReason } = (await host.db.accounts.find('shop-sg')) ?? {};
    return { status, statusReason };
  };

  test('is said by the account, which stays active and has no event; said once it is no news', async () => {
    const { accountId } = await host.db.accounts.create(INPUT);
    expect([await note(accountId, WHY), await note(accountId, WHY)]).toEqual([true, false]);
    expect(await said()).toEqual({ status: 'active', statusReason: WHY });
    expect(await host.accountEvents(accountId)).toEqual([]);
    expect([await note(accountId, null), await note(accountId, null)]).toEqual([true, false]);
    expect(await said()).toEqual({ status: 'active', statusReason: null });
  });

  test('is not said of another provider than the one that was tried', async () => {
    const { accountId } = await host.db.accounts.create({ ...INPUT, shipmentProvider: 'Ninja Van' });
    expect([await note(accountId, WHY), await note(accountId, WHY, 'Ninja Van')]).toEqual([false, true]);
  });

  test('nor of an account that is parked, whose reason stays', async () => {
    const { accountId } = await host.db.accounts.create(INPUT);
    await host.db.accounts.park(accountId, { status: 'auth_failed', reason: 'wrong password' });
    expect([await note(accountId, WHY), await note(accountId, null)]).toEqual([false, false]);
    expect(await said()).toEqual({ status: 'auth_failed', statusReason: 'wrong password' });
  });

  test('is said no more once the account was tested, or another provider is set', async () => {
    const { accountId } = await host.db.accounts.create(INPUT);
    await note(accountId, WHY);
    await host.db.accounts.unpark(accountId);
    expect(await said()).toEqual({ status: 'active', statusReason: null });
    await note(accountId, WHY);
    await host.db.accounts.update('shop-sg', { shipmentProvider: 'Ninja Van' });
    expect(await said()).toEqual({ status: 'active', statusReason: null });
    expect(await host.accountEvents(accountId)).toEqual([]);
  });
});

describe('parking', () => {
  test('twice is one event, and the first reason stays', async () => {
    const { accountId } = await host.db.accounts.create(INPUT);
    await host.db.accounts.park(accountId, { status: 'auth_failed', reason: 'wrong password' });
    await host.db.accounts.park(accountId, { status: 'reauth_required', reason: 'something else' });
    expect(await host.db.accounts.find('shop-sg')).toMatchObject({
      status: 'auth_failed',
      statusReason: 'wrong password',
    });
    expect(await host.accountEvents(accountId)).toMatchObject([
      { kind: 'account_parked', data: { status: 'auth_failed', reason: 'wrong password' } },
    ]);
  });

  test('un-parking is one event, and nothing where the account is active', async () => {
    const { accountId } = await host.db.accounts.create(INPUT);
    await host.db.accounts.unpark(accountId);
    await host.db.accounts.park(accountId, { status: 'auth_failed', reason: 'wrong password' });
    await host.db.accounts.unpark(accountId);
    expect((await host.accountEvents(accountId)).map(({ kind }) => kind)).toEqual([
      'account_unparked',
      'account_parked',
    ]);
  });
});

describe('when the tokens of an account end', () => {
  const ends = { access_token_expires_at: new Date(1e12), refresh_token_expires_at: new Date(2e12) };
  test.each<[string, string | null, boolean]>([
    ['with a refresh token', 'r', true],
    ['with an empty one, which is none', '', false],
    ['without one', null, false],
  ])('%s: told without any secret, also of a parked one', async (_, refresh, hasRefreshToken) => {
    const id = await host.account({ ...ends, refresh_token: refresh, status: 'reauth_required' });
    expect(await host.another({ keys: NO_KEYS }).accounts.tokenTimes(id)).toEqual({
      hasRefreshToken,
      accessTokenExpiresAt: ends.access_token_expires_at,
      refreshTokenExpiresAt: ends.refresh_token_expires_at,
      now: expect.any(Date),
    });
  });

  test('of none that is gone', async () => {
    expect(await host.db.accounts.tokenTimes('4711')).toBeNull();
  });
});

describe('accounts that want to be checked', () => {
  const soon = { tokenEndsWithinMs: 3_600_000 };
  test.each<[string, Record<string, unknown>, boolean]>([
    ['active sof without a token', {}, true],
    ['with a token that lasts', { sof_token: 't' }, false],
    [
      'with an Open Platform token that ends soon',
      { sof_token: 't', refresh_token: 'r', access_token_expires_at: new Date() },
      true,
    ],
    [
      'whose refresh token is empty, which is none',
      { sof_token: 't', refresh_token: '', access_token_expires_at: new Date() },
      false,
    ],
    ['with one that cannot be renewed', { sof_token: 't', access_token_expires_at: new Date() }, false],
    ['driver dbs, which has no SOF token', { sof_driver: 'dbs' }, false],
    ['parked', { status: 'auth_failed' }, false],
    ['disabled', { enabled: false }, false],
    ['another delivery type', { delivery_type: 'dropship' }, false],
  ])('%s', async (_, columns, wanted) => {
    const id = await host.account(columns);
    expect((await host.db.accounts.toCheck(soon)).map(({ accountId }) => accountId)).toEqual(wanted ? [id] : []);
  });
});

describe('what the host wrote and nobody can use', () => {
  let loose: TestDb;
  beforeAll(async () => {
    loose = await openDbForTest();
    await loose.sql('alter table account.lazada drop constraint if exists lazada_sof_needs_country');
  });
  afterAll(() => loose.close());
  beforeEach(() => loose.sql('truncate account.lazada cascade'));

  test.each<[string, Record<string, unknown>, RegExp | null]>([
    ['no country', { country: null }, /no country/],
    [
      'a country that is misspelt',
      { country: 'Singapur' },
      /country "Singapur" is none of Lazada.s; write one of SG, MY/,
    ],
    ['a time zone that is none', { timezone: 'Mars/Olympus' }, /time zone "Mars\/Olympus" is no IANA/],
    [
      'a template without the order',
      { invoice_path_template: 'all.pdf' },
      /invoice path template "all.pdf": .*order_number/,
    ],
    [
      'a template that makes too long names',
      { invoice_path_template: `${'x'.repeat(110)}{order_number}.pdf` },
      /longer than 120/,
    ],
    ['empty texts, which say nothing', { timezone: ' ', invoice_path_template: '' }, null],
  ])('%s: told with the account, and asked to be checked', async (_, columns, words) => {
    const id = await loose.account({ sof_token: 't', ...columns });
    const account = await loose.db.accounts.byId(id);
    expect(account?.mistakes.join()).toMatch(words ?? /^$/);
    const asked = await loose.db.accounts.toCheck({ tokenEndsWithinMs: 1 });
    expect(asked.map(({ accountId, canWait }) => [accountId, canWait])).toEqual(words ? [[id, false]] : []);
  });

  test('an account without a country is taken for no country at all', async () => {
    const id = await loose.account({ country: null });
    expect(await loose.db.accounts.byId(id)).toMatchObject({ country: null, timezone: 'UTC' });
  });
});

test.each<[string, Record<string, unknown>, boolean]>([
  ['whose token ends soon and is good may wait for its check', { sof_token: 't' }, true],
  ['whose token has ended may not', { sof_token: 't', access_token_expires_at: new Date(0) }, false],
  ['that has no SOF token may not', {}, false],
])('an account %s', async (_, columns, canWait) => {
  await host.account({ refresh_token: 'r', access_token_expires_at: new Date(Date.now() + 60_000), ...columns });
  expect(await host.db.accounts.toCheck({ tokenEndsWithinMs: 3_600_000 })).toMatchObject([{ canWait }]);
});
