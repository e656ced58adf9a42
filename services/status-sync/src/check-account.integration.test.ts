import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type AccountChecks,
  accountChecks,
  type ConsentCheck,
  consentCheck,
  marketplaceLazada,
  tokenChecks,
} from '@lazada-sof/connectors';
import type { Marketplace } from '@lazada-sof/orders';
import { openWorkerStage, recordedLog, type WorkerStage } from '@lazada-sof/testkit';
import { checkAccount } from './check-account.ts';

let stage: WorkerStage;
let checks: AccountChecks;
let ownChecks: AccountChecks;
let consent: ConsentCheck;
let marketplace: Marketplace;
const { log, lines } = recordedLog();
beforeAll(async () => {
  stage = await openWorkerStage('status-sync');
  const outside = stage.outside();
  checks = accountChecks({ ...outside, tokens: stage.db.verifyingTokens });
  ownChecks = tokenChecks({ ...outside, tokens: stage.db.tokens });
  consent = consentCheck({ lazada: outside.lazada, consents: stage.db.consents });
  marketplace = marketplaceLazada(outside.lazada);
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

let made = 0;
const addAccount = (columns: object = {}) => stage.addAccount(`checked-${++made}`, { ...columns });
const check = (accountId: string, { ifActive }: { ifActive?: boolean } = {}) =>
  checkAccount(
    { accountId, ifActive, signal: new AbortController().signal },
    { accounts: stage.db.accounts, consent, checks, ownChecks, log },
  );
const rowOf = async (accountId: string) =>
  (await stage.sql('select status, status_reason from account.lazada where id = $1', [accountId]))[0];
const eventsOf = async (accountId: string) =>
  (await stage.sql('select kind from order_lazada_event where account_id = $1 order by id desc', [accountId])).map(
    ({ kind }) => kind,
  );
const signIns = async () => (await stage.lazada.counts()).calls['sof/auth'];
const parked = { status: 'auth_failed', status_reason: 'the password was wrong' };

test('credentials that work un-park the account', async () => {
  const { accountId } = await addAccount(parked);
  expect(await check(accountId)).toMatchObject({
    ok: true,
    checks: [
      { check: 'access_token', ok: true },
      { check: 'open_platform', ok: true },
      { check: 'sof_login', ok: true },
    ],
  });
  expect(await rowOf(accountId)).toEqual({ status: 'active', status_reason: null });
  expect(await eventsOf(accountId)).toContain('account_unparked');
});

test('run twice: an account that works stays as it is', async () => {
  const { accountId } = await addAccount();
  expect([await check(accountId), await check(accountId)]).toMatchObject([{ ok: true }, { ok: true }]);
  expect([await rowOf(accountId), await eventsOf(accountId)]).toEqual([{ status: 'active', status_reason: null }, []]);
  // A stored token says nothing of the password.
  expect(await signIns()).toBe(2);
});

test('a wrong password parks it, with the reason and without the password', async () => {
  const { accountId } = await addAccount({ sof_password: 'not-the-password' });
  expect(await check(accountId)).toMatchObject({
    ok: false,
    checks: [{ ok: true }, { ok: true }, { check: 'sof_login', ok: false, fix: expect.any(String) }],
  });
  const row = await rowOf(accountId);
  expect(row).toEqual({ status: 'auth_failed', status_reason: expect.stringContaining('SOF login') });
  expect(JSON.stringify(row)).not.toContain('not-the-password');
  expect(await eventsOf(accountId)).toEqual(['account_parked']);
});

test('tokens that have ended ask for a new consent', async () => {
  const { accountId, sellerId } = await addAccount({ access_token_expires_at: new Date() });
  await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['access', 'refresh'] });
  expect(await check(accountId)).toMatchObject({ ok: false, checks: [{ check: 'access_token', ok: false }, {}, {}] });
  expect(await rowOf(accountId)).toMatchObject({ status: 'reauth_required' });
});

describe('an account of which the host wrote something that nobody can use', () => {
  test.each<[says: string, columns: object, corrected: string, reason: RegExp]>([
    ['a time zone', { timezone: 'Mars/Olympus' }, "timezone = 'Asia/Singapore'", /time zone "Mars\/Olympus"/],
    [
      'a path template',
      { invoice_path_template: 'all.pdf' },
      'invoice_path_template = null',
      /invoice path template "all.pdf"/,
    ],
  ])('%s: it is parked with words, nobody outside is asked, and it goes on once it is corrected', async (...row) => {
    const [, columns, corrected, reason] = row;
    const { accountId } = await addAccount(columns);
    expect(await check(accountId, { ifActive: true })).toMatchObject({
      ok: false,
      checks: [{ check: 'settings', ok: false, detail: expect.stringMatching(reason), fix: expect.any(String) }],
    });
    expect(await rowOf(accountId)).toEqual({ status: 'auth_failed', status_reason: expect.stringMatching(reason) });
    expect((await stage.lazada.counts()).calls).toEqual({});
    await stage.sql(`update account.lazada set ${corrected} where id = $1`, [accountId]);
    expect(await rowOf(accountId)).toEqual({ status: 'active', status_reason: null });
    expect(await check(accountId, { ifActive: true })).toMatchObject({ ok: true });
  });
});

describe('an account whose refresh token is refused', () => {
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
  async function addRefused(columns: object = {}) {
    const account = await addAccount({ access_token_expires_at: inHours(24), ...columns });
    await stage.lazada.post(`/control/accounts/${account.sellerId}/expire`, { tokens: ['refresh'] });
    return account;
  }
  /** A call of one of its orders. */
  async function readItems({ accountId, name }: { accountId: string; name: string }) {
    const [orderNumber = ''] = await stage.addOrders({ account: name, items: 1 });
    const account = await stage.db.accounts.byId(accountId);
    if (!account) throw new Error(`account ${name} is gone`);
    return marketplace.readItems(account, orderNumber);
  }

  test.each([
    { by: 'a person', ifActive: false },
    { by: 'the scheduler', ifActive: true },
  ])('goes on while its access token is good, and is told of where $by asks', async ({ ifActive }) => {
    const account = await addRefused();
    const { accountId, name } = account;
    expect(await check(accountId, { ifActive })).toMatchObject({
      ok: false,
      checks: [
        { check: 'access_token', ok: false, detail: expect.stringContaining('good until'), fix: expect.any(String) },
        ...(ifActive ? [] : [{ check: 'open_platform', ok: true }]),
        { check: 'sof_login', ok: true },
      ],
    });
    expect([await rowOf(accountId), await eventsOf(accountId)]).toEqual([
      { status: 'active', status_reason: null },
      [],
    ]);
    expect(lines.filter((line) => line.account === name)).toMatchObject([{ level: 'warn', check: 'access_token' }]);
    expect(await readItems(account)).toHaveLength(1);
  });

  test('is parked when its access token has ended', async () => {
    const { accountId } = await addRefused({ access_token_expires_at: new Date() });
    await check(accountId, { ifActive: true });
    expect(await rowOf(accountId)).toMatchObject({ status: 'reauth_required' });
  });

  test('is parked when its access token is refused before its time', async () => {
    const account = await addRefused();
    await check(account.accountId, { ifActive: true });
    await stage.lazada.post(`/control/accounts/${account.sellerId}/expire`, { tokens: ['access'] });
    await expect(readItems(account)).rejects.toMatchObject({ kind: 'misconfigured' });
    expect(await rowOf(account.accountId)).toMatchObject({ status: 'reauth_required' });
  });

  test('and that was parked too early goes on after an account test', async () => {
    const { accountId } = await addRefused({ status: 'reauth_required', status_reason: 'IllegalRefreshToken' });
    expect(await check(accountId)).toMatchObject({ ok: false });
    expect(await rowOf(accountId)).toEqual({ status: 'active', status_reason: null });
  });
});

test.each([
  { says: 'a parked account parked', columns: parked, wanted: parked },
  { says: 'an active account active', columns: {}, wanted: { status: 'active', status_reason: null } },
])('a failure that passes leaves $says', async ({ columns, wanted }) => {
  const { accountId } = await addAccount(columns);
  await stage.lazada.post('/faults', { path: 'sof/auth', status: 503, times: 1 });
  const answer = await check(accountId);
  expect(answer).toMatchObject({ ok: false, checks: [{ ok: true }, { ok: true }, { ok: false }] });
  expect(JSON.stringify(answer)).not.toContain('fix');
  expect(await rowOf(accountId)).toEqual(wanted);
});

test("the scheduler's own wish is left for an account that is parked since", async () => {
  const { accountId } = await addAccount(parked);
  expect(await check(accountId, { ifActive: true })).toBe('superseded');
  expect([await rowOf(accountId), (await stage.lazada.counts()).calls]).toEqual([parked, {}]);
});

test('and done for one that is active, with the token that there may be by now', async () => {
  const { accountId } = await addAccount();
  for (const _ of ['made', 'found']) expect(await check(accountId, { ifActive: true })).toMatchObject({ ok: true });
  expect(await signIns()).toBe(1);
});

test('what Lazada lets the app do no more is seen, and once it is mended there a test un-parks the account', async () => {
  const { accountId } = await addAccount();
  const body = { code: 'AppWhiteIpLimit', message: 'source ip is not in the white list' };
  await stage.lazada.post('/faults', { api: 'lazada', path: '/orders/get', body, times: 1 });
  expect(await check(accountId)).toMatchObject({ ok: false, checks: [{}, { check: 'open_platform', ok: false }, {}] });
  expect(await rowOf(accountId)).toEqual({
    status: 'auth_failed',
    status_reason: expect.stringMatching(/source ip is not in the white list.*IP whitelist/),
  });
  expect(await check(accountId)).toMatchObject({ ok: true });
  expect(await rowOf(accountId)).toEqual({ status: 'active', status_reason: null });
});

test("the scheduler's own check makes no call of the Open Platform", async () => {
  const { accountId } = await addAccount();
  expect(await check(accountId, { ifActive: true })).toMatchObject({ ok: true });
  expect(Object.keys((await stage.lazada.counts()).calls)).toEqual(['sof/auth']);
});

describe('an account whose seller has come back with a code', () => {
  const reauth = { status: 'reauth_required', status_reason: 'IllegalRefreshToken' };
  async function cameBack(columns: object = {}) {
    const { accountId, name, sellerId } = await addAccount({ ...reauth, ...columns });
    const { code } = (await stage.lazada.post(`/control/accounts/${sellerId}/codes`)) as { code: string };
    const opened = await stage.db.consents.open(accountId);
    await stage.db.consents.take(accountId, { code, state: opened?.state ?? null });
    return { accountId, name, code };
  }
  const CONSENT = {
    check: 'consent',
    ok: true,
    detail: expect.stringMatching(/^the seller consented for SG, CHECKED-/),
  };

  test.each([
    { by: 'a person', ifActive: false },
    { by: 'the scheduler, which asks nothing of a parked one', ifActive: true },
  ])('it is exchanged when $by asks, and everything is tried', async ({ ifActive }) => {
    const { accountId } = await cameBack();
    expect(await check(accountId, { ifActive })).toMatchObject({
      ok: true,
      checks: [
        CONSENT,
        { check: 'access_token' },
        { check: 'open_platform', ok: true },
        { check: 'sof_login', ok: true },
      ],
    });
    expect(await rowOf(accountId)).toEqual({ status: 'active', status_reason: null });
  });

  test('two checks at once use it once', async () => {
    const { accountId } = await cameBack();
    const answers = await Promise.all([check(accountId), check(accountId)]);
    expect((await stage.lazada.counts()).calls['/auth/token/create']).toBe(1);
    expect(answers.filter((one) => JSON.stringify(one).includes('the seller consented'))).toHaveLength(1);
    expect(await rowOf(accountId)).toMatchObject({ status: 'active' });
  });

  test('what is wrong besides parks it as that', async () => {
    const { accountId } = await cameBack({ sof_password: 'not-the-password' });
    expect(await check(accountId, { ifActive: true })).toMatchObject({
      ok: false,
      checks: [CONSENT, {}, {}, { ok: false }],
    });
    expect(await rowOf(accountId)).toMatchObject({ status: 'auth_failed' });
  });

  test('a code that is refused leaves it as it is, and is told once, without the code', async () => {
    const { accountId, name, code } = await cameBack({ access_token: 'over', refresh_token: null });
    await stage.lazada.post('/control/clock', { advanceSeconds: 1_801 });
    const answer = await check(accountId, { ifActive: true });
    expect(answer).toEqual({
      ok: false,
      checks: [
        {
          check: 'consent',
          ok: false,
          detail: expect.stringMatching(/^consent of checked-\d+: InvalidCode .*half an hour, and once/),
          fix: `let the seller give consent again: sof account authorize ${name}`,
        },
      ],
    });
    expect(await rowOf(accountId)).toEqual(reauth);
    expect(await check(accountId, { ifActive: true })).toBe('superseded');
    const told = lines.filter((line) => line.account === name);
    expect(told).toMatchObject([{ level: 'warn', check: 'consent' }]);
    expect(JSON.stringify([answer, told])).not.toContain(code);
  });
});

test('an account that is gone is superseded', async () => {
  expect(await check('4711')).toBe('superseded');
});
