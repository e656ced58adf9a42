/** Requests to every call of the API: bodies, addresses, cookies, the key that names them. None is a fault, none gets in by a cookie that we did not sign. */
import fc from 'fast-check';
import { bareApi } from '../../../services/api/src/bare-api.fixture.ts';
import { ROUTES } from '../../../services/api/src/routes.ts';
import { openSessions, SESSION_COOKIE } from '../../../services/api/src/session.ts';
import { GOOD_UPDATES } from '../src/builders/order-updates.ts';
import { deepList, deepObject, foreignJson, NAMES_OF_THE_LANGUAGE } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

type Input = {
  readonly route: number;
  /** In place of the address's variable parts. */
  readonly names: readonly string[];
  readonly query: string;
  readonly body: string;
  readonly type: string;
  readonly cookie: string;
  readonly key: string | undefined;
};

const CALLS = ROUTES.filter(({ endpoint }) => !endpoint.uploads);
/** Beside what is said again of what was sent. */
const LONGEST_ANSWER = 60_000;

const sessions = openSessions({
  secret: 'of-this-test-alone',
  store: { sessionOf: async () => ({ user: 'somchai', role: 'admin' }), endSession: async () => undefined },
});
const OURS = `${SESSION_COOKIE}=${sessions.prepare(new Date()).cookie}`;
const app = await bareApi(sessions);

const BODIES = [
  ...GOOD_UPDATES.slice(0, 12).map(({ data: { v: _, account: __, orderNumber: ___, ...body } = Object(null) }) => body),
  { user: 'admin', password: 'correct horse battery' },
  { name: 'demo-sg', country: 'SG', deliveryType: 'sof', appKey: '1', appSecret: 'x', timezone: 'Asia/Singapore' },
  { invoiceTarget: 'sftp://u:p@h/in', sofUsername: 'u', sofPassword: 'p', enabled: true, orderUpdates: null },
  { toolStatus: 'packed', items: [{ orderItemId: '1', sku: 'x' }], updateShipping: true },
].map((body) => JSON.stringify(body));
const QUERIES = [
  'status=shipped&limit=50',
  'cursor=eyJpZCI6IjEifQ&account=demo-sg',
  'from=2026-03-01&to=2026-03-14&q=x',
];
const TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'multipart/form-data',
  '',
  'a/b;',
];
const COOKIES = [
  OURS,
  `${OURS}; ${OURS}`,
  `a=b; ${OURS}`,
  `${SESSION_COOKIE}=x`,
  `${SESSION_COOKIE}="x"`,
  `__proto__=x; constructor=y`,
];
const KEYS = ['8e03978e-40d5-43dd-bc93-6894a57f9324', '"k-1"', 'a, b', 'k;a=1', '', ' ', '"', 'é', 'x'.repeat(256)];
const DELETE_LETTERS = /[^\t\x20-\x7e\x80-\xff]/g;
/** What a header can hold at all: others never reach us. */
const headerOf = (text: string) => text.replace(DELETE_LETTERS, '');

const of = (route: number, more: Partial<Input>): Input => ({
  ...{ route, names: ['demo-sg', '4001'], query: '', body: '', type: 'application/json', cookie: '', key: undefined },
  ...more,
});
const each = (more: Partial<Input>) => CALLS.map((_, route) => of(route, more));

export default defineFuzz<Input>({
  known: [
    ...[
      ...BODIES,
      deepList,
      deepObject,
      `{"invoiceTarget":${deepObject}}`,
      `{"items":${deepList}}`,
      '{"__proto__":{"admin":true}}',
    ].flatMap((body) => each({ body })),
    ...[
      '{"constructor":{"prototype":{"admin":true}}}',
      `{"a":"${'x'.repeat(200_000)}"}`,
      '\ufeff{}',
      '"\\ud800"',
      'null',
      '[]',
    ].flatMap((body) => each({ body })),
    ...each({ body: `{${Array.from({ length: 20_000 }, (_, n) => `"f${n}":1`).join(',')}}` }),
    ...each({ body: `{"items":[${Array(60_000).fill('{}').join(',')}]}` }),
    ...[...NAMES_OF_THE_LANGUAGE, '%', '%ff', '%00', '%ed%a0%80', '..', '%2e%2e%2f', 'a'.repeat(7_000)].flatMap(
      (name) => each({ names: [name, name] }),
    ),
    ...['__proto__=1', 'limit=1e9', 'limit=1&limit=2', 'cursor=%00', 'a[b]=c', '&'.repeat(10_000), 'x=%ff'].flatMap(
      (query) => each({ query }),
    ),
    ...COOKIES.flatMap((cookie) => each({ cookie })),
    of(0, { cookie: 'a=b; '.repeat(2_000) }),
    of(0, { cookie: `${SESSION_COOKIE}=${'%'.repeat(5_000)}` }),
    ...KEYS.flatMap((key) => each({ key })),
  ],
  inputs: fc.record({
    route: fc.nat({ max: CALLS.length - 1 }),
    names: fc.tuple(
      fc.oneof(mutatedText(['demo-sg', '%E0%B9%84', '1']), fc.constant('1')),
      fc.oneof(mutatedText(['4001']), fc.string()),
    ),
    query: mutatedText(QUERIES, ['&', '=', '%', '[', ']', '%00', '+', '__proto__', '#']),
    body: foreignJson(BODIES),
    type: fc.constantFrom(...TYPES),
    cookie: mutatedText(COOKIES, [';', '=', '"', '%', '.', ' ', ',', SESSION_COOKIE]),
    key: fc.oneof(fc.constant(undefined), mutatedText(KEYS)),
  }),
  async holds({ route, names, query, body, type, cookie, key }) {
    const call = CALLS[route];
    promised(call !== undefined, 'a call of the API');
    const url = addressOf(call.url, names) + (query && `?${encodeURI(query.toWellFormed())}`);
    const headers = {
      host: 'api.test',
      ...(cookie !== '' && { cookie: headerOf(cookie) }),
      ...(key !== undefined && { 'idempotency-key': headerOf(key) }),
      ...(type !== '' && { 'content-type': type }),
    };
    const payload = call.method === 'GET' ? {} : { payload: body };
    const { statusCode, body: said } = await app.inject({ method: call.method, url, headers, ...payload });
    promised(statusCode < 500, `${statusCode}: ${said.slice(0, 500)}`);
    const sent = url.length + body.length + (key ?? '').length;
    promised(said.length < LONGEST_ANSWER + 2 * sent, `an answer of ${said.length} characters`);
    const answer = JSON.parse(said);
    if (statusCode !== 200)
      return promised(
        answer.status === statusCode || answer.statusCode === statusCode,
        'a problem that says its status',
      );
    promised(
      answer.asker === null || headerOf(cookie).includes(OURS),
      `nobody is let in as ${answer.asker} by ${cookie}`,
    );
  },
  close: () => app.close(),
});

const addressOf = (url: string, names: readonly string[]): string => {
  const [first = '', second = ''] = names;
  return encodeURI(
    url.replace(/:[a-zA-Z]+/, () => encodeOnce(first)).replace(/:[a-zA-Z]+/, () => encodeOnce(second)),
  ).replaceAll('%25', '%');
};
/** Slashes and the like would make it another address. */
const encodeOnce = (name: string) => name.toWellFormed().replace(/[/?#\\]/g, (letter) => encodeURIComponent(letter));
