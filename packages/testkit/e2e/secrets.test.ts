/**
 * A canary in every secret setting, every secret of an account and every field of a buyer; a Lazada and a DHL that say them
 * back in every notation; and then a look into every place where something may be left behind. The search is proved too:
 * something is planted in each place, and found.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDb, opened, parseKeys, SECRET_COLUMNS, type SecretField } from '@lazada-sof/db';
import { until } from '@lazada-sof/local';
import { openProducer, QUEUES } from '@lazada-sof/queue';
import { Redis } from 'ioredis';
import { describeOnRedis } from '../src/servers/suites.ts';
import { ACCOUNT, ADMIN, BUYER, BUYER_CANARIES, CONSENT_CODE, ENV, secretsOfSettings } from './canaries.ts';
import { apiAnswers, commandLines, dashboard, logs, metrics, redisKeys, tables } from './hiding-places.ts';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const PLANTED = 'left-behind-by-the-test';
const ECHOES = ['json', 'nested', 'quoted', 'html', 'pairs', 'words', 'base64'];
const STATUS_CALL = { api: 'sof', path: 'sof/status', status: 400, times: 1 };
const PACK = '/order/fulfill/pack';
const SOF = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
/** Far from the ids that the look at the API's answers tries: a refused row is told to whoever asks for it. */
const FIRST_IMPORT = 1_000;

const BACKFILLED = 'select from public.lazada_backfill_run where finished_at is not null';
const MANIFEST = 'select from public.lazada_daily_job where done_at is not null or tries > 0';

await describeOnRedis('secrets', () => {
  let stage: Stage;
  let good: string;
  let clerk = '';
  let imported = '';
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: [...ORDER_SERVICES, 'carrier-poll', 'api'],
      env: { ...ENV, SOFP_RPS: '100' },
    });
    await story();
  }, 360_000);
  afterAll(() => stage?.close(), 60_000);

  /** Whatever makes a system talk. */
  async function story(): Promise<void> {
    await stage.addAccount('demo-sg', {}, ACCOUNT);
    await stage.lazada.post('/control/behaviour', { pushUrl: `${stage.system.url('api')}/webhooks/lazada` });
    [good = ''] = await stage.addOrders({ account: 'demo-sg', items: 1, script: { buyer: BUYER } });
    await stage.reaches(good, { state: 'shipped', invoice_status: 'fetched' }, 60_000);
    await refusedStatuses();
    await refusedPacking();
    await troubleWithAccounts();
    await troubleWithDhl();
    await refusedRows();
    await ordersReadAgain();
  }

  /** A clerk put a buyer where a status and a time belong. */
  async function refusedRows(): Promise<void> {
    await stage.sql("select setval(pg_get_serial_sequence('public.import_file', 'id'), $1)", [FIRST_IMPORT]);
    const db = openDb({ url: stage.system.databaseUrl, source: 'test' });
    clerk = String(await db.access.createKey('clerk', ['imports:write']));
    await db.close();
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const row = ['demo-sg', good, cell(BUYER.name), cell(BUYER.phone), cell(BUYER.address)].join(',');
    const body = new FormData();
    body.set('file', new Blob([`account,order_number,status,occurred_at,note\n${row}\n`]), 'day.csv');
    imported = (await callOfClerk<{ id: string }>('/v1/imports', { method: 'POST', body })).id;
    const isOver = async () => {
      const { status } = await callOfClerk<{ status: string }>(`/v1/imports/${imported}`);
      return !['received', 'running'].includes(status);
    };
    await until(isOver, { what: 'the import is over', withinMs: 60_000 });
  }
  async function callOfClerk<T>(path: string, init: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${clerk}` };
    const answer = await fetch(`${stage.system.url('api')}${path}`, { ...init, headers });
    return (await answer.json()) as T;
  }

  async function ordersReadAgain(): Promise<void> {
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    await sof('backfill', '--account', 'demo-sg', '--from', day(3), '--to', day(0), '--no-wait');
    const isThrough = async () => (await stage.sql(BACKFILLED)).length > 0;
    await until(isThrough, { what: 'the orders were read again', withinMs: 60_000 });
    await sof('manifest', 'refetch', 'demo-sg', day(1));
    const wasAsked = async () => (await stage.sql(MANIFEST)).length > 0;
    await until(wasAsked, { what: 'the manifest was asked for', withinMs: 60_000 });
  }
  async function sof(...args: string[]): Promise<void> {
    const child = spawn(process.execPath, [SOF, ...args], {
      env: { ...stage.system.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`sof ${args.join(' ')} ended with ${code}`);
  }

  async function refusedStatuses(): Promise<void> {
    for (const echo of ECHOES) {
      await stage.lazada.post('/faults', { ...STATUS_CALL, echo });
      const [bad = ''] = await stage.addOrders({ account: 'demo-sg', items: 1, script: { buyer: BUYER } });
      await stage.reaches(bad, { blocked_step: 'shipped' }, 30_000);
    }
  }

  /** The call as a whole, and a single element of it. */
  async function refusedPacking(): Promise<void> {
    const message = `recipient ${JSON.stringify({ recipient: BUYER, sof_password: ACCOUNT.sofPassword })}, ${ACCOUNT.appSecret}`;
    const trouble = [{ call: PACK, code: '35', message, retry: false }];
    const [one = ''] = await stage.addOrders({ account: 'demo-sg', items: 1, script: { trouble, buyer: BUYER } });
    await stage.reaches(one, { blocked_step: 'ready_to_ship' }, 30_000);
    for (const echo of ['json', 'words']) {
      await stage.lazada.post('/faults', { api: 'lazada', path: PACK, times: 1, echo });
      const [other = ''] = await stage.addOrders({ account: 'demo-sg', items: 1, script: { buyer: BUYER } });
      await stage.reaches(other, { blocked_step: 'ready_to_ship' }, 30_000);
    }
  }

  /** A password that is refused, a pair of tokens that is not renewed, a consent that is not given. */
  async function troubleWithAccounts(): Promise<void> {
    await stage.lazada.post('/faults', { api: 'lazada', path: '/auth/token/create', echo: 'words' });
    await stage.lazada.post('/faults', { api: 'lazada', path: '/auth/token/refresh', echo: 'json' });
    await stage.addAccount('wrong-password', { sof_password: 'canary-of-a-wrong-password' });
    const refused = await stage.lazada.get<{ sellerId: string }>('/control/accounts/wrong-password');
    await stage.lazada.post('/faults', {
      api: 'sof',
      path: 'sof/auth',
      account: refused.sellerId,
      status: 401,
      echo: 'pairs',
    });
    await stage.addAccount('consents', { access_token: null, refresh_token: null, consent_code: CONSENT_CODE });
    await stage.addAccount('ended', { access_token_expires_at: new Date(Date.now() - 60_000) });
    const parked = async () => {
      const rows = await stage.sql("select from account.lazada where status <> 'active' and status_reason is not null");
      return rows.length >= 2;
    };
    await until(parked, { what: 'accounts are parked, with words', withinMs: 60_000 });
    await stage.lazada.remove('/faults');
  }

  /** It refuses its key and echoes it; then it tells who signed for the parcel. */
  async function troubleWithDhl(): Promise<void> {
    const description = `Delivered - Signed for by: ${BUYER.name}`;
    const status = { timestamp: new Date().toISOString(), statusCode: 'delivered', status: description, description };
    const shipment = { id: 'D1', status, events: [status], details: { receiver: { name: BUYER.name } } };
    await stage.lazada.post('/control/dhl', { trackingNumber: 'D1', answer: { shipments: [shipment] } });
    await stage.lazada.post('/faults', { api: 'dhl', status: 401, echo: 'json', times: 1 });
    await stage.sql(
      "update public.order_lazada set carrier = 'dhl', carrier_tracking_number = 'D1' where order_id = (select id from public.orders where order_number = $1)",
      [good],
    );
    const refused = 'select from public.lazada_carrier where stopped_until > now()';
    await until(async () => (await stage.sql(refused)).length > 0, { what: 'DHL refused the key', withinMs: 30_000 });
    await stage.sql('update public.lazada_carrier set stopped_until = null, stopped_for = null');
    const arrived = async () => {
      await stage.timePasses(good);
      return (await stage.order(good)).package_delivered_at !== null;
    };
    await until(arrived, { what: 'DHL’s word was taken', withinMs: 30_000 });
  }

  /** What each account has in each of its secret columns, opened. */
  async function secretsOfAccounts(): Promise<ReadonlyMap<SecretField, readonly string[]>> {
    const keys = parseKeys(String(stage.system.env.ENCRYPTION_KEYS));
    const rows = await stage.sql('select *, id::text as id from account.lazada');
    const fields = Object.entries(SECRET_COLUMNS) as [SecretField, string][];
    return new Map(
      fields.map(([field, column]) => [
        field,
        rows.flatMap((row) => opened(keys, String(row.id), field, row[column] as string | null) ?? []),
      ]),
    );
  }

  async function everySecret(): Promise<string[]> {
    const settings = [...secretsOfSettings(stage).values()].flat();
    const accounts = [...(await secretsOfAccounts()).values()].flat();
    const all = [
      ...settings,
      ...accounts,
      clerk,
      CONSENT_CODE,
      'canary-of-a-wrong-password',
      ...Object.values(ACCOUNT),
    ];
    return [...new Set(all)].filter((secret) => secret.length >= 6);
  }

  /** As others write them. */
  const spellings = (secret: string) => [
    ...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), btoa(`user:${secret}`)]),
  ];

  const SENT = {
    password: 'canary-sent',
    appSecret: 'canary-sent',
    sofPassword: 'canary-sent',
    phone: 'canary-sent',
    x: 1,
  };
  const PLACES = {
    'logs of all processes': () => logs(stage),
    'keys of the queue': () => redisKeys(stage),
    metrics: () => metrics(stage),
    'answers of the API': () => apiAnswers(stage, ADMIN, SENT, good),
    'queue dashboard': () => dashboard(stage, ADMIN),
    'every table': async () => (await tables(stage)).kept,
    'list of processes': () => commandLines(),
  } satisfies Record<string, () => string | Promise<string>>;
  type Place = keyof typeof PLACES;

  const PLANT: Record<Place, () => unknown> = {
    'logs of all processes': () => appendFileSync(join(stage.system.dir, 'logs', 'status-sync-0.log'), `${PLANTED}\n`),
    'keys of the queue': () => plantKey(),
    metrics: () => stage.addAccount(ACCOUNT_THERE, { sof_password: 'canary-of-the-planted' }),
    'answers of the API': () => plantReason(),
    'queue dashboard': () => plantJob(),
    'every table': () => plantReason(),
    'list of processes': () => plantProcess(),
  };
  /** Metrics name accounts, and nothing else that somebody could plant; later places have this one too. */
  const ACCOUNT_THERE = 'left-behind-in-metrics';
  const THERE: Partial<Record<Place, string>> = { metrics: ACCOUNT_THERE };

  async function plantKey(): Promise<void> {
    const redis = new Redis(String(stage.system.env.QUEUE_URL));
    await redis.rpush(`${stage.system.env.QUEUE_PREFIX}:planted`, PLANTED);
    redis.disconnect();
  }
  async function plantJob(): Promise<void> {
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = stage.system.env;
    const producer = await openProducer({ url, prefix });
    const [queue] = producer.queues().filter(({ name }) => name === 'status-sync');
    await queue?.add('sync-status', { note: PLANTED }, { delay: 3_600_000 });
    await producer.close();
  }
  const plantReason = () => stage.sql("update account.lazada set status_reason = $1 where name = 'demo-sg'", [PLANTED]);
  let sleeper: ReturnType<typeof spawn> | undefined;
  afterAll(() => void sleeper?.kill());
  async function plantProcess(): Promise<void> {
    sleeper = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)', PLANTED]);
    await new Promise((resolve) => sleeper?.once('spawn', resolve));
  }

  test('every secret setting and every secret of an account has its canary', async () => {
    for (const [name, values] of secretsOfSettings(stage)) {
      // The run's Redis may be open to everybody.
      if (name !== 'QUEUE_URL')
        expect({ name, values: values.filter(Boolean) }).toEqual({ name, values: values.slice() });
    }
    const stored = await secretsOfAccounts();
    const { consentCode: _, ...lasting } = Object.fromEntries(stored);
    for (const [field, values] of Object.entries(lasting)) expect([field, values.length > 0]).toEqual([field, true]);
    const asked = await stage.lazada.asked('/auth/token/create', '…');
    expect(asked).toBeGreaterThan(0);
  });

  test('the refusals were heard, and what support needs of them was kept', async () => {
    const answers = await stage.sql("select answer from public.order_lazada_attempt where outcome = 'refused'");
    expect(answers).toHaveLength(ECHOES.length);
    for (const { answer } of answers) expect(answer).toContain('[redacted]');
    expect(JSON.stringify(answers)).toContain('tracking_number');
  });

  test('every queue had a job, and each kind of entrance was used', async () => {
    const keys = (await redisKeys(stage)).split('\n');
    const prefix = stage.system.env.QUEUE_PREFIX;
    const had = QUEUES.filter((name) =>
      keys.some((key) => key.startsWith(`${prefix}:${name}:events `) && key.includes('"added"')),
    );
    expect(had).toEqual([...QUEUES]);
    expect(await stage.sql('select from public.lazada_push limit 1')).toHaveLength(1);
  });

  test('a refused row is kept and told as its clerk wrote it, to whoever may import', async () => {
    const { mistakes } = await callOfClerk<{ mistakes: { value: string }[] }>(`/v1/imports/${imported}`);
    expect(mistakes.map(({ value }) => value)).toEqual(expect.arrayContaining([BUYER.name, BUYER.phone]));
  });

  describe.each(Object.keys(PLACES) as Place[])('%s', (place) => {
    test('no secret, no buyer', async () => {
      const found = await PLACES[place]();
      const secrets = await everySecret();
      expect(secrets.length).toBeGreaterThan(20);
      const leaked = [...secrets.flatMap(spellings), ...BUYER_CANARIES, 'canary-sent'].filter((one) =>
        found.includes(one),
      );
      expect(leaked).toEqual([]);
    }, 60_000);

    test('and what is planted there is found', async () => {
      await PLANT[place]();
      expect(await PLACES[place]()).toContain(THERE[place] ?? PLANTED);
    }, 60_000);
  });

  test('an account’s secrets are sealed in its row, and no invoice holds any', async () => {
    const rows = await stage.sql(
      `select ${Object.values(SECRET_COLUMNS).join(', ')} from account.lazada where name = 'demo-sg'`,
    );
    for (const [column, value] of Object.entries(rows[0] ?? {}))
      if (value !== null) expect(`${column} ${value}`).toMatch(/^\w+ enc:/);
    const { ofBuyers } = await tables(stage);
    expect(ofBuyers).toContain('order_lazada_document');
    expect((await everySecret()).filter((secret) => ofBuyers.includes(secret))).toEqual([]);
  });
});
