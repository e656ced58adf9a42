/** The API on a database and a queue of a test's own, and the clients that call it. */
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { type Db, openDb, type Role, type Scope } from '@lazada-sof/db';
import { openProducer, type Producer } from '@lazada-sof/queue';
import { createLogger, createMetrics, type Logger, type Registry } from '@lazada-sof/runtime';
import { openTestDatabase, openTestQueue, type TestDatabase, type TestQueue, until } from '@lazada-sof/testkit';
import { type ApiClient, apiClient } from '@lazada-sof/testkit/http';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApi } from './app.ts';
import { type Paths, undocumented } from './documented.fixture.ts';
import { keysOfApi } from './keys.ts';
import { openSessions } from './session.ts';
import type { BodyTimes } from './upload/late-bodies.ts';

const ORIGIN = 'http://api.test';

export type Headers = Readonly<Record<string, string>>;
export type Call = { headers?: Headers; body?: unknown };

export type TestApi = {
  readonly app: FastifyInstance;
  readonly db: Db;
  readonly database: TestDatabase;
  readonly queue: TestQueue;
  readonly producer: Producer;
  readonly log: Logger;
  readonly metrics: Registry;
  /** What another system calls it with, made from its description. Each answer has to be one that is described. */
  client(headers: Headers): ApiClient;
  /** `call('GET /v1/orders', { headers })`: for what no client would send. Its answer has to be described as well. */
  call(what: string, call?: Call): Promise<LightMyRequestResponse>;
  /** The header of a new key with these scopes. */
  key(...scopes: Scope[]): Promise<Headers>;
  /** The headers of a person who signed in, as a browser on our own page sends them. */
  person(role: Role): Promise<Headers>;
  /** The host holds rows, `from …`, until what is answered is called. */
  hold(rows: string): Promise<() => Promise<void>>;
  /** What was logged since the last look. */
  logged(): string;
  close(): Promise<void>;
};

export const PASSWORD = 'correct horse battery';

type ApiTimes = { waitWithinMs?: number; times?: Partial<BodyTimes> };

/** `waitWithinMs`: how long an account test is waited for at most. */
export async function openApiForTest({ waitWithinMs = 15_000, times = {} }: ApiTimes = {}): Promise<TestApi> {
  const [database, queue] = await Promise.all([openTestDatabase(), openTestQueue('redis')]);
  const lines = new PassThrough();
  const log = createLogger({ service: 'api', level: 'debug', format: 'json', stream: lines });
  const keys = keysOfApi(`test:${randomBytes(32).toString('base64')}`);
  const db = openDb({ url: database.as('api'), keys, source: 'api' });
  const producer = await openProducer({ url: queue.url, prefix: queue.prefix });
  const addAndWait: Producer['addAndWait'] = (request, withinMs) =>
    producer.addAndWait(request, Math.min(withinMs, waitWithinMs));
  const metrics = createMetrics();
  const sessions = openSessions({ secret: randomBytes(32).toString('hex'), store: db.access });
  const app = await buildApi({
    db,
    producer: { add: producer.add, addAndWait, queues: producer.queues },
    sessions,
    log,
    metrics,
    times,
  });
  await app.ready();

  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Paths }>();
  const inject = async (request: InjectOptions & { method: string; url: string }) => {
    const response = await app.inject(request);
    const { statusCode: status, headers, body } = response;
    const type = headers['content-type'];
    const wrong = undocumented(paths, { ...request, status, type: type === undefined ? type : String(type), body });
    if (wrong) throw new Error(wrong);
    return response;
  };
  const call = (what: string, { headers = {}, body }: Call = {}) => {
    const [method, url] = what.split(' ') as ['GET', string];
    const sent = body === undefined ? {} : { payload: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return inject({ method, url, headers: { host: 'api.test', ...type, ...headers }, ...sent });
  };
  const send = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request;
    const payload = Buffer.from(await request.arrayBuffer());
    const { pathname, search } = new URL(url);
    const sent = { ...Object.fromEntries(headers), host: 'api.test' };
    const answered = await inject({ method: method as 'GET', url: pathname + search, headers: sent, payload });
    const bytes = [204, 304].includes(answered.statusCode) ? null : new Uint8Array(answered.rawPayload);
    return new Response(bytes, { status: answered.statusCode, headers: headersOf(answered) });
  };
  return {
    app,
    db,
    database,
    queue,
    producer,
    log,
    metrics,
    client: (headers) => apiClient(ORIGIN, { headers, send }),
    call,
    async key(...scopes) {
      const key = await db.access.createKey(randomBytes(6).toString('hex'), scopes);
      return { authorization: `Bearer ${key}` };
    },
    async person(role) {
      const user = `${role}-${randomBytes(4).toString('hex')}`;
      await db.access.addUser({ name: user, password: PASSWORD, role });
      const { cookies } = await call('POST /session', { body: { user, password: PASSWORD } });
      return { cookie: `${cookies[0]?.name}=${cookies[0]?.value}`, origin: ORIGIN };
    },
    async hold(rows) {
      const mark = randomBytes(6).toString('hex');
      const held = database
        .sql(`do $$ begin perform ${rows} for update; perform pg_sleep(600) /* ${mark} */; end $$`)
        .catch(() => undefined);
      const asked = "from pg_stat_activity where wait_event = 'PgSleep' and query like $1";
      const isHeld = async () => (await database.sql(`select ${asked}`, [`%${mark}%`])).length > 0;
      await until(isHeld, { what: `rows held ${rows}`, withinMs: 10_000 });
      return async () => {
        await database.sql(`select pg_terminate_backend(pid) ${asked}`, [`%${mark}%`]);
        await held;
      };
    },
    logged: () => String(lines.read() ?? ''),
    async close() {
      await app.close();
      await Promise.all([producer.close(), db.close()]);
      await Promise.all([database.close(), queue.close()]);
    },
  };
}

const headersOf = ({ headers }: LightMyRequestResponse): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  );
