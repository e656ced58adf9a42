/** With the simulator's consent page and a real status-sync, which exchanges the codes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestSystem, type TestSystem } from '@lazada-sof/testkit';
import { type Given, runSof } from '../../cli.fixture.ts';

let system: TestSystem;
let dir: string;
beforeAll(async () => {
  system = await startTestSystem({ queue: 'postgres', services: ['simulator', 'status-sync'] });
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-authorize-'));
}, 60_000);
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await system?.close();
}, 60_000);

type AtLazada = Readonly<Record<'sellerId' | 'appKey' | 'appSecret' | 'sofUsername' | 'sofPassword', string>>;
const control = async <Answer>(path: string, body: object): Promise<Answer> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${system.url('simulator')}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Answer;
};
const sof = (args: string, { env = {}, ...given }: Given = {}) =>
  runSof(args, { ...given, env: { ...system.env, ...env } });

const PARKED = { status: 'reauth_required', status_reason: 'IllegalRefreshToken' };
/** Parked, with tokens that have ended; its seller at Lazada. */
async function parkedShop(name: string, columns: object = {}, atLazada: object = {}): Promise<AtLazada> {
  const seller = await control<AtLazada>('/control/accounts', { name, country: 'SG', ...atLazada });
  const row = {
    ...{ name, country: 'SG', delivery_type: 'sof', app_key: seller.appKey, app_secret: seller.appSecret },
    ...{
      sof_username: seller.sofUsername,
      sof_password: seller.sofPassword,
      access_token: 'over',
      refresh_token: 'over',
    },
    ...PARKED,
    ...columns,
  };
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  await system.sql(`insert into account.lazada (${Object.keys(row)}) values (${places})`, Object.values(row));
  return seller;
}
const rowOf = async (name: string) =>
  (await system.sql('select * from account.lazada where name = $1', [name]))[0] ?? {};

async function linkOf(name: string): Promise<string> {
  const { code, out, err } = await sof(`account authorize ${name} --link`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trim();
}
/** The address at which the browser of this seller (`nobody`: of one who refuses) ends. */
const browse = async (link: string, as: string) =>
  (await fetch(`${link}&as=${as}`, { redirect: 'manual' })).headers.get('location') ?? '';
const authorize = (name: string, input: string) => sof(`account authorize ${name}`, { input });
const codeOf = (address: string) => new URL(address).searchParams.get('code') ?? '';

describe('the link', () => {
  test('is alone on standard output, and begins with the consent page', async () => {
    const { appKey } = await parkedShop('linked');
    const link = new URL(await linkOf('linked'));
    const { consent_state: state } = await rowOf('linked');
    expect(link.origin + link.pathname).toBe(`${system.url('simulator')}/oauth/authorize`);
    expect(Object.fromEntries(link.searchParams)).toEqual({
      ...{ response_type: 'code', force_auth: 'true', client_id: appKey, state },
      redirect_uri: `${system.url('simulator')}/consented`,
    });
  });

  test('as JSON, with its end', async () => {
    await parkedShop('linked-json');
    const { out } = await sof('account authorize linked-json --link --json');
    const { name, link, endsAt } = JSON.parse(out);
    expect([name, link]).toEqual(['linked-json', expect.stringContaining('/oauth/authorize?')]);
    expect(Date.parse(endsAt) - Date.now()).toBeGreaterThan(3_500_000);
  });

  test.each<[says: string, name: string, columns: object, env: Record<string, string>, words: RegExp]>([
    ['no callback address', 'no-callback', {}, { LAZADA_REDIRECT_URL: '' }, /^LAZADA_REDIRECT_URL is not set: /],
    ['an account without an app key', 'no-app', { app_key: null }, {}, /account no-app has no app key; set it with/],
  ])('refused, nothing is written: %s', async (_, name, columns, env, words) => {
    await parkedShop(name, columns);
    const before = await rowOf(name);
    const { code, out, err } = await sof(`account authorize ${name} --link`, { env });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
    expect(await rowOf(name)).toEqual(before);
  });

  test.each([
    ['account authorize nobody --link', '', 1, /there is no account nobody/],
    ['account authorize nobody', 'some-code', 1, /there is no account nobody/],
    ['account authorize nobody --link --code-file x', '', 2, /two calls/],
    ['account authorize nobody --code-file /none', '', 2, /\/none cannot be read/],
    ['account authorize nobody --code hush', '', 2, /unknown option '--code'/],
  ])('%s', async (args, input, expected, words) => {
    const { code, err } = await sof(args, { input });
    expect(code).toBe(expected);
    expect(err).toMatch(words);
  });
});

describe('the answer', () => {
  test('the whole address: the account has new tokens and goes on', async () => {
    const { sellerId } = await parkedShop('whole');
    const address = await browse(await linkOf('whole'), sellerId);
    const { code, out, err } = await authorize('whole', `${address}\n`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      new RegExp(
        `^ok {3}consent: the seller consented for SG, WHOLE, seller ${sellerId}; the access token ends 20.*Z, the refresh token 20.*Z\nok {3}access_token: .*\nok {3}open_platform: .*\nok {3}sof_login: .*\n$`,
      ),
    );
    expect(await rowOf('whole')).toMatchObject({
      ...{ status: 'active', status_reason: null, consent_code: null, consent_state: null, consent_state_at: null },
      ...{ access_token: expect.stringMatching(/^enc:/), refresh_token: expect.stringMatching(/^enc:/) },
      ...{ access_token_expires_at: expect.any(Date), refresh_token_expires_at: expect.any(Date) },
    });
    expect(out).not.toContain(codeOf(address));
  });

  test('the code alone, in a file, as JSON', async () => {
    const { sellerId } = await parkedShop('filed');
    const file = join(dir, 'code');
    writeFileSync(file, codeOf(await browse(await linkOf('filed'), sellerId)));
    const { code, out } = await sof(`account authorize filed --code-file ${file} --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      name: 'filed',
      ok: true,
      checks: [{ check: 'consent', ok: true }, {}, {}, {}],
    });
  });

  test('what else is wrong with the account is told, and is no reason to fail', async () => {
    const { sellerId } = await parkedShop('half', { sof_password: 'wrong' });
    const { code, out } = await authorize('half', await browse(await linkOf('half'), sellerId));
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {3}consent: [\s\S]*^FAIL sof_login: /m);
    expect(await rowOf('half')).toMatchObject({ status: 'auth_failed' });
  });

  test('a seller across borders: of several countries the one of the account', async () => {
    const { sellerId } = await parkedShop('across', {}, { country: 'MY', alsoIn: ['SG'] });
    expect(await authorize('across', await browse(await linkOf('across'), sellerId))).toMatchObject({ code: 0 });
  });

  /** What is not an answer to this account's link: it is refused without asking Lazada. */
  test.each<[says: string, given: (link: string, sellerId: string) => Promise<string>, sql: string, words: RegExp]>([
    ['a seller who did not agree', (link) => browse(link, 'nobody'), '', /did not give consent \(access_denied\)/],
    [
      'an address with another state',
      async (link, as) => (await browse(link, as)).replace(/state=[^&]*/, 'state=of-another'),
      '',
      /answers no link of account .*another link.*sof account authorize/,
    ],
    ['an hour later', browse, "consent_state_at = now() - interval '1 h'", /its link is older than an hour/],
    ['a link that was answered', browse, 'consent_state = null', /no link of ours is open/],
    ['nothing', async () => '', '', /nothing was given/],
    ['the link itself', async (link) => link, '', /address holds no code/],
  ])('%s: refused, nothing is written', async (says, given, sql, words) => {
    const name = says.replaceAll(/\W+/g, '-');
    const { sellerId } = await parkedShop(name);
    const input = await given(await linkOf(name), sellerId);
    if (sql) await system.sql(`update account.lazada set ${sql} where name = $1`, [name]);
    const before = await rowOf(name);
    const { code, out, err } = await authorize(name, input);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
    expect(await rowOf(name)).toEqual(before);
  });

  const tokensOf = async (name: string) => {
    const { access_token_expires_at, refresh_token_expires_at, consent_code, status, status_reason } =
      await rowOf(name);
    return { access_token_expires_at, refresh_token_expires_at, consent_code, status, status_reason };
  };
  const AS_BEFORE = { access_token_expires_at: null, refresh_token_expires_at: null, consent_code: null };

  test('a code that was used: told in words, and the account stays parked', async () => {
    const { sellerId } = await parkedShop('used');
    const address = await browse(await linkOf('used'), sellerId);
    expect(await authorize('used', address)).toMatchObject({ code: 0 });
    await system.sql(
      "update account.lazada set status = 'reauth_required', access_token = 'over', refresh_token = 'over'",
    );
    await linkOf('used');
    const { code, out, err } = await authorize('used', codeOf(address));
    expect({ code, err }).toEqual({ code: 1, err: 'account used is not authorized; its tokens are as they were\n' });
    expect(out).toMatch(
      /^FAIL consent: consent of used: InvalidCode .*half an hour, and once.*\n {5}let the seller give consent again: sof account authorize used$/m,
    );
  });

  test('the seller of another country: told which, and his tokens are not kept', async () => {
    await parkedShop('abroad');
    const { app_key: appKey } = await rowOf('abroad');
    const other = await control<AtLazada>('/control/accounts', { country: 'MY', appKey });
    const { code, out } = await authorize('abroad', await browse(await linkOf('abroad'), other.sellerId));
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL consent: .*consented for MY, and the account is of SG/m);
    expect(await tokensOf('abroad')).toMatchObject({ ...AS_BEFORE, status: 'reauth_required' });
  });

  test('while Lazada is away: told so, and the same address works once it is back', async () => {
    const { sellerId } = await parkedShop('away');
    const address = await browse(await linkOf('away'), sellerId);
    await control('/faults', { api: 'lazada', path: '/auth/token/create', status: 503, times: 1 });
    const { code, out } = await authorize('away', address);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL consent: .*503.*\n {5}give the same code again within half an hour/m);
    expect(await tokensOf('away')).toMatchObject(AS_BEFORE);
    expect(await authorize('away', address)).toMatchObject({ code: 0 });
  });
});
