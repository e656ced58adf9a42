/** Secrets that the host wrote plain or an older key sealed, while host and services go on writing the same rows. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SofLogin } from '@lazada-sof/orders';
import { until } from '@lazada-sof/testkit';
import { hostClient, KEYS, openDbForTest, reached, type TestDb } from '../db.fixture.ts';
import type { Db } from '../open.ts';
import { HAS_PLAIN, SECRET_COLUMNS } from './account-secrets.ts';
import { NO_KEYS, parseKeys } from './secrets.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));

const COLUMNS = Object.values(SECRET_COLUMNS);
/** In each secret column one of its own. */
const PLAIN = { app_key: 'key', ...Object.fromEntries(COLUMNS.map((column) => [column, `plain-${column}`])) };
const PARKED = { status: 'auth_failed', status_reason: 'SOF login: wrong password' };
const account = async (id: string) => (await host.sql('select * from account.lazada where id = $1', [id]))[0] ?? {};
const secretsOf = async (id: string) => {
  const row = await account(id);
  return COLUMNS.map((column) => String(row[column]));
};
const [oldKey] = [...KEYS.keys].map(([name, key]) => `${name}:${key.export().toString('base64')}`);
const YOUNG = `young:${randomBytes(32).toString('base64')}`;
const rotating = () => host.another({ keys: parseKeys(`${YOUNG},${oldKey}`) });
const all = (db: Db) => db.sealing.sealStale({ after: null, most: 1_000 });

describe('what the host wrote plain', () => {
  test.each([
    ['an active account', {}],
    ['a disabled one', { enabled: false }],
    ['a parked one', PARKED],
    ['one that is not sof', { delivery_type: 'dropship' }],
    ['one that says nothing of itself', { delivery_type: null, country: null, sof_username: null }],
  ])('is found and sealed in every column of %s, and nothing else of it changes', async (_, columns) => {
    const id = await host.account({ ...PLAIN, ...columns });
    const [before, events] = [await account(id), await host.accountEvents(id)];
    expect(await host.another({ keys: NO_KEYS }).sealing.toSeal()).toMatchObject([{ accountId: id }]);
    expect(await host.db.sealing.seal(id)).toMatchObject({ accountId: id, left: [], isBusy: false });
    for (const value of await secretsOf(id)) expect(value).toMatch(/^enc:test:/);
    expect(await host.db.sealing.toSeal()).toEqual([]);
    const sealed = Object.fromEntries(COLUMNS.map((column) => [column, expect.any(String)]));
    expect(await account(id)).toEqual({ ...before, ...sealed });
    expect(await host.accountEvents(id)).toEqual(events);
    expect(await host.db.sealing.seal(id)).toBeNull();
  });

  test.each(COLUMNS)('is found in %s alone', async (column) => {
    const id = await host.account({ sof_password: null, enabled: false, [column]: 'plain' });
    expect(await host.db.sealing.toSeal()).toMatchObject([{ accountId: id }]);
  });

  test.each([
    ['is not there', null],
    ['is empty', ''],
  ])('a secret that %s is none', async (_, sof_password) => {
    const id = await host.account({ sof_password, enabled: false });
    expect([await host.db.sealing.toSeal(), await host.db.sealing.seal(id)]).toEqual([[], null]);
  });

  test('later credentials of the host un-park the account, and are sealed in their turn', async () => {
    const id = await host.account({ ...PARKED, sof_token: 't' });
    await host.db.sealing.seal(id);
    await host.sql("update account.lazada set sof_password = 'mended' where id = $1", [id]);
    expect(await account(id)).toMatchObject({ status: 'active', status_reason: null, sof_token: null });
    await host.db.sealing.seal(id);
    expect(await account(id)).toMatchObject({ status: 'active', sof_password: expect.stringMatching(/^enc:/) });
    const login = jest.fn(async (_: SofLogin) => ({ token: 'token', expiresAt: new Date(Date.now() + 3_600_000) }));
    await host.db.tokens.sof(id, login);
    expect(login).toHaveBeenCalledWith({ username: 'courier', password: 'mended' });
  });

  test('what the host writes while the value before is being sealed stays, and is found again', async () => {
    const id = await host.account();
    const release = await holding(id, "set sof_password = 'newer'");
    const sealing = host.db.sealing.seal(id);
    await isWaitedFor();
    await release();
    expect(await sealing).toMatchObject({ left: [], isBusy: false });
    expect(await account(id)).toMatchObject({ sof_password: 'newer' });
    expect(await host.db.sealing.toSeal()).toMatchObject([{ accountId: id }]);
  });

  test('a row that somebody holds for long is told to be busy, and nothing is written', async () => {
    const id = await host.account();
    const release = await holding(id, 'set name = name');
    expect(await host.db.sealing.seal(id)).toMatchObject({ isBusy: true });
    await release();
    expect(await account(id)).toMatchObject({ sof_password: 'plain-password' });
  });

  test('one that is too long for its column when it is sealed is told, and keeps no other back', async () => {
    // What a column of the host's that is a varchar(30) says; its type cannot be changed under the triggers.
    await host.sql(
      `create function narrow() returns trigger language plpgsql as $$ begin
         if length(new.app_secret) > 30 then raise exception 'too long' using errcode = '22001'; end if; return new; end $$`,
    );
    await host.sql('create trigger narrow before update on account.lazada for each row execute function narrow()');
    try {
      const id = await host.account({ app_secret: 'of-the-host' });
      expect(await host.db.sealing.seal(id)).toMatchObject({
        left: [expect.stringMatching(/^app_secret is too narrow.*text/)],
        isBusy: false,
      });
      expect(await account(id)).toMatchObject({
        app_secret: 'of-the-host',
        sof_password: expect.stringMatching(/^enc:/),
      });
    } finally {
      await host.sql('drop trigger narrow on account.lazada; drop function narrow');
    }
  });

  test('is looked for by its index, which holds nothing else: 5,000 accounts are not walked over', async () => {
    await host.sql(
      `insert into account.lazada (name, enabled, app_secret, access_token, refresh_token, sof_password, sof_token)
       select 'many-' || n, false, 'enc:test:' || n, 'enc:test:' || n, 'enc:test:' || n, 'enc:test:' || n, 'enc:test:' || n
         from generate_series(1, 5000) n`,
    );
    const id = await host.account();
    await host.sql('vacuum analyze account.lazada');
    expect(await host.db.sealing.toSeal()).toMatchObject([{ accountId: id }]);
    const plan = await host.sql<{ 'QUERY PLAN': string }>(
      `explain (analyze, timing off) select a.id from account.lazada a where ${HAS_PLAIN}`,
    );
    const told = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(told).toMatch(/Scan using lazada_plain_secrets/);
    expect(told).not.toMatch(/Rows Removed|Filter/);
  });
});

describe('what an older key sealed', () => {
  /** Of every kind that an account can be. */
  const KINDS = [
    { ...PLAIN },
    { ...PLAIN, enabled: false },
    { ...PLAIN, ...PARKED },
    { ...PLAIN, status: 'reauth_required', status_reason: 'the seller has to consent' },
    { ...PLAIN, delivery_type: 'dropship' },
  ];

  test('is sealed anew in every account; nothing else changes, and the first key alone opens it', async () => {
    const ids = await Promise.all(KINDS.map((kind) => host.account(kind)));
    await all(host.db);
    const stillPlain = await host.account({ ...PLAIN, enabled: false });
    const young = rotating();
    const before = await Promise.all([...ids, stillPlain].map(account));
    expect(await young.sealing.countStale()).toBe(KINDS.length + 1);
    expect((await all(young)).filter(({ left, isBusy }) => isBusy || left.length > 0)).toEqual([]);
    const sealed = Object.fromEntries(COLUMNS.map((column) => [column, expect.stringMatching(/^enc:young:/)]));
    expect(await Promise.all([...ids, stillPlain].map(account))).toEqual(before.map((row) => ({ ...row, ...sealed })));
    for (const id of ids) expect(await host.accountEvents(id)).toEqual([]);
    const alone = host.another({ keys: parseKeys(YOUNG) });
    expect(await alone.lookingTokens.openPlatform(ids[0] ?? '')).toMatchObject({
      appSecret: 'plain-app_secret',
      accessToken: 'plain-access_token',
    });
    expect(await alone.sealing.sealedWith()).toEqual([
      { keyId: 'young', secrets: (KINDS.length + 1) * COLUMNS.length, account: expect.any(String) },
    ]);
  });

  test('lies in no other column of any table', async () => {
    await host.account(PLAIN);
    await all(host.db);
    await all(rotating());
    const columns = await host.sql<{ place: string; n: number }>(
      `select format('%s.%I', attrelid::regclass, attname) as place,
              (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s where %I::text like ''%%enc:test:%%''', attrelid::regclass, attname), false, true, '')))[1]::text::int as n
         from pg_attribute join pg_class on pg_class.oid = attrelid
        where relkind in ('r', 'p') and relnamespace in ('public'::regnamespace, 'account'::regnamespace)
          and attnum > 0 and not attisdropped and atttypid not in ('bytea'::regtype)`,
    );
    expect(columns.length).toBeGreaterThan(200);
    expect(columns.filter(({ n }) => n > 0)).toEqual([]);
  });

  test('is left alone by a login whose sealing would be taken for new credentials: nothing is un-parked', async () => {
    await host.account({ ...PLAIN, ...PARKED });
    const before = await host.sql('select * from account.lazada');
    const ofHost = host.another({ url: reached(host.hostUrl), keys: parseKeys(YOUNG) });
    await expect(all(ofHost)).rejects.toThrow(/sof_host may not seal secrets.*sof_cli/);
    expect(await host.sql('select * from account.lazada')).toEqual(before);
  });

  test('goes on where it was interrupted, in pieces, and a second time finds nothing', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => host.account()));
    const young = rotating();
    const first = await young.sealing.sealStale({ after: null, most: 2 });
    const next = await young.sealing.sealStale({ after: first.at(-1)?.accountId ?? null, most: 2 });
    expect([first.length, next.length, await young.sealing.countStale()]).toEqual([2, 2, 1]);
    // As the command begins anew.
    expect((await all(young)).map(({ accountId }) => accountId)).toEqual([
      ids.toSorted((a, b) => Number(a) - Number(b))[4],
    ]);
    const after = await Promise.all(ids.map(account));
    expect([await all(young), await young.sealing.countStale()]).toEqual([[], 0]);
    expect(await Promise.all(ids.map(account))).toEqual(after);
  });

  test('a value that was moved there from another account is told and left, and keeps nobody else back', async () => {
    const [one, other] = [await host.account({ access_token: 'token' }), await host.account()];
    await all(host.db);
    const { sof_password: moved } = await account(one);
    await host.sql('update account.lazada set sof_password = $2 where id = $1', [other, moved]);
    const told = await all(rotating());
    expect(told.flatMap(({ left }) => left)).toEqual([
      expect.stringMatching(new RegExp(`^sof_password of row ${other} .*does not open`)),
    ]);
    expect(await account(other)).toMatchObject({ sof_password: moved });
    expect(await account(one)).toMatchObject({
      sof_password: expect.stringMatching(/^enc:young:/),
      access_token: expect.stringMatching(/^enc:young:/),
    });
  });

  test('of a key that is gone is told by the name of that key', async () => {
    await host.account();
    await all(host.db);
    const without = host.another({ keys: parseKeys(YOUNG) });
    expect(await all(without)).toMatchObject([
      {
        left: [expect.stringMatching(/was sealed with key test, which is not among ENCRYPTION_KEYS/)],
        isBusy: false,
      },
    ]);
    expect(await without.sealing.sealedWith()).toMatchObject([{ keyId: 'test', secrets: 1 }]);
  });

  test('of a key that is gone keeps no other secret of its account from being used', async () => {
    const id = await host.account();
    await all(host.db);
    await host.sql(
      "update account.lazada set app_key = 'key', app_secret = 'secret', access_token = 'access' where id = $1",
      [id],
    );
    const without = host.another({ keys: parseKeys(YOUNG) });
    expect(await without.tokens.openPlatform(id)).toMatchObject({ accessToken: 'access' });
    expect(await account(id)).toMatchObject({
      app_secret: expect.stringMatching(/^enc:young:/),
      sof_password: expect.stringMatching(/^enc:test:/),
    });
    await expect(without.tokens.sof(id, () => Promise.reject(new Error('asked')))).rejects.toThrow(
      /sof_password .*was sealed with key test, which is not among ENCRYPTION_KEYS/,
    );
  });

  test('whose key begins like the first one’s is not taken for that one’s', async () => {
    const [first] = [`test_1:${randomBytes(32).toString('base64')}`];
    await host.account();
    await all(host.another({ keys: parseKeys(`testX1:${randomBytes(32).toString('base64')}`) }));
    expect(await host.another({ keys: parseKeys(first ?? '') }).sealing.countStale()).toBe(1);
  });

  test('no token is lost that services renew at the same moments, round after round', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, () =>
        host.account({ app_key: 'key', app_secret: 'secret', access_token: 'access-0', refresh_token: 'refresh-0' }),
      ),
    );
    const rings = [`${YOUNG},${oldKey}`, `${oldKey},${YOUNG}`].map((written) =>
      host.another({ keys: parseKeys(written) }),
    );
    const ringOf = (n: number) => rings[n % 2] ?? host.db;
    const made = new Map<string, number>(ids.map((id) => [id, 0]));
    const refresh =
      (id: string) =>
      async ({ refreshToken }: { refreshToken: string }) => {
        // Lazada takes a refresh token once: one that was lost on the way is refused.
        expect(refreshToken).toBe(`refresh-${made.get(id)}`);
        const n = (made.get(id) ?? 0) + 1;
        made.set(id, n);
        const end = new Date(Date.now() + 3_600_000);
        const pair = { accessToken: `access-${n}`, refreshToken: `refresh-${n}` };
        return { ...pair, accessTokenExpiresAt: end, refreshTokenExpiresAt: end };
      };
    const renewing = ids.map(async (id, at) => {
      for (let round = 0; round < 10; round++) {
        const { accessToken } = await ringOf(at + round).tokens.openPlatform(id);
        await ringOf(at + round).tokens.renewOpenPlatform(id, accessToken, refresh(id));
      }
    });
    let isOver = false;
    const sealing = rings.map(async (ring) => {
      while (!isOver) for (const { left, isBusy } of await all(ring)) if (!isBusy) expect(left).toEqual([]);
    });
    await Promise.all(renewing).finally(() => {
      isOver = true;
    });
    await Promise.all(sealing);
    for (const id of ids)
      expect(await rings[0]?.lookingTokens.openPlatform(id)).toMatchObject({ accessToken: 'access-10' });
    expect(await host.sql("select from account.lazada where status <> 'active'")).toEqual([]);
    expect(await host.sql('select from order_lazada_event')).toEqual([]);
  }, 60_000);
});

/** The host's transaction that has written this row and is not over. Answers how it ends. */
async function holding(id: string, set: string): Promise<() => Promise<void>> {
  const client = await hostClient(host.url);
  await client.query('begin');
  await client.query(`update account.lazada ${set} where id = $1`, [id]);
  return async () => {
    await client.query('commit');
    await client.end();
  };
}

const isWaitedFor = () =>
  until(
    async () =>
      (
        await host.sql(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'update account.lazada%'",
        )
      ).length > 0,
    { what: 'the sealing waits for the host', withinMs: 20_000 },
  );
