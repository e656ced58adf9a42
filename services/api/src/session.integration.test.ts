import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { openApiForTest, PASSWORD, type TestApi } from './api.fixture.ts';

await describeOnRedis('sign-in of people', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
    await api.db.access.addUser({ name: 'ann', password: PASSWORD, role: 'clerk' });
  });
  afterAll(() => api.close());

  const signIn = (user: string, password: string) => api.call('POST /session', { body: { user, password } });

  test('name and password open a session, which says who it is', async () => {
    const response = await signIn('ann', PASSWORD);
    expect(response.statusCode).toBe(204);
    const cookie = `__Host-sof_session=${response.cookies[0]?.value}`;
    const who = await api.call('GET /session', { headers: { cookie } });
    expect(who.json()).toEqual({ user: 'ann', role: 'clerk' });
  });

  test('the cookie is kept from scripts, from plain HTTP and from other sites', async () => {
    const { cookies } = await signIn('ann', PASSWORD);
    expect(cookies).toEqual([
      expect.objectContaining({ name: '__Host-sof_session', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' }),
    ]);
  });

  test.each([
    ['a wrong password', 'ann', 'wrong'],
    ['a user who is not there', 'bob', PASSWORD],
  ])('%s is refused with the same words', async (_, user, password) => {
    const response = await signIn(user, password);
    expect(response.statusCode).toBe(401);
    expect(response.json().detail).toBe('This user and password do not belong together.');
    expect(response.cookies).toEqual([]);
  });

  test('signing out takes the cookie away', async () => {
    const headers = await api.person('viewer');
    const response = await api.call('DELETE /session', { headers });
    expect(response.statusCode).toBe(204);
    expect(response.cookies).toEqual([expect.objectContaining({ name: '__Host-sof_session', value: '' })]);
  });

  test('a new password ends the sessions of the old one', async () => {
    await api.db.access.addUser({ name: 'eve', password: PASSWORD, role: 'viewer' });
    const { cookies } = await signIn('eve', PASSWORD);
    await api.db.access.changeUser('eve', { password: 'another password' });
    const response = await api.call('GET /session', { headers: { cookie: `__Host-sof_session=${cookies[0]?.value}` } });
    expect(response.statusCode).toBe(401);
  });

  describe('a session that has ended cannot be had again with its cookie', () => {
    const opened = async (user: string) => {
      const { cookies } = await signIn(user, PASSWORD);
      return { cookie: `__Host-sof_session=${cookies[0]?.value}`, origin: 'http://api.test' };
    };
    const who = async (headers: { cookie: string }) => (await api.call('GET /session', { headers })).statusCode;

    test('after signing out, and no other session of that person ends with it', async () => {
      const [one, other] = [await opened('ann'), await opened('ann')];
      expect((await api.call('DELETE /session', { headers: one })).statusCode).toBe(204);
      expect([await who(one), await who(other)]).toEqual([401, 200]);
      expect((await api.call('DELETE /session', { headers: one })).statusCode).toBe(401);
      expect(await who(other)).toBe(200);
    });

    test('after the password was changed, by whomever: none of that person', async () => {
      await api.db.access.addUser({ name: 'may', password: PASSWORD, role: 'viewer' });
      const [one, other, anns] = [await opened('may'), await opened('may'), await opened('ann')];
      await api.database.sql(
        `update console_user set password_hash = (select password_hash from console_user where name = 'ann')
          where name = 'may'`,
      );
      expect([await who(one), await who(other), await who(anns)]).toEqual([401, 401, 200]);
      expect(await who(await opened('may'))).toBe(200);
    });

    test('after the person was removed, also where another of that name comes', async () => {
      await api.db.access.addUser({ name: 'kim', password: PASSWORD, role: 'viewer' });
      const session = await opened('kim');
      await api.database.sql("delete from console_user where name = 'kim'");
      expect(await who(session)).toBe(401);
      await api.db.access.addUser({ name: 'kim', password: PASSWORD, role: 'admin' });
      expect(await who(session)).toBe(401);
    });

    test('after its twelve hours, and its row goes with the next sign-in', async () => {
      const session = await opened('ann');
      await api.database.sql("update console_session set expires_at = now() - interval '1 s'");
      expect(await who(session)).toBe(401);
      await opened('ann');
      expect(await api.database.sql('select from console_session where expires_at < now()')).toEqual([]);
    });
  });

  test('a new role counts at the next request, in the same session', async () => {
    await api.db.access.addUser({ name: 'lee', password: PASSWORD, role: 'viewer' });
    const { cookies } = await signIn('lee', PASSWORD);
    await api.database.sql("update console_user set role = 'operator' where name = 'lee'");
    const response = await api.call('GET /session', { headers: { cookie: `__Host-sof_session=${cookies[0]?.value}` } });
    expect(response.json()).toEqual({ user: 'lee', role: 'operator' });
  });

  test('whoever reads the table cannot make a cookie of it', async () => {
    const { cookies } = await signIn('ann', PASSWORD);
    const rows = await api.database.sql("select *, encode(secret_sha256, 'base64') as text from console_session");
    const secret = cookies[0]?.value.split('.')[0] ?? '';
    expect(secret).toHaveLength(43);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test.each([
    ['a wrong password', 'ann', 'wrong-password-1', 'wrong'],
    ['a name that nobody has', 'nobody-here', 'wrong-password-2', 'wrong'],
    ['letters that would steer a terminal', 'an\u001b[2Jn\u009b\u202e', 'wrong-password-3', 'wrong'],
  ])(
    'a sign-in that failed is logged with user and address, without the password: %s',
    async (_, user, password, reason) => {
      api.logged();
      await signIn(user, password);
      const logged = api.logged();
      const line = logged.split('\n').find((one) => one.includes('sign-in failed')) ?? '{}';
      expect(JSON.parse(line)).toMatchObject({
        level: 'warn',
        user: user.replaceAll(/[\p{Cc}\u202e]/gu, ''),
        ip: '127.0.0.1',
        reason,
      });
      expect(logged).not.toContain(password);
    },
  );

  test('after ten wrong ones in a row nobody gets in under that name from there, whatever the password', async () => {
    await api.db.access.addUser({ name: 'tom', password: PASSWORD, role: 'viewer' });
    for (let wrong = 0; wrong < 10; wrong++) expect((await signIn('tom', 'guess')).statusCode).toBe(401);
    const locked = await signIn('tom', PASSWORD);
    expect(locked.statusCode).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(14 * 60);
    expect((await signIn('ann', PASSWORD)).statusCode).toBe(204);
  });

  test('of IPv6 a machine is known by its network, whichever of its addresses it takes', async () => {
    await api.db.access.addUser({ name: 'kim', password: PASSWORD, role: 'viewer' });
    const from = async (remoteAddress: string) => {
      const payload = { user: 'kim', password: 'guess' };
      const request = { method: 'POST', url: '/session', payload, remoteAddress } as const;
      return (await api.app.inject({ ...request, headers: { host: 'api.test' } })).statusCode;
    };
    expect(await from('2001:db8:1:2::1')).toBe(401);
    await api.database.sql("update sign_in_try set tries = 9 where name_sha256 = sha256('kim')");
    expect([await from('2001:db8:1:2::2'), await from('2001:db8:1:2::63')]).toEqual([401, 429]);
    expect(await from('2001:db8:1:3::1')).toBe(401);
  });

  test('neither password nor cookie is logged', async () => {
    api.logged();
    const { cookies } = await signIn('ann', PASSWORD);
    await api.call('GET /session', { headers: { cookie: `__Host-sof_session=${cookies[0]?.value}` } });
    const logged = api.logged();
    expect(logged).toContain('POST /session');
    expect(logged).not.toContain(PASSWORD);
    expect(logged).not.toContain(cookies[0]?.value);
  });

  describe('a body that cannot be read', () => {
    test.each([
      ['a field is missing', { user: 'ann' }, 'password'],
      ['a field too many', { user: 'ann', password: PASSWORD, admin: true }, 'admin'],
      ['no text', { user: 1, password: PASSWORD }, 'user'],
    ])('%s: 422 that names it', async (_, body, field) => {
      const response = await api.call('POST /session', { body });
      expect(response.statusCode).toBe(422);
      expect(response.json().errors.map((error: { field: string }) => error.field)).toEqual([field]);
      expect(response.body).not.toContain(PASSWORD);
    });
  });
});

await describeOnRedis('sign-in from one address', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
  });
  afterAll(() => api.close());

  test('is slowed down after 60 tries in a minute, whatever the names and keys', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 61; n++) {
      const headers = { authorization: `Bearer ${n}` };
      statuses.push((await api.call('POST /session', { body: { user: `user-${n}` }, headers })).statusCode);
    }
    expect(statuses).toEqual([...Array(60).fill(422), 429]);
  });
});
