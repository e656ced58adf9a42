/** People over HTTP: who is made, changed and removed, and what that does to those who are signed in. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { type Headers, openApiForTest, PASSWORD, type TestApi } from './api.fixture.ts';

await describeOnRedis('people over HTTP', () => {
  let api: TestApi;
  let admin: Headers;
  let machines = 0;
  beforeAll(async () => {
    api = await openApiForTest();
    admin = await api.key('admin');
  });
  afterAll(() => api.close());
  beforeEach(() => api.database.sql('delete from console_user'));

  const add = (user: object) => api.call('POST /v1/users', { headers: admin, body: user });
  const change = (name: string, body: object) => api.call(`PATCH /v1/users/${name}`, { headers: admin, body });
  const remove = (name: string) => api.call(`DELETE /v1/users/${name}`, { headers: admin });
  /** Each from an address of its own, so that limits of an address are not met. */
  const signIn = async (user: string, password = PASSWORD) => {
    const response = await api.app.inject({
      method: 'POST',
      url: '/session',
      remoteAddress: `198.51.100.${++machines}`,
      payload: { user, password },
    });
    return response.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  };
  const who = async (cookie: string) => {
    const response = await api.call('GET /session', { headers: { cookie } });
    return response.statusCode === 200 ? response.json() : response.statusCode;
  };
  const ann = { name: 'ann', role: 'clerk', password: PASSWORD };

  test('somebody who is added is listed, and gets in', async () => {
    const added = await add(ann);
    expect([added.statusCode, added.json()]).toEqual([201, { name: 'ann', role: 'clerk' }]);
    const list = await api.call('GET /v1/users', { headers: admin });
    expect(list.json()).toEqual({ items: [{ name: 'ann', role: 'clerk' }], nextCursor: null });
    expect(await who(await signIn('ann'))).toEqual({ user: 'ann', role: 'clerk' });
  });

  test('a name that there is: 409, and the one who has it stays as they are', async () => {
    await add(ann);
    const again = await add({ ...ann, role: 'admin', password: 'another good one' });
    expect(again.statusCode).toBe(409);
    expect(again.json().detail).toContain('ann');
    expect(await who(await signIn('ann'))).toEqual({ user: 'ann', role: 'clerk' });
  });

  test.each<[string, object, string]>([
    ['a short password', { ...ann, password: 'kX7-vQ2m_Lp' }, 'password'],
    ['a common password', { ...ann, password: 'Qwertyuiop123' }, 'password'],
    ['the name as password', { ...ann, name: 'ann-margaret', password: 'ann-margaret' }, 'password'],
    ['no password', { name: 'ann', role: 'clerk' }, 'password'],
    ['a password that is no text', { ...ann, password: 123456789012 }, 'password'],
    ['NUL in the password', { ...ann, password: `${PASSWORD}\u0000` }, 'password'],
    ['half a surrogate pair in the name', { ...ann, name: 'ann\ud800' }, 'name'],
    ['a name that is none', { ...ann, name: 'ann/lee' }, 'name'],
    ['a role that there is not', { ...ann, role: 'root' }, 'role'],
    ['a field of the table', { ...ann, passwordHash: 'x' }, 'passwordHash'],
  ])('%s: 422 that names the field and holds no password', async (_, user, field) => {
    const refused = await add(user);
    expect(refused.statusCode).toBe(422);
    expect(refused.json().errors.map((error: { field: string }) => error.field)).toEqual([field]);
    expect(refused.body).not.toMatch(/kX7|Qwerty|correct horse/);
    expect(await api.db.access.listUsers()).toEqual([]);
  });

  test('a new role counts at the next request of a session that is open', async () => {
    await add(ann);
    const cookie = await signIn('ann');
    const changed = await change('ann', { role: 'viewer' });
    expect([changed.statusCode, changed.json()]).toEqual([200, { name: 'ann', role: 'viewer' }]);
    expect(await who(cookie)).toEqual({ user: 'ann', role: 'viewer' });
  });

  test('a new password ends all sessions of that person, and nobody else’s', async () => {
    for (const name of ['ann', 'bob']) await add({ ...ann, name });
    const [one, other, bobs] = [await signIn('ann'), await signIn('ann'), await signIn('bob')];
    expect((await change('ann', { password: 'another good one' })).statusCode).toBe(200);
    expect([await who(one), await who(other)]).toEqual([401, 401]);
    expect(await who(bobs)).toEqual({ user: 'bob', role: 'clerk' });
    expect(await who(await signIn('ann', 'another good one'))).toMatchObject({ user: 'ann' });
    expect((await change('ann', { password: 'password1234' })).statusCode).toBe(422);
  });

  test('somebody who is removed is out at once', async () => {
    await add(ann);
    const cookie = await signIn('ann');
    expect((await remove('ann')).statusCode).toBe(204);
    expect([await who(cookie), await signIn('ann')]).toEqual([401, '']);
  });

  test('nobody of that name: 404', async () => {
    expect((await change('ghost', { role: 'viewer' })).statusCode).toBe(404);
    expect((await remove('ghost')).statusCode).toBe(404);
    expect((await remove('%00')).statusCode).toBe(422);
  });

  describe('the last administrator', () => {
    test('keeps the role and stays: 409', async () => {
      await add({ ...ann, role: 'admin' });
      await add({ ...ann, name: 'bob' });
      for (const refused of [await change('ann', { role: 'operator' }), await remove('ann')]) {
        expect(refused.statusCode).toBe(409);
        expect(refused.json().detail).toContain('ann is the last administrator');
      }
      await change('bob', { role: 'admin' });
      expect((await remove('ann')).statusCode).toBe(204);
    });

    test('is one of two who remove each other at the same moment, whoever asks', async () => {
      await add({ ...ann, role: 'admin' });
      await add({ ...ann, name: 'bob', role: 'admin' });
      const cookies = [await signIn('ann'), await signIn('bob')];
      const removals = ['bob', 'ann'].map((name, at) =>
        api.call(`DELETE /v1/users/${name}`, { headers: { cookie: cookies[at] ?? '', origin: 'http://api.test' } }),
      );
      // Whoever comes second is either told so, or was removed before being asked who they are.
      const [first, second] = (await Promise.all(removals)).map(({ statusCode }) => statusCode).toSorted();
      expect(first).toBe(204);
      expect([401, 409]).toContain(second);
      expect(await api.db.access.listUsers()).toHaveLength(1);
    });
  });

  test('an administrator’s session does it too, of others roles none', async () => {
    const people = { admin: await api.person('admin'), operator: await api.person('operator') };
    const statuses = async (headers: Headers) => [
      (await api.call('GET /v1/users', { headers })).statusCode,
      (await api.call('POST /v1/users', { headers, body: { ...ann, name: 'new' } })).statusCode,
    ];
    expect(await statuses(people.admin)).toEqual([200, 201]);
    expect(await statuses(people.operator)).toEqual([403, 403]);
    expect(await statuses(await api.key('orders:write', 'accounts:write'))).toEqual([403, 403]);
  });
});
