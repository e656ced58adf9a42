import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { openApiForTest, PASSWORD, type TestApi } from '../api.fixture.ts';
import { SESSION_COOKIE } from '../session.ts';

const ORIGIN = 'http://api.test';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', host: 'api.test' };

await describeOnRedis('signing in and out by a form', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
    await api.db.access.addUser({ name: 'ann', password: PASSWORD, role: 'clerk' });
  });
  afterAll(() => api.close());

  type Form = Record<string, string>;
  const post = (url: string, form: Form, headers: Record<string, string> = { origin: ORIGIN }) =>
    api.app.inject({
      ...{ method: 'POST', url, payload: new URLSearchParams(form).toString() },
      headers: { ...BROWSER, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const signIn = (form: Form, headers?: Record<string, string>) =>
    post('/session', { user: 'ann', password: PASSWORD, ...form }, headers);
  const opened = async () => `${SESSION_COOKIE}=${(await signIn({})).cookies[0]?.value}`;
  const who = async (cookie: string) => (await api.call('GET /session', { headers: { cookie } })).statusCode;

  test('goes on where somebody wanted to go, with a session', async () => {
    const response = await signIn({ next: '/orders?late=true' });
    expect([response.statusCode, response.headers.location, response.body]).toEqual([303, '/orders?late=true', '']);
    expect(await who(`${SESSION_COOKIE}=${response.cookies[0]?.value}`)).toBe(200);
  });

  test('the cookie is one that no neighbour can plant and no script read', async () => {
    const response = await signIn({});
    expect(response.headers['set-cookie']).toMatch(
      /^__Host-sof_session=[\w-]{43}\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test.each([
    ...['', '//evil.example', '/\\evil.example', 'https://evil.example', '/.//evil.example', '/\t/evil.example'],
    ...['/a\r\nset-cookie: a=b', 'javascript:alert(1)', 'a'.repeat(500)],
  ])('never goes anywhere else (%j)', async (next) => {
    const response = await signIn({ next });
    expect([response.statusCode, response.headers.location]).toEqual([303, '/']);
  });

  test('goes to the start where the form does not say', async () => {
    expect((await signIn({})).headers.location).toBe('/');
  });

  test('says in the page what was wrong, and where to go is kept', async () => {
    const response = await signIn({ password: 'guess', next: '/orders?a="><script>alert(1)</script>' });
    expect([response.statusCode, response.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(response.body).toContain('This user and password do not belong together.');
    expect(response.body).toContain('name="next" value="/orders?a=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"');
    expect(response.body).not.toContain('<script');
    expect(response.cookies).toEqual([]);
  });

  test.each<[string, Form, number]>([
    ['a name with NUL', { user: 'a\0' }, 422],
    ['a password with NUL', { password: 'a\0' }, 422],
    ['a field too many', { admin: 'true' }, 422],
    ['a field that changes every object', JSON.parse('{"__proto__":"x","constructor":"y"}'), 422],
    ['a name of ages', { user: 'a'.repeat(101) }, 422],
  ])('%s: %#, refused', async (_, form, status) => {
    const response = await signIn(form);
    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain(PASSWORD);
  });

  test('a program gets a problem document', async () => {
    const response = await signIn({ password: 'guess' }, { accept: '*/*' });
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  test.each(['https://evil.example', 'null', 'http://api.test:8443', 'http://api.test.evil.example'])(
    'no other site signs anybody in as another (%s)',
    async (origin) => {
      const response = await signIn({}, { origin });
      expect([response.statusCode, response.cookies]).toEqual([403, []]);
    },
  );

  test.each(['application/x-www-form-urlencoded\t', ' application/x-www-form-urlencoded;a=b', 'application/json'])(
    'nor by calling it something else (%j)',
    async (type) => {
      const headers = { ...BROWSER, origin: 'https://evil.example', 'content-type': type };
      const form = { user: 'ann', password: PASSWORD };
      const payload = type.endsWith('json') ? JSON.stringify(form) : new URLSearchParams(form).toString();
      const response = await api.app.inject({ method: 'POST', url: '/session', payload, headers });
      expect([response.statusCode, response.cookies]).toEqual([403, []]);
      expect((await post('/sign-out', {}, headers)).statusCode).toBe(403);
    },
  );

  test('the page is without script, and browsers tell it from other sites in the forms it sends', async () => {
    const page = await api.app.inject({ url: '/sign-in?next=/orders', headers: BROWSER });
    expect([page.statusCode, page.body.includes('<script')]).toEqual([200, false]);
    expect(page.body).toContain('<form method="post" action="/session">');
    expect(page.body).toContain('name="next" value="/orders"');
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
  });

  describe('signing out', () => {
    test('ends that session and no other, and goes to the sign-in page', async () => {
      const [one, other] = [await opened(), await opened()];
      api.logged();
      const response = await post('/sign-out', {}, { origin: ORIGIN, cookie: one });
      expect(api.logged()).toContain('"by":"person ann"');
      expect([response.statusCode, response.headers.location]).toEqual([303, '/sign-in']);
      expect(response.cookies).toEqual([expect.objectContaining({ name: SESSION_COOKIE, value: '' })]);
      expect([await who(one), await who(other)]).toEqual([401, 200]);
    });

    test('is no error for whoever is signed out already', async () => {
      const cookie = await opened();
      await post('/sign-out', {}, { origin: ORIGIN, cookie });
      for (const headers of [{ origin: ORIGIN, cookie }, { origin: ORIGIN }])
        expect((await post('/sign-out', {}, headers)).statusCode).toBe(303);
    });

    test.each<[string, Record<string, string>]>([
      ['from another site', { origin: 'https://evil.example' }],
      ['without an origin', {}],
    ])('%s: 403, and the session stays', async (_, headers) => {
      const cookie = await opened();
      expect((await post('/sign-out', {}, { ...headers, cookie })).statusCode).toBe(403);
      expect(await who(cookie)).toBe(200);
    });
  });
});

await describeOnRedis('too many sign-ins by a form', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
  });
  afterAll(() => api.close());

  test('are told in the page, with the time to wait', async () => {
    const tries = Array.from({ length: 61 }, () =>
      api.app.inject({
        ...{ method: 'POST', url: '/session', payload: 'user=ann' },
        headers: { ...BROWSER, 'content-type': 'application/x-www-form-urlencoded' },
      }),
    );
    const last = (await Promise.all(tries)).at(-1);
    expect([last?.statusCode, last?.headers['content-type']]).toEqual([429, 'text/html; charset=utf-8']);
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
  });
});
