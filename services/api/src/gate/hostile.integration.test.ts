/** Every route that the server has, against what no honest client sends: refused, never a fault, and nobody else waits. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { z } from 'zod';
import { isForPeople } from '../access.ts';
import { type Headers, openApiForTest, type TestApi } from '../api.fixture.ts';
import { ROUTES } from '../routes.ts';

const NUL = '%00';
/** UTF-8 has none; these bytes would be one. */
const HALF_PAIR = '%ED%A0%BD';
const LONG = 60_000;
const ENDING = new Set(['DELETE /session', 'POST /sign-out']);

type Asked = { method: string; url: string; headers?: Headers; body?: string };
type Route = { method: string; url: string };

/** What nobody may keep busy: this process's own time, however busy the machine is. */
const MOST_MS = 1_000;

await describeOnRedis('what no honest client sends', () => {
  let api: TestApi;
  let key: Headers;
  let person: Headers;
  beforeAll(async () => {
    api = await openApiForTest();
    [key, person] = await Promise.all([api.key('admin'), api.person('admin')]);
  });
  afterAll(() => api.close());

  const routes = () => api.app.guarded.filter(({ url }) => url !== '/webhooks/lazada');
  /** Without those who sign somebody out: they read nothing of the body. */
  const changing = () =>
    routes().filter(({ method, url }) => !['GET', 'HEAD'].includes(method) && !ENDING.has(`${method} ${url}`));
  const plain = (url: string) => url.replaceAll(/:\w+|\*/g, '1');

  let asked = 0;
  /** Sign-ins are counted by address. */
  const elsewhere = () => {
    asked += 1;
    return `10.${(asked >> 16) % 256}.${(asked >> 8) % 256}.${asked % 256}`;
  };
  /** By somebody who may: nothing is refused for another reason. */
  async function ask({ method, url, headers = {}, body }: Asked) {
    const found = api.app.guarded.find((route) => route.method === method && plain(route.url) === url.split('?')[0]);
    const asker = found && isForPeople(found.access) ? person : key;
    const before = process.threadCpuUsage();
    const response = await api.app.inject({
      ...{ method: method as 'GET', url, remoteAddress: elsewhere() },
      headers: {
        host: 'api.test',
        ...asker,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: body }),
    });
    const { user, system } = process.threadCpuUsage(before);
    const said = response.body.slice(0, 2_000);
    return { status: response.statusCode, ms: (user + system) / 1_000, said };
  }

  /** What was not refused, or kept this process busy, or told how we are made. */
  async function wrongOf(asked: readonly Asked[], mayPass: (one: Asked) => boolean = () => false) {
    const wrong: string[] = [];
    for (const one of asked) {
      const { status, ms, said } = await ask(one);
      const isTold = /\bat \S+ \(|node_modules|\.ts:\d|prisma|select .* from/i.test(said);
      if ((status < 400 && !mayPass(one)) || status === 429 || status >= 500 || ms > MOST_MS || isTold)
        wrong.push(
          `${one.method} ${one.url.slice(0, 80)} ${(one.body ?? '').slice(0, 60)}: ${status} in ${ms} ms: ${said}`,
        );
    }
    return wrong;
  }

  describe('text that no database can hold', () => {
    test.each([NUL, `a${NUL}b`, HALF_PAIR, '%ED%BE%80', '%FF', '%'])(
      '%s in each part of each path: 4xx',
      async (bad) => {
        const each = ({ method, url }: Route) =>
          [...url.matchAll(/:\w+|\*/g)].map(([name]) => ({ method, url: plain(url.replace(name, bad)) }));
        const asked = routes().flatMap(each);
        expect(asked.length).toBeGreaterThan(50);
        expect(await wrongOf(asked)).toEqual([]);
      },
    );

    test.each([NUL, HALF_PAIR])('%s in a query, as a name and as each value: 4xx', async (bad) => {
      const each = ({ method, url }: Route) =>
        ['x', ...queriesOf(method, url)].flatMap((name) => [
          { method, url: `${plain(url)}?${name}=${bad}` },
          { method, url: `${plain(url)}?${name}${bad}=1` },
        ]);
      expect(await wrongOf(routes().flatMap(each))).toEqual([]);
    });

    test.each([
      ['NUL', '\\u0000'],
      ['half a pair', '\\ud83d'],
      ['the other half', '\\ude00'],
    ])('%s in a body, as a name and as each value: 4xx', async (_, bad) => {
      const each = ({ method, url }: Route) =>
        ['x', ...fieldsOf(method, url)].flatMap((name) =>
          [`{"${name}":"a${bad}"}`, `{"${name}":{"a${bad}":1}}`, `{"${name}${bad}":1}`, `["${bad}"]`].map((body) => ({
            ...{ method, url: plain(url), body },
          })),
        );
      expect(await wrongOf(changing().flatMap(each))).toEqual([]);
    });

    test('in a header that is read: 4xx', async () => {
      const url = '/v1/orders/shop/1/status';
      const sent = ['a\u0000b', '\u0000', 'a\u00ff', '\u00ed\u00a0\u00bd', '"\u0000"'];
      const asked = sent.map((name) => ({
        method: 'POST',
        url,
        body: '{"status":"delivered"}',
        headers: { 'idempotency-key': name },
      }));
      expect(await wrongOf(asked)).toEqual([]);
    });

    test('in the cookie: nobody', async () => {
      for (const value of [NUL, HALF_PAIR, '\u0000', `${'x'.repeat(43)}.${'x'.repeat(42)}${NUL}`]) {
        const headers = { host: 'api.test', cookie: `__Host-sof_session=${value}` };
        const response = await api.app.inject({ url: '/session', headers });
        expect(response.statusCode).toBe(401);
      }
    });

    test.each(['a\0b.csv', '\0', 'a\0"; x="y', 'a\u0000/../b'])(
      '%j in the name of an uploaded file: 4xx, nothing is kept',
      async (name) => {
        const form = `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\na;b\n\r\n--b--\r\n`;
        const headers = { ...key, 'content-type': 'multipart/form-data; boundary=b' };
        const response = await api.app.inject({ method: 'POST', url: '/v1/imports', headers, payload: form });
        expect(response.statusCode).toBe(422);
        expect(await api.database.sql('select from import_file')).toEqual([]);
      },
    );
  });

  test.each(['DELETE /session', 'POST /sign-out'])('%s reads no body, whatever is in it', async (what) => {
    const { cookie = '', origin = '' } = await api.person('viewer');
    for (const body of ['{"a":"\\u0000"}', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, '{"__proto__":{}}', '{']) {
      const [method = '', url = ''] = what.split(' ');
      expect((await ask({ method, url, body, headers: { cookie, origin } })).status).toBeLessThan(500);
    }
  });

  describe('bodies that would use up the stack, the memory or the time', () => {
    const DEEP = 10_000;
    const bodies: [string, (field: string) => string][] = [
      ['lists in lists', (field) => `{"${field}":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`],
      ['objects in objects', (field) => `{"${field}":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`],
      ['what changes every object', (field) => `{"${field}":{"__proto__":{"admin":true}},"__proto__":{}}`],
      ['what makes every object', (field) => `{"${field}":{"constructor":{"prototype":{"admin":true}}}}`],
      ['a number without end', (field) => `{"${field}":1e999}`],
      ['a number of ages', (field) => `{"${field}":${'9'.repeat(LONG)}}`],
      ['a fraction of ages', (field) => `{"${field}":0.${'0'.repeat(LONG)}1}`],
      ['half a number', (field) => `{"${field}":1e}`],
      ['very many fields', () => `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
      ['the same field again and again', (field) => `{${`"${field}":1,`.repeat(10_000)}"x":1}`],
      ['a list of ages', (field) => `{"${field}":[${'1,'.repeat(LONG)}1]}`],
      ['many objects', (field) => `{"${field}":[${Array(10_000).fill('{"a":1}').join(',')}]}`],
      ...['a', '1', ' ', '.', '-', '\\t', '(', '%', 'ß', 'İ', '\\u200b', 'a@', '1-', '00:'].map(
        (one): [string, (field: string) => string] => [
          `${one} again and again`,
          (field) => `{"${field}":"${one.repeat(Math.floor(LONG / one.length))}!"}`,
        ],
      ),
    ];
    test.each(bodies)('%s: 4xx, and nobody else waits', async (_, body) => {
      const each = ({ method, url }: Route) =>
        (fieldsOf(method, url).length > 0 ? fieldsOf(method, url) : ['x']).map((field) => ({
          ...{ method, url: plain(url), body: body(field) },
        }));
      // What a call does not read does not stop it.
      const readsNone = ({ method, url }: Route) => fieldsOf(method, url).length === 0;
      const unread = new Set(
        changing()
          .filter(readsNone)
          .map(({ method, url }) => `${method} ${plain(url)}`),
      );
      const mayPass = ({ method, url }: Asked) => unread.has(`${method} ${url}`);
      expect(await wrongOf(changing().flatMap(each), mayPass)).toEqual([]);
    });

    test.each(['a', '1', ' ', '-', '1-', '%20', '.'])('a query of %s again and again: 4xx', async (one) => {
      const value = one.repeat(Math.floor(12_000 / one.length));
      const each = ({ method, url }: Route) =>
        queriesOf(method, url).map((name) => ({ method, url: `${plain(url)}?${name}=${value}!` }));
      expect(await wrongOf(routes().flatMap(each))).toEqual([]);
    });

    test.each(['99999999999999999999999999', '-1', '9223372036854775808', '1e3', '0x1', "'", '..', '%2e%2e%2f'])(
      'a thing of the name %s: 4xx',
      async (name) => {
        const each = ({ method, url }: Route) =>
          url.includes(':') ? [{ method, url: url.replaceAll(/:\w+|\*/g, encodeURIComponent(name)) }] : [];
        expect(
          await wrongOf(
            routes()
              .filter(({ url }) => url.startsWith('/v1'))
              .flatMap(each),
          ),
        ).toEqual([]);
      },
    );

    test('headers of one letter again and again: 4xx', async () => {
      const names = [
        'authorization',
        'cookie',
        'idempotency-key',
        'if-none-match',
        'origin',
        'content-type',
        'x-forwarded-for',
      ];
      const values = ['a', ' ', ',', ';', '=', '"', 'Bearer '].map((one) =>
        one.repeat(Math.floor(15_000 / one.length)),
      );
      const asked = names.flatMap((name) =>
        values.map((value) => ({
          method: 'POST',
          url: '/v1/orders/shop/1/status',
          body: '{"status":"x"}',
          headers: { [name]: value },
        })),
      );
      expect(await wrongOf(asked)).toEqual([]);
    });
  });
});

/** What a call reads, from its own shapes. */
const shapesOf = (method: string, url: string) =>
  ROUTES.find((route) => route.method === method && route.url === url)?.endpoint;
const namesOf = (shape: z.ZodType | undefined): string[] =>
  shape ? Object.keys(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }).properties ?? {}) : [];
const fieldsOf = (method: string, url: string) => namesOf(shapesOf(method, url)?.body);
const queriesOf = (method: string, url: string) => namesOf(shapesOf(method, url)?.query);
