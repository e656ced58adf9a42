import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate api_key, console_user cascade'));

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
      },
    ]);
  });
});

describe('people', () => {
  const ann = { name: 'ann', password: 'a good one', role: 'operator' } as const;

  test('sign in with their password, however its letters were typed', async () => {
    await host.db.access.setUser({ ...ann, password: 'caf\u00e9' });
    expect(await host.db.access.signIn('ann', 'cafe\u0301')).toEqual({ ok: true, user: 'ann', role: 'operator' });
  });

  test.each([
    ['a wrong password', 'ann', 'another'],
    ['a name that nobody has', 'bob', 'a good one'],
  ])('%s: wrong', async (_, user, password) => {
    await host.db.access.setUser(ann);
    expect(await host.db.access.signIn(user, password)).toEqual({ ok: false, reason: 'wrong' });
  });

  test('after ten wrong ones in a row nobody gets in for 15 minutes, not even with the right one', async () => {
    await host.db.access.setUser(ann);
    for (let n = 0; n < 10; n++) expect(await host.db.access.signIn('ann', 'wrong')).toMatchObject({ reason: 'wrong' });
    expect(await host.db.access.signIn('ann', ann.password)).toMatchObject({
      reason: 'locked',
      until: expect.any(Date),
    });
    await host.sql("update console_user set locked_until = now() - interval '1 s'");
    expect(await host.db.access.signIn('ann', ann.password)).toMatchObject({ ok: true });
  });

  test('a name that nobody has is locked like one that somebody has', async () => {
    const guesses = Array.from({ length: 11 }, () => host.db.access.signIn('ghost', 'wrong'));
    const reasons = (await Promise.all(guesses)).map((guess) => (guess.ok ? 'right' : guess.reason));
    expect(reasons.toSorted()).toEqual(['locked', ...Array(10).fill('wrong')]);
  });

  test('twenty guesses at once are counted like twenty one after the other', async () => {
    await host.db.access.setUser(ann);
    const guesses = await Promise.all(Array.from({ length: 20 }, () => host.db.access.signIn('ann', 'wrong')));
    expect(guesses.filter((guess) => !guess.ok && guess.reason === 'wrong')).toHaveLength(10);
  });

  test('one that was right begins the count anew', async () => {
    await host.db.access.setUser(ann);
    for (let n = 0; n < 9; n++) await host.db.access.signIn('ann', 'wrong');
    await host.db.access.signIn('ann', ann.password);
    expect(await host.db.access.signIn('ann', 'wrong')).toMatchObject({ reason: 'wrong' });
    expect(await host.db.access.signIn('ann', ann.password)).toMatchObject({ ok: true });
  });

  test('a new password opens a locked name, and takes the new role along', async () => {
    expect(await host.db.access.hasUsers()).toBe(false);
    await host.db.access.setUser(ann);
    for (let n = 0; n < 11; n++) await host.db.access.signIn('ann', 'wrong');
    await host.db.access.setUser({ ...ann, password: 'a new one', role: 'viewer' });
    expect(await host.db.access.signIn('ann', 'a new one')).toEqual({ ok: true, user: 'ann', role: 'viewer' });
    expect(await host.db.access.roleOf('ann')).toBe('viewer');
    expect(await host.db.access.roleOf('bob')).toBeNull();
    expect(await host.db.access.hasUsers()).toBe(true);
  });
});

describe('sessions', () => {
  const ann = { name: 'ann', password: 'a good one', role: 'operator' } as const;
  const NOW = new Date();
  const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
  const whose = async (secret: string, now = NOW) => host.db.access.sessionOf(secret, now);
  /** Far enough away that no sweep of another sign-in takes it. */
  const opens = (secret: string) => ({ secret, expiresAt: new Date(Date.now() + 3_600_000) });

  test('are whose they are until they end, with the role of now', async () => {
    await host.db.access.setUser(ann);
    await host.db.access.signIn('ann', ann.password, { secret: 's1', expiresAt: later(12) });
    await host.sql("update console_user set role = 'admin'");
    expect(await whose('s1', later(11.9))).toEqual({ user: 'ann', role: 'admin' });
    expect([await whose('s1', later(12)), await whose('another')]).toEqual([null, null]);
  });

  test('are opened by the right password alone', async () => {
    await host.db.access.setUser(ann);
    await host.db.access.signIn('ann', 'wrong', opens('s1'));
    await host.db.access.signIn('bob', ann.password, opens('s2'));
    expect(await host.sql('select from console_session')).toEqual([]);
  });

  test('one is ended, and no other; twice is harmless', async () => {
    await host.db.access.setUser(ann);
    for (const secret of ['s1', 's2']) await host.db.access.signIn('ann', ann.password, opens(secret));
    await host.db.access.endSession('s1');
    await host.db.access.endSession('s1');
    expect([await whose('s1'), await whose('s2')]).toEqual([null, { user: 'ann', role: 'operator' }]);
  });

  test('a changed password ends those of that person, a new role none', async () => {
    const bob = { ...ann, name: 'bob' };
    for (const user of [ann, bob]) await host.db.access.setUser(user);
    await host.db.access.signIn('ann', ann.password, opens('anns'));
    await host.db.access.signIn('bob', bob.password, opens('bobs'));
    await host.sql("update console_user set role = 'clerk'");
    expect([await whose('anns'), await whose('bobs')]).toMatchObject([{ role: 'clerk' }, { role: 'clerk' }]);
    await host.db.access.setUser({ ...ann, password: 'a new one' });
    expect([await whose('anns'), await whose('bobs')]).toMatchObject([null, { user: 'bob' }]);
  });

  test('a password that changes while somebody signs in with the old one leaves no session of it', async () => {
    await host.db.access.setUser(ann);
    const changing = Array.from({ length: 4 }, (_, n) => host.db.access.setUser({ ...ann, password: `new ${n}` }));
    const signing = Array.from({ length: 8 }, (_, n) => host.db.access.signIn('ann', ann.password, opens(`s${n}`)));
    await Promise.all([...changing, ...signing]);
    expect(await host.sql('select from console_session')).toEqual([]);
  });

  test('that are over are swept by the next sign-in', async () => {
    await host.db.access.setUser(ann);
    await host.db.access.signIn('ann', ann.password, opens('s1'));
    await host.sql("update console_session set expires_at = now() - interval '1 s'");
    await host.db.access.signIn('ann', ann.password, opens('s2'));
    expect(await host.sql('select from console_session')).toHaveLength(1);
  });

  test('are kept as a hash', async () => {
    await host.db.access.setUser(ann);
    await host.db.access.signIn('ann', ann.password, opens('a-secret'));
    expect(
      JSON.stringify(await host.sql("select *, encode(secret_sha256, 'escape') from console_session")),
    ).not.toContain('a-secret');
  });
});
