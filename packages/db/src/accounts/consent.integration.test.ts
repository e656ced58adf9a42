import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ConsentCode, type ConsentTokens, Failure } from '@lazada-sof/orders';
import { KEYS, openDbForTest, type TestDb } from '../db.fixture.ts';
import { parseKeys } from './secrets.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));

const PARKED = { status: 'reauth_required', status_reason: 'token refresh: IllegalRefreshToken' };
const OLD = { app_key: 'key', app_secret: 'secret', access_token: 'access-1', refresh_token: 'refresh-1', ...PARKED };
const IN = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const TOKENS: ConsentTokens = {
  accessToken: 'access-2',
  refreshToken: 'refresh-2',
  accessTokenExpiresAt: IN(1_000),
  refreshTokenExpiresAt: IN(9_000),
  shop: { country: 'sg', sellerId: '1', shortCode: 'SG1' },
};
const account = async (id: string) => (await host.sql('select * from account.lazada where id = $1', [id]))[0] ?? {};
const refused = () =>
  new Failure('misconfigured', 'InvalidCode', { code: 'InvalidCode', accountStatus: 'reauth_required' });

/** An account whose seller came back with this code. */
async function cameBack(columns: Readonly<Record<string, unknown>> = {}, code = 'code-1'): Promise<string> {
  const id = await host.account({ ...OLD, ...columns });
  const opened = await host.db.consents.open(id);
  expect(await host.db.consents.take(id, { code, state: opened?.state ?? '' })).toBeNull();
  return id;
}

describe('the code', () => {
  test('waits encrypted in the row, beside the state of its link', async () => {
    const id = await cameBack();
    const { consent_code: stored, consent_state: state } = await account(id);
    expect(stored).toMatch(/^enc:test:/);
    expect(JSON.stringify(await account(id))).not.toContain('code-1');
    expect(String(state).length).toBeGreaterThanOrEqual(32);
    expect(await host.db.consents.standing(id)).toBe('waiting');
    expect(await account(id)).toMatchObject({ ...PARKED, access_token: 'access-1' });
  });

  test('is written with a new key like every secret', async () => {
    const id = await cameBack();
    const rotated = rotating();
    await rotated.sealing.sealStale({ after: null, most: 100 });
    expect((await account(id)).consent_code).toMatch(/^enc:young:/);
    const ask = jest.fn(async (_: ConsentCode) => TOKENS);
    await rotated.consents.exchange(id, ask);
    expect(ask.mock.calls).toEqual([[{ appKey: 'key', appSecret: 'secret', code: 'code-1' }]]);
  });

  test.each<[says: string, change: string, state: string | null, why: RegExp]>([
    ['with the state of another link', 'name = name', 'another', /another link/],
    ['of a link that is an hour old', "consent_state_at = now() - interval '1 h'", null, /older than an hour/],
    ['that nobody opened a link for', 'consent_state = null', null, /no link of ours is open/],
  ])('%s is refused, and nothing is written', async (_, change, state, why) => {
    const id = await host.account(OLD);
    await host.db.consents.open(id);
    await host.sql(`update account.lazada set ${change} where id = $1`, [id]);
    const before = await account(id);
    expect(await host.db.consents.take(id, { code: 'code-1', state })).toEqual({
      refused: expect.stringMatching(why),
    });
    expect(await account(id)).toEqual(before);
  });

  test('a newer link takes the place of an older one', async () => {
    const id = await host.account(OLD);
    const first = await host.db.consents.open(id);
    const second = await host.db.consents.open(id);
    const take = (state = '') => host.db.consents.take(id, { code: 'code-1', state });
    expect([await take(first?.state), await take(second?.state)]).toEqual([{ refused: expect.any(String) }, null]);
  });

  test('of an account that is gone', async () => {
    expect(await host.db.consents.open('4711')).toBeNull();
    expect(await host.db.consents.take('4711', { code: 'c', state: null })).toEqual({ refused: expect.any(String) });
  });
});

/** A process that begins to seal with a new key. */
function rotating() {
  const old = [...KEYS.keys].map(([name, key]) => `${name}:${key.export().toString('base64')}`);
  return host.another({ keys: parseKeys([`young:${randomBytes(32).toString('base64')}`, ...old].join(',')) });
}

describe('its exchange', () => {
  test.each<[says: string, ask: () => Promise<typeof TOKENS>]>([
    ['was exchanged', async () => TOKENS],
    ['is refused', () => Promise.reject(refused())],
  ])('a code that is sealed anew while it %s is forgotten all the same', async (_, ask) => {
    const id = await cameBack();
    const [process, another] = [rotating(), host.db];
    await another.consents.exchange(id, async () => {
      await process.sealing.sealStale({ after: null, most: 100 });
      expect((await account(id)).consent_code).toMatch(/^enc:young:/);
      return ask();
    });
    expect((await account(id)).consent_code).toBeNull();
    expect(await process.consents.exchange(id, () => Promise.reject(new Error('asked twice')))).toBeNull();
  });

  test('stores both tokens with their ends, forgets code and link, and un-parks the account', async () => {
    const id = await cameBack({ sof_token: 'sof', sof_token_expires_at: IN(300) });
    expect(await host.db.consents.exchange(id, async () => TOKENS)).toEqual({ ok: true, made: TOKENS });
    expect(await account(id)).toMatchObject({
      access_token: expect.stringMatching(/^enc:test:/),
      refresh_token: expect.stringMatching(/^enc:test:/),
      access_token_expires_at: TOKENS.accessTokenExpiresAt,
      refresh_token_expires_at: TOKENS.refreshTokenExpiresAt,
      consent_code: null,
      consent_state: null,
      consent_state_at: null,
      status: 'active',
      status_reason: null,
    });
    expect(await host.db.tokens.openPlatform(id)).toMatchObject({ accessToken: 'access-2' });
    expect((await host.accountEvents(id)).map(({ kind }) => kind)).toEqual(['account_unparked']);
    expect(await host.db.consents.standing(id)).toBe('exchanged');
  });

  test('is written in one statement: nobody sees one of the tokens without the other, or with the code', async () => {
    const id = await cameBack();
    await host.sql(`create table seen (old jsonb, new jsonb)`);
    await host.sql(
      `create function watch() returns trigger language plpgsql security definer as
       $$ begin insert into public.seen values (to_jsonb(old), to_jsonb(new)); return null; end $$`,
    );
    await host.sql('create trigger watch after update on account.lazada for each row execute function watch()');
    try {
      await host.db.consents.exchange(id, async () => TOKENS);
      const rows = await host.sql<{ changed: string[] }>(
        `select array(select key from jsonb_each(new) where value is distinct from old -> key
                       and key in ('access_token', 'refresh_token', 'consent_code', 'consent_state', 'status') order by key) as changed
           from seen`,
      );
      expect(rows.filter(({ changed }) => changed.includes('consent_code'))).toEqual([
        { changed: ['access_token', 'consent_code', 'consent_state', 'refresh_token', 'status'] },
      ]);
    } finally {
      await host.sql('drop trigger watch on account.lazada; drop function watch; drop table seen');
    }
  });

  test('is asked for once by ten callers in two processes', async () => {
    const id = await cameBack();
    const ask = jest.fn(async () => TOKENS);
    const processes = [host.db, host.another()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => processes[n % 2]?.consents.exchange(id, ask)),
    );
    expect(ask).toHaveBeenCalledTimes(1);
    expect(answers.filter((answer) => answer !== null)).toEqual([{ ok: true, made: TOKENS }]);
  });

  test('waits for a renewal that is under way, whose pair does not take the place of the new one', async () => {
    const id = await cameBack({ status: 'active', status_reason: null });
    const order: string[] = [];
    const begun = Promise.withResolvers<void>();
    const renewing = host.db.tokens.renewOpenPlatform(id, 'access-1', async () => {
      order.push('refresh begins');
      begun.resolve();
      await new Promise((done) => setTimeout(done, 50));
      order.push('refresh ends');
      const { shop: _, ...pair } = TOKENS;
      return { ...pair, accessToken: 'refreshed' };
    });
    await begun.promise;
    await host.another().consents.exchange(id, async () => {
      order.push('exchange');
      return TOKENS;
    });
    await renewing;
    expect(order).toEqual(['refresh begins', 'refresh ends', 'exchange']);
    expect(await host.db.tokens.openPlatform(id)).toMatchObject({ accessToken: 'access-2' });
  });

  test('that is refused forgets the code and changes nothing else; its link stays open', async () => {
    const id = await cameBack();
    const before = await account(id);
    expect(await host.db.consents.exchange(id, () => Promise.reject(refused()))).toEqual({
      ok: false,
      failure: expect.objectContaining({ code: 'InvalidCode' }),
    });
    expect(await account(id)).toEqual({ ...before, consent_code: null, app_secret: expect.any(String) });
    expect(await host.db.consents.standing(id)).toBe('refused');
    expect(await host.db.consents.exchange(id, async () => TOKENS)).toBeNull();
  });

  test('a code that came meanwhile stays for the next', async () => {
    const id = await cameBack();
    await host.db.consents.exchange(id, async () => {
      await host.db.consents.take(id, { code: 'code-2', state: null });
      throw refused();
    });
    const ask = jest.fn(async (_: ConsentCode) => TOKENS);
    await host.db.consents.exchange(id, ask);
    expect(ask.mock.calls[0]?.[0].code).toBe('code-2');
  });

  test('for an app that was changed meanwhile: its tokens are not kept', async () => {
    const id = await cameBack();
    const outcome = await host.db.consents.exchange(id, async () => {
      await host.sql("update account.lazada set app_key = 'another' where id = $1", [id]);
      return TOKENS;
    });
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'credentials_changed' } });
    expect(await account(id)).toMatchObject({ access_token: 'access-1', consent_code: null });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['an app key', { app_key: null }],
    ['an app secret', { app_secret: '' }],
  ])('without %s nobody is asked', async (_, columns) => {
    const id = await cameBack(columns);
    const ask = jest.fn(async () => TOKENS);
    const outcome = await host.db.consents.exchange(id, ask);
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'credentials_missing' } });
    expect([ask.mock.calls, (await account(id)).consent_code]).toEqual([[], null]);
  });

  test('of an account that has no tokens yet, or is disabled', async () => {
    const id = await cameBack({ access_token: null, refresh_token: null, enabled: false });
    expect(await host.db.consents.exchange(id, async () => ({ ...TOKENS, refreshToken: '' }))).toMatchObject({
      ok: true,
    });
    expect(await account(id)).toMatchObject({ refresh_token: null, access_token: expect.stringMatching(/^enc:/) });
  });
});
