import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/testkit';
import { parseKeys } from '../accounts/secrets.ts';
import { hostClient, openDbForTest, type TestDb } from '../db.fixture.ts';
import type { Access } from './access.ts';
import type { NewSession } from './sessions.ts';
import type { SignIn } from './sign-in.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
const HERE = '203.0.113.7';
const signIn = (user: string, password: string, network = HERE) => host.db.access.signIn(user, password, { network });
beforeEach(() => host.sql('truncate api_key, console_user, sign_in_try cascade'));

describe('API keys', () => {
  test('a key is known by what it is, and kept only as its hash', async () => {
    const key = await host.db.access.createKey('warehouse', ['orders:read']);
    expect(key).toMatch(/^sof_[\w-]{43}$/);
    expect(await host.db.access.verifyKey(key ?? '')).toEqual({ name: 'warehouse', scopes: ['orders:read'] });
    expect(JSON.stringify(await host.sql('select *, encode(key_sha256, $1) from api_key', ['escape']))).not.toContain(
      key,
    );
  });

  test('a name is given once', async () => {
    await host.db.access.createKey('warehouse', ['orders:read']);
    expect(await host.db.access.createKey('warehouse', ['admin'])).toBeNull();
  });

  test('a key that nobody made, and one that was revoked, is nobody’s', async () => {
    const key = (await host.db.access.createKey('warehouse', ['orders:read'])) ?? '';
    expect(await host.db.access.verifyKey(`${key}x`)).toBeNull();
    expect(await host.db.access.revokeKey('warehouse')).toBe(true);
    expect(await host.db.access.verifyKey(key)).toBeNull();
    expect(await host.db.access.revokeKey('warehouse')).toBe(false);
  });

  test('a key is renewed under its name: the old one is revoked, the new one works', async () => {
    const old = (await host.db.access.createKey('warehouse', ['orders:read'])) ?? '';
    await host.db.access.revokeKey('warehouse');
    const renewed = (await host.db.access.createKey('warehouse', ['orders:read'])) ?? '';
    expect(await host.db.access.verifyKey(old)).toBeNull();
    expect(await host.db.access.verifyKey(renewed)).toMatchObject({ name: 'warehouse' });
    expect((await host.db.access.listKeys()).map(({ revokedAt }) => revokedAt === null)).toEqual([false, true]);
  });

  test('the list tells when a key was last used, and never the key', async () => {
    const key = (await host.db.access.createKey('warehouse', ['orders:read', 'admin'])) ?? '';
    await host.db.access.verifyKey(key);
    expect(await host.db.access.listKeys()).toEqual([
      {
        name: 'warehouse',
        scopes: ['orders:read', 'admin'],
        createdAt: expect.any(Date),
        lastUsedAt: expect.any(Date),
        revokedAt: null,
        expiresAt: null,
        replacedAt: null,
      },
    ]);
  });

  test('a key outlives the keys that encrypt secrets: it is kept as a hash', async () => {
    const key = (await host.db.access.createKey('warehouse', ['orders:read'])) ?? '';
    const { access } = host.another({ keys: parseKeys(`other:${randomBytes(32).toString('base64')}`) });
    expect(await access.verifyKey(key)).toMatchObject({ name: 'warehouse' });
  });

  const HOUR = 3_600_000;
  const inAnHour = () => new Date(Date.now() + HOUR);
  const anHourAgo = () => new Date(Date.now() - HOUR);

  test('a key opens until its end', async () => {
    const key = (await host.db.access.createKey('warehouse', ['orders:read'], { expiresAt: inAnHour() })) ?? '';
    expect(await host.db.access.verifyKey(key)).toMatchObject({ name: 'warehouse' });
    await host.sql('update api_key set expires_at = now()');
    expect(await host.db.access.verifyKey(key)).toBeNull();
  });

  test('a key is replaced under its name: both open until the old one ends', async () => {
    const old = (await host.db.access.createKey('warehouse', ['orders:read', 'orders:write'])) ?? '';
    const rotated = await host.db.access.rotateKey('warehouse', { overlapMs: HOUR });
    const key = typeof rotated === 'string' ? '' : rotated.key;
    const same = { name: 'warehouse', scopes: ['orders:read', 'orders:write'] };
    expect([await host.db.access.verifyKey(old), await host.db.access.verifyKey(key)]).toEqual([same, same]);
    await host.sql('update api_key set expires_at = now() where replaced_at is not null');
    expect([await host.db.access.verifyKey(old), await host.db.access.verifyKey(key)]).toEqual([null, same]);
  });

  test('without overlap the old one ends at once; one that ends earlier does so as before', async () => {
    const soon = new Date(Date.now() + 60_000);
    const old = (await host.db.access.createKey('warehouse', ['admin'])) ?? '';
    await host.db.access.rotateKey('warehouse', { overlapMs: 0, expiresAt: soon });
    expect(await host.db.access.verifyKey(old)).toBeNull();
    await host.db.access.rotateKey('warehouse', { overlapMs: HOUR, expiresAt: inAnHour() });
    const ends = (await host.db.access.listKeys()).map(({ expiresAt }) => expiresAt?.getTime() ?? 0);
    expect(ends[1]).toBe(soon.getTime());
  });

  test('a new key keeps the end of the old one, unless another is said; one that has ended is not continued', async () => {
    const end = inAnHour();
    await host.db.access.createKey('warehouse', ['admin'], { expiresAt: end });
    await host.db.access.rotateKey('warehouse', { overlapMs: 0 });
    expect((await host.db.access.listKeys()).map(({ expiresAt }) => expiresAt)[1]).toEqual(end);
    await host.sql('update api_key set expires_at = $1', [anHourAgo()]);
    expect(await host.db.access.rotateKey('warehouse', { overlapMs: 0 })).toBe('expired');
    expect(await host.db.access.rotateKey('warehouse', { overlapMs: 0, expiresAt: end })).toMatchObject({
      key: expect.any(String),
    });
  });

  test('there is nothing to replace of a name that has no key, or a revoked one', async () => {
    expect(await host.db.access.rotateKey('warehouse', { overlapMs: 0 })).toBe('unknown');
    await host.db.access.createKey('warehouse', ['admin']);
    await host.db.access.revokeKey('warehouse');
    expect(await host.db.access.rotateKey('warehouse', { overlapMs: 0 })).toBe('unknown');
  });

  test('revoked is every key of the name, also one that goes on for a while', async () => {
    const old = (await host.db.access.createKey('warehouse', ['admin'])) ?? '';
    const rotated = await host.db.access.rotateKey('warehouse', { overlapMs: HOUR });
    const key = typeof rotated === 'string' ? '' : rotated.key;
    expect(await host.db.access.revokeKey('warehouse')).toBe(true);
    expect([await host.db.access.verifyKey(old), await host.db.access.verifyKey(key)]).toEqual([null, null]);
    expect(await host.db.access.createKey('warehouse', ['admin'])).not.toBeNull();
  });

  test('revoked while it is being replaced: the new key is as well', async () => {
    await host.db.access.createKey('warehouse', ['admin']);
    const holder = await hostClient(host.url);
    const waiting = (count: number) => async () =>
      (await host.sql("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))
        .length === count;
    await holder.query('begin; select from api_key for update');
    const rotating = host.another().access.rotateKey('warehouse', { overlapMs: HOUR });
    await until(waiting(1), { what: 'a rotation that is open', withinMs: 10_000 });
    const revoking = host.another().access.revokeKey('warehouse');
    await until(waiting(2), { what: 'a revocation behind it', withinMs: 10_000 });
    await holder.end();
    const rotated = await rotating;
    expect(await revoking).toBe(true);
    expect(await host.db.access.verifyKey(typeof rotated === 'string' ? '' : rotated.key)).toBeNull();
    expect(await host.sql('select from api_key where revoked_at is null')).toHaveLength(0);
  });

  test('replaced by many at once, each of them makes one and the last is the one that stays', async () => {
    await host.db.access.createKey('warehouse', ['admin']);
    const rotations = Array.from({ length: 5 }, () => host.another().access.rotateKey('warehouse', { overlapMs: 0 }));
    for (const rotated of await Promise.all(rotations)) expect(rotated).toMatchObject({ key: expect.any(String) });
    expect(await host.sql('select from api_key where replaced_at is null')).toHaveLength(1);
  });

  test('when it was used last is written once a minute, by however many calls at once', async () => {
    const key = (await host.db.access.createKey('warehouse', ['admin'])) ?? '';
    const versions = () => host.sql<{ xmin: string }>('select xmin::text, last_used_at from api_key');
    await Promise.all(Array.from({ length: 20 }, () => host.db.access.verifyKey(key)));
    const first = await versions();
    await host.db.access.verifyKey(key);
    expect(await versions()).toEqual(first);
    await host.sql("update api_key set last_used_at = now() - interval '61 s'");
    await Promise.all(Array.from({ length: 20 }, () => host.db.access.verifyKey(key)));
    const [row] = await host.sql<{ seconds: string }>(
      'select extract(epoch from now() - last_used_at) as seconds from api_key',
    );
    expect(Number(row?.seconds)).toBeLessThan(60);
  });
});

describe('people', () => {
  const ann = { name: 'ann', password: 'a good enough one', role: 'operator' } as const;
  const admin = (name: string) => ({ name, password: ann.password, role: 'admin' }) as const;

  test('are made once of each name, and listed by it without their passwords', async () => {
    expect(await host.db.access.addUser(ann)).toBe(true);
    expect(await host.db.access.addUser(admin('bob'))).toBe(true);
    expect(await host.db.access.addUser({ ...admin('ann'), password: 'another good one' })).toBe(false);
    expect(await host.db.access.listUsers()).toEqual([
      { name: 'ann', role: 'operator' },
      { name: 'bob', role: 'admin' },
    ]);
    expect(await signIn('ann', ann.password)).toMatchObject({ ok: true });
  });

  test.each([
    ['a password that is too short', { ...ann, password: 'a good one' }, 'password'],
    ['one of the most common', { ...ann, password: 'Password1234' }, 'password'],
    ['the own name as password', { ...ann, name: 'ann-margaret', password: 'Ann-Margaret' }, 'password'],
    ['a name that is none', { ...ann, name: 'ann lee' }, 'name'],
  ])('are not made with %s', async (_, user, field) => {
    await expect(host.db.access.addUser(user)).rejects.toMatchObject({ name: 'PersonRefused', field });
    expect(await host.db.access.listUsers()).toEqual([]);
  });

  test('are told apart from nobody', async () => {
    expect(await host.db.access.changeUser('ann', { role: 'clerk' })).toBe('unknown');
    // Looking at a password costs more than looking for a person.
    expect(await host.db.access.changeUser('ann', { password: 'short' })).toBe('unknown');
    expect(await host.db.access.removeUser('ann')).toBe('unknown');
    expect(await host.db.access.roleOf('ann')).toBeNull();
  });

  test('get a new role, and keep their password', async () => {
    await host.db.access.addUser(ann);
    expect(await host.db.access.changeUser('ann', { role: 'clerk' })).toEqual({ name: 'ann', role: 'clerk' });
    expect(await signIn('ann', ann.password)).toEqual({ ok: true, user: 'ann', role: 'clerk' });
  });

  test('get a new password, by the same rule, and keep their role', async () => {
    await host.db.access.addUser(ann);
    await expect(host.db.access.changeUser('ann', { password: 'short' })).rejects.toMatchObject({ field: 'password' });
    const changed = await host.db.access.changeUser('ann', { password: 'another good one' });
    expect(changed).toEqual({ name: 'ann', role: 'operator' });
    expect(await signIn('ann', ann.password)).toMatchObject({ ok: false });
    expect(await signIn('ann', 'another good one')).toMatchObject({ ok: true });
  });

  test('the last administrator stays one', async () => {
    for (const user of [ann, admin('bob')]) await host.db.access.addUser(user);
    expect(await host.db.access.changeUser('bob', { role: 'operator' })).toBe('last-admin');
    expect(await host.db.access.removeUser('bob')).toBe('last-admin');
    expect(await host.db.access.changeUser('bob', { role: 'admin', password: 'another good one' })).toMatchObject({
      role: 'admin',
    });
    await host.db.access.changeUser('ann', { role: 'admin' });
    expect(await host.db.access.removeUser('bob')).toBe('removed');
    expect(await host.db.access.removeUser('ann')).toBe('last-admin');
    expect(await host.db.access.hasAdmin()).toBe(true);
  });

  test('of administrators who remove and demote one another at the same moment one is left', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const processes = [host.db, host.another(), host.another()];
    for (let round = 0; round < 3; round++) {
      await host.sql('truncate console_user cascade');
      await host.sql(
        "insert into console_user (name, password_hash, role) select n, 'x', 'admin' from unnest($1::text[]) n",
        [names],
      );
      const acts = names.map((name, at) => {
        const { access } = processes[at % processes.length] ?? host.db;
        return at % 2 ? access.removeUser(name) : access.changeUser(name, { role: 'viewer' });
      });
      const answers = await Promise.all(acts);
      expect(answers.filter((answer) => answer === 'last-admin')).toHaveLength(1);
      expect(await host.sql("select from console_user where role = 'admin'")).toHaveLength(1);
    }
  });
});

describe('sign-in', () => {
  const ann = { name: 'ann', password: 'a good enough one', role: 'operator' } as const;
  /** The first and the last of them as anybody tries, since each costs a hash; the others are written. */
  const wrongTimes = async (times: number, user = 'ann', address = HERE) => {
    await signIn(user, 'wrong', address);
    if (times === 1) return;
    const where = 'where address = $2 and name_sha256 = sha256($3)';
    await host.sql(`update sign_in_try set tries = tries + $1 ${where}`, [times - 2, address, Buffer.from(user)]);
    await signIn(user, 'wrong', address);
  };
  const reasons = async (tries: readonly Promise<SignIn>[]) =>
    Object.groupBy(await Promise.all(tries), (answer) => (answer.ok ? 'right' : answer.reason));

  test('with their password, however its letters were typed', async () => {
    await host.db.access.addUser({ ...ann, password: 'a good caf\u00e9 to be in' });
    expect(await signIn('ann', 'a good cafe\u0301 to be in')).toEqual({ ok: true, user: 'ann', role: 'operator' });
  });

  test.each([
    ['a wrong password', 'ann', 'another'],
    ['a name that nobody has', 'bob', 'a good enough one'],
  ])('%s: wrong', async (_, user, password) => {
    await host.db.access.addUser(ann);
    expect(await signIn(user, password)).toEqual({ ok: false, reason: 'wrong' });
  });

  test('after ten wrong ones in a row nobody gets in from there for 15 minutes, not even with the right one', async () => {
    await host.db.access.addUser(ann);
    for (let n = 0; n < 10; n++) expect(await signIn('ann', 'wrong')).toMatchObject({ reason: 'wrong' });
    const locked = await signIn('ann', ann.password);
    expect(locked).toMatchObject({ reason: 'locked', until: expect.any(Date) });
    expect(await signIn('ann', ann.password)).toEqual(locked);
    await host.sql("update sign_in_try set locked_until = now() - interval '1 s'");
    expect(await signIn('ann', ann.password)).toMatchObject({ ok: true });
  });

  test('who is locked is so for 15 minutes from the tenth wrong one, and tries meanwhile do not prolong it', async () => {
    await wrongTimes(10);
    for (let n = 0; n < 3; n++) await signIn('ann', 'wrong');
    const [row] = await host.sql<{ minutes: number }>(
      'select extract(epoch from locked_until - now()) / 60 as minutes from sign_in_try',
    );
    expect(Number(row?.minutes)).toBeGreaterThan(10);
    expect(Number(row?.minutes)).toBeLessThanOrEqual(15);
  });

  test('nobody shuts another out: from elsewhere the name is open as before', async () => {
    await host.db.access.addUser(ann);
    await wrongTimes(10);
    expect(await signIn('ann', ann.password, '203.0.113.8')).toMatchObject({ ok: true });
    expect(await signIn('ann', ann.password)).toMatchObject({ reason: 'locked' });
    expect(await signIn('bob', 'wrong')).toMatchObject({ reason: 'wrong' });
  });

  test.each([
    ['somebody', 'ann'],
    ['nobody', 'ghost'],
  ])(
    'of a name that %s has thirty guesses at once in three processes are ten, and then it is locked',
    async (_, user) => {
      await host.db.access.addUser(ann);
      const processes = [host.db, host.another(), host.another()];
      const guesses = processes.flatMap(({ access }) =>
        Array.from({ length: 10 }, () => access.signIn(user, 'wrong', { network: HERE })),
      );
      const { wrong, locked } = await reasons(guesses);
      expect([wrong?.length, locked?.length]).toEqual([10, 20]);
      expect(await processes[1]?.access.signIn(user, ann.password, { network: HERE })).toMatchObject({
        reason: 'locked',
      });
    },
  );

  test('one that was right begins the count anew, from that address alone', async () => {
    await host.db.access.addUser(ann);
    await wrongTimes(9);
    await wrongTimes(9, 'ann', '203.0.113.8');
    await signIn('ann', ann.password);
    await wrongTimes(2);
    await wrongTimes(1, 'ann', '203.0.113.8');
    expect(await signIn('ann', ann.password)).toMatchObject({ ok: true });
    expect(await signIn('ann', ann.password, '203.0.113.8')).toMatchObject({ reason: 'locked' });
  });

  test('a new password opens a locked name, a new role does not', async () => {
    await host.db.access.addUser(ann);
    await wrongTimes(10);
    await host.db.access.changeUser('ann', { role: 'viewer' });
    expect(await signIn('ann', ann.password)).toMatchObject({ reason: 'locked' });
    await host.db.access.changeUser('ann', { password: 'another good one' });
    expect(await signIn('ann', 'another good one')).toEqual({ ok: true, user: 'ann', role: 'viewer' });
  });

  test('too many who try at once are asked to come again', async () => {
    await wrongTimes(10);
    const { access } = host.another();
    const tryOnce = () => access.signIn('ann', 'wrong', { network: HERE });
    const { locked, busy } = await reasons(Array.from({ length: 150 }, tryOnce));
    expect([locked?.length, busy?.length]).toEqual([100, 50]);
    expect(await tryOnce()).toMatchObject({ reason: 'locked' });
  });

  describe('strangers who fill the line', () => {
    /** Each from a network of its own; locked, so that none costs a hash. */
    const strangers = async (network: (n: number) => string) => {
      const networks = Array.from({ length: 150 }, (_, n) => network(n));
      await host.sql(
        `insert into sign_in_try (name_sha256, address, tries, locked_until, tried_at)
         select sha256('ghost'), address, 11, now() + interval '1 h', now() - interval '1 h' from unnest($1::text[]) address`,
        [networks],
      );
      return (access: Access) => networks.map((one) => access.signIn('ghost', 'wrong', { network: one }));
    };
    const tried = () => host.sql("select from sign_in_try where tried_at > now() - interval '30 min'");

    test('from one line of IPv6 shut nobody out, and who finds no place has not tried', async () => {
      await host.db.access.addUser(ann);
      const { access } = host.another();
      const come = await strangers((n) => `2001:db8:1:${n.toString(16)}::/64`);
      const all = come(access);
      expect(await access.signIn('ann', ann.password, { network: HERE })).toMatchObject({ ok: true });
      const { locked, busy } = await reasons(all);
      expect([locked?.length, busy?.length]).toEqual([99, 51]);
      expect(await tried()).toHaveLength(99);
    });

    test('from everywhere shut out none who got in from there before', async () => {
      await host.db.access.addUser(ann);
      const { access } = host.another();
      await access.signIn('ann', ann.password, { network: HERE });
      const come = await strangers((n) => `10.0.${n}.1`);
      const all = come(access);
      const elsewhere = access.signIn('ann', ann.password, { network: '203.0.113.8' });
      expect(await access.signIn('ann', ann.password, { network: HERE })).toMatchObject({ ok: true });
      expect(await elsewhere).toEqual({ ok: false, reason: 'busy' });
      const { locked, busy } = await reasons(all);
      expect([locked?.length, busy?.length]).toEqual([100, 50]);
    });
  });

  test('what was typed as a name is kept nowhere: it may be a password', async () => {
    await signIn('typed in the wrong field', 'wrong');
    const rows = await host.sql("select t.*, encode(name_sha256, 'escape') from sign_in_try t");
    expect(JSON.stringify(rows)).not.toContain('typed');
  });

  test('old tries are forgotten, and of too many those that were made longest ago', async () => {
    await host.sql(
      `insert into sign_in_try (name_sha256, address, tries, tried_at)
       select int4send(n), '203.0.113.7', 1, now() - n * interval '1 h' from generate_series(1, 30) n`,
    );
    expect(await host.db.access.forgetTries()).toBe(7);
    expect(await host.db.access.forgetTries(20)).toBe(3);
    const [row] = await host.sql<{ all: number; oldest: string }>(
      'select count(*)::int as all, extract(hour from now() - min(tried_at))::int as oldest from sign_in_try',
    );
    expect(row).toEqual({ all: 20, oldest: 20 });
  });
});

describe('sessions', () => {
  const ann = { name: 'ann', password: 'a good enough one', role: 'operator' } as const;
  const NOW = new Date();
  const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
  const whose = async (secret: string, now = NOW) => host.db.access.sessionOf(secret, now);
  /** Far enough away that no sweep of another sign-in takes it. */
  const opens = (secret: string) => ({ secret, expiresAt: new Date(Date.now() + 3_600_000) });
  const opening = (user: string, password: string, session: NewSession) =>
    host.db.access.signIn(user, password, { network: HERE, opens: session });

  test('are whose they are until they end, with the role of now', async () => {
    await host.db.access.addUser(ann);
    await opening('ann', ann.password, { secret: 's1', expiresAt: later(12) });
    await host.sql("update console_user set role = 'admin'");
    expect(await whose('s1', later(11.9))).toEqual({ user: 'ann', role: 'admin' });
    expect([await whose('s1', later(12)), await whose('another')]).toEqual([null, null]);
  });

  test('are opened by the right password alone', async () => {
    await host.db.access.addUser(ann);
    await opening('ann', 'wrong', opens('s1'));
    await opening('bob', ann.password, opens('s2'));
    expect(await host.sql('select from console_session')).toEqual([]);
  });

  test('one is ended, and no other; twice is harmless', async () => {
    await host.db.access.addUser(ann);
    for (const secret of ['s1', 's2']) await opening('ann', ann.password, opens(secret));
    await host.db.access.endSession('s1');
    await host.db.access.endSession('s1');
    expect([await whose('s1'), await whose('s2')]).toEqual([null, { user: 'ann', role: 'operator' }]);
  });

  test('a changed password ends those of that person, a new role none', async () => {
    const bob = { ...ann, name: 'bob' };
    for (const user of [ann, bob]) await host.db.access.addUser(user);
    await opening('ann', ann.password, opens('anns'));
    await opening('bob', bob.password, opens('bobs'));
    await host.sql("update console_user set role = 'clerk'");
    expect([await whose('anns'), await whose('bobs')]).toMatchObject([{ role: 'clerk' }, { role: 'clerk' }]);
    await host.db.access.changeUser('ann', { password: 'another good one' });
    expect([await whose('anns'), await whose('bobs')]).toMatchObject([null, { user: 'bob' }]);
  });

  test('a password that changes while somebody signs in with the old one leaves no session of it', async () => {
    await host.db.access.addUser(ann);
    const changing = Array.from({ length: 4 }, (_, n) =>
      host.db.access.changeUser('ann', { password: `another good one ${n}` }),
    );
    const signing = Array.from({ length: 8 }, (_, n) => opening('ann', ann.password, opens(`s${n}`)));
    await Promise.all([...changing, ...signing]);
    expect(await host.sql('select from console_session')).toEqual([]);
  });

  test('that are over are swept by the next sign-in', async () => {
    await host.db.access.addUser(ann);
    await opening('ann', ann.password, opens('s1'));
    await host.sql("update console_session set expires_at = now() - interval '1 s'");
    await opening('ann', ann.password, opens('s2'));
    expect(await host.sql('select from console_session')).toHaveLength(1);
  });

  test('are kept as a hash', async () => {
    await host.db.access.addUser(ann);
    await opening('ann', ann.password, opens('a-secret'));
    expect(
      JSON.stringify(await host.sql("select *, encode(secret_sha256, 'escape') from console_session")),
    ).not.toContain('a-secret');
  });
});
