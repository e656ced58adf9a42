/**
 * No secret appears in logs, job data, the dashboard or a dump of the database. The search is proved first: something is
 * planted in each of the four places, and found.
 */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until, withClient } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import got from 'got';
import { describeOnRedis } from '../src/servers/suites.ts';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const ADMIN = { user: 'ops', password: 'canary-of-the-admin' };
const TARGET_PASSWORD = 'canary-of-the-target';
const DHL_KEY = 'canary-of-dhl';
/** Whom DHL names. */
const BUYER = 'Canary Buyer';
const PLANTED = 'canary-planted-by-the-test';

await describeOnRedis('secrets', () => {
  let stage: Stage;
  let secrets: string[];
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: [...ORDER_SERVICES, 'order-update', 'carrier-poll', 'api'],
      env: {
        CONSOLE_ADMIN: `${ADMIN.user}:${ADMIN.password}`,
        INVOICE_TARGET_URL: `ftp://seller:${TARGET_PASSWORD}@127.0.0.1:9/in`,
        DHL_API_KEY: DHL_KEY,
      },
    });
    await stage.addAccount('demo-sg');
    await stage.addAccount('wrong-password', { sof_password: 'canary-of-a-wrong-password' });
    const { accounts } = await stage.lazada.get<{ accounts: Record<string, string>[] }>('/control/accounts');
    secrets = [
      ...accounts
        .flatMap((one) => [one.appSecret, one.accessToken, one.refreshToken, one.sofPassword])
        .filter((one) => one !== undefined),
      'canary-of-a-wrong-password',
      ADMIN.password,
      TARGET_PASSWORD,
      DHL_KEY,
      BUYER,
      String(stage.system.env.ENCRYPTION_KEYS).split(':')[1] ?? '',
      String(stage.system.env.SESSION_SECRET),
    ];
    await trouble(stage);
  }, 120_000);
  afterAll(() => stage?.close(), 60_000);

  /** Whatever makes a system talk: refusals, an order given up, a parked account, a target that is not there. */
  async function trouble({ addOrders, lazada, reaches }: Stage): Promise<void> {
    const [good = ''] = await addOrders({ account: 'demo-sg', items: 1 });
    await addOrders({ account: 'wrong-password', items: 1 });
    await reaches(good, { state: 'shipped' }, 30_000);
    await lazada.post('/faults', {
      api: 'sof',
      path: 'sof/status',
      status: 400,
      body: { detail: 'no', authorization: 'echoed' },
    });
    const [bad = ''] = await addOrders({ account: 'demo-sg', items: 1 });
    await reaches(bad, { blocked_step: 'shipped' }, 30_000);
    await reaches(good, { invoice_status: 'fetched' }, 30_000);
    await troubleWithDhl(good);
  }

  /** It refuses its key and echoes it; then it tells who signed for the parcel. */
  async function troubleWithDhl(number: string): Promise<void> {
    const description = `Delivered - Signed for by: ${BUYER}`;
    const status = { timestamp: new Date().toISOString(), statusCode: 'delivered', status: description, description };
    const shipment = { id: 'D1', status, events: [status], details: { receiver: { name: BUYER } } };
    await stage.lazada.post('/control/dhl', { trackingNumber: 'D1', answer: { shipments: [shipment] } });
    await stage.lazada.post('/faults', { api: 'dhl', status: 401, body: { detail: `${DHL_KEY} ${BUYER}` }, times: 1 });
    await stage.sql(
      "update public.order_lazada set carrier = 'dhl', carrier_tracking_number = 'D1' where order_id = (select id from public.orders where order_number = $1)",
      [number],
    );
    const refused = 'select from public.lazada_carrier where stopped_until > now()';
    await until(async () => (await stage.sql(refused)).length > 0, { what: 'DHL refused the key', withinMs: 30_000 });
    await stage.sql('update public.lazada_carrier set stopped_until = null, stopped_for = null');
    const arrived = async () => {
      await stage.timePasses(number);
      return (await stage.order(number)).package_delivered_at !== null;
    };
    await until(arrived, { what: 'DHL’s word was taken', withinMs: 30_000 });
  }

  const logs = async () => {
    const folder = join(stage.system.dir, 'logs');
    return readdirSync(folder)
      .filter((name) => !name.startsWith('simulator'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
  };
  const jobs = async () => {
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = stage.system.env;
    const producer = await openProducer({ url, prefix });
    try {
      const lists = await Promise.all(
        producer.queues().map((queue) => queue.getJobs(['completed', 'failed', 'delayed', 'waiting', 'active'])),
      );
      return JSON.stringify(
        lists.flat().map(({ name, data, opts, failedReason, stacktrace, returnvalue }) => ({
          name,
          data,
          opts,
          failedReason,
          stacktrace,
          returnvalue,
        })),
      );
    } finally {
      await producer.close();
    }
  };
  const dashboard = async () => {
    const origin = stage.system.url('api');
    const { headers } = await got.post(`${origin}/session`, { json: ADMIN });
    const cookie = (headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
    const pages = [
      'status-sync',
      'tracking-fetch',
      'invoice-fetch',
      'invoice-upload',
      'order-update',
      'carrier-poll',
    ].flatMap((queue) =>
      ['failed', 'completed', 'delayed'].map(
        (status) => `${origin}/queues/api/queues?activeQueue=${queue}&status=${status}&jobsPerPage=100`,
      ),
    );
    return (await Promise.all(pages.map((page) => got(page, { headers: { cookie } }).text()))).join('\n');
  };
  /** As text and as bytes: every row of every table. */
  const dump = () =>
    withClient(stage.system.databaseUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'account')",
      );
      const tables: string[] = [];
      for (const { name } of rows) tables.push(JSON.stringify((await client.query(`select * from ${name}`)).rows));
      return tables.join('\n');
    });

  const PLACES = { logs, jobs, dashboard, dump };
  const plant: Record<keyof typeof PLACES, () => Promise<unknown>> = {
    logs: async () => appendFileSync(join(stage.system.dir, 'logs', 'status-sync-0.log'), `${PLANTED}\n`),
    jobs: () => plantJob(),
    dashboard: () => plantJob(),
    dump: () =>
      stage.sql(
        "insert into public.order_lazada_event (kind, source, data) values ('held', 'test', jsonb_build_object('note', $1::text))",
        [PLANTED],
      ),
  };
  async function plantJob(): Promise<void> {
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = stage.system.env;
    const producer = await openProducer({ url, prefix });
    const [queue] = producer.queues().filter(({ name }) => name === 'status-sync');
    await queue?.add('sync-status', { note: PLANTED }, { delay: 3_600_000 });
    await producer.close();
  }

  test.each(Object.keys(PLACES) as (keyof typeof PLACES)[])(
    'none in the %s',
    async (place) => {
      const before = await PLACES[place]();
      expect(secrets.length).toBeGreaterThan(8);
      expect(secrets.filter((secret) => before.includes(secret))).toEqual([]);
      await plant[place]();
      expect(await PLACES[place]()).toContain(PLANTED);
    },
    30_000,
  );
});
