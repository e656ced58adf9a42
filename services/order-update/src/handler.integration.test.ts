import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Db, isPassing, openDb } from '@lazada-sof/db';
import {
  type JobContext,
  type JobResult,
  openProducer,
  type Payload,
  type Producer,
  type RunningWorker,
  runWorker,
} from '@lazada-sof/queue';
import { createMetrics, type Registry } from '@lazada-sof/runtime';
import {
  describeOnEachQueue,
  type Gate,
  type LoggedLine,
  openGate,
  openTestDatabase,
  openTestQueue,
  type QueueKind,
  recordedLog,
  type TestDatabase,
  until,
} from '@lazada-sof/testkit';
import { updateOrder } from './handler.ts';
import { tellOutages } from './outages.ts';

const ACCOUNT = 'shop';
const NUMBER = '400100000214683';
const SENT = { v: 1, account: ACCOUNT, orderNumber: NUMBER };
const AT = '2026-03-14T15:09:26+08:00';
const DELIVERED = { ...SENT, status: 'delivered', occurredAt: AT };

type Handle = (data: Payload<'update-order'>, context: JobContext) => Promise<JobResult>;
type Event = { readonly id: string; readonly kind: string; readonly source: string; readonly data: Row };
type Row = Record<string, unknown>;

await describeOnEachQueue('an update of another system', (kind: QueueKind) => {
  let database: TestDatabase;
  let door: Gate;
  let db: Db;
  let producer: Producer;
  let queue: ReturnType<Producer['queues']>[number];
  let closing: () => Promise<void>;
  let lines: readonly LoggedLine[];
  let metrics: Registry;
  let work: (around?: (handle: Handle) => Handle) => Promise<RunningWorker>;
  beforeEach(async () => {
    const [opened, server] = await Promise.all([openTestDatabase(), openTestQueue(kind)]);
    database = opened;
    door = await openGate(database.as('services'));
    db = openDb({ url: door.url, source: 'order-update' });
    producer = await openProducer(server);
    queue = producer.queues().find(({ name }) => name === 'order-update') ?? never();
    const recorded = recordedLog();
    lines = recorded.lines;
    metrics = createMetrics();
    const workers: RunningWorker[] = [];
    work = async (around = (handle) => handle) => {
      const handle = updateOrder({
        findOrder: db.findOrder,
        take: db.updates.take,
        isPassing,
        outages: tellOutages(recorded.log),
      });
      const handlers = { 'update-order': around(handle) };
      const worker = await runWorker({
        ...{ ...server, queue: 'order-update', concurrency: 20, handlers, metrics },
        log: recorded.log,
      });
      workers.push(worker);
      return worker;
    };
    closing = async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([producer.close(), db.close(), door.close()]);
      await Promise.all([server.close(), database.close()]);
    };
    await database.sql(
      "insert into account.lazada (name, country, delivery_type, app_key, sof_username, sof_password) values ($1, 'SG', 'sof', '1', 'user', 'password')",
      [ACCOUNT],
    );
  });
  afterEach(() => closing());

  const addOrder = () =>
    database.sql(
      `insert into public.orders (account_id, order_number, created_at)
       select id, $2, now() - interval '1 d' from account.lazada where name = $1`,
      [ACCOUNT, NUMBER],
    );
  const row = async () => (await database.sql('select * from public.order_lazada'))[0];
  const events = () =>
    database.sql<Event>('select id::text, kind, source, data from public.order_lazada_event order by id');
  const taken = async () => (await events()).filter(({ data }) => data.requestId !== undefined);
  const send = async (data: unknown, opts = {}) => (await queue.add('update-order', data, opts)).id ?? '';
  const jobIn = (state: 'completed' | 'failed' | 'delayed') =>
    until(async () => (await queue.getJobs(state))[0], { what: `the job is ${state}`, withinMs: 30_000 });
  const outcomes = () => lines.filter(({ job }) => job === 'update-order').map(({ outcome }) => outcome);

  test('done: it is written with its event, and the job answers what it wrote', async () => {
    await addOrder();
    await work();
    await send({ ...DELIVERED, requestId: 'r-1' });
    const { returnvalue } = await jobIn('completed');
    const [event] = await taken();
    expect(event).toMatchObject({ kind: 'flag_set', source: 'order-update', data: { requestId: 'r-1' } });
    expect(returnvalue).toEqual({ updateId: event?.id, order: `/v1/orders/${ACCOUNT}/${NUMBER}`, sent: [] });
    expect(await row()).toMatchObject({ update_delivered: 1, delivered_at: new Date(AT) });
    expect(lines).toMatchObject([{ level: 'info', key: `${ACCOUNT}/${NUMBER}`, outcome: 'done' }]);
  });

  test('done already: the same request in another job has no second effect and the same answer', async () => {
    await addOrder();
    await work();
    await send({ ...DELIVERED, requestId: 'r-1' });
    await send({ ...DELIVERED, requestId: 'r-1' });
    await until(async () => (await producer.counts('order-update')).completed === 2, {
      what: 'both are done',
      withinMs: 30_000,
    });
    const [one, two] = await queue.getJobs('completed');
    expect(one?.returnvalue).toEqual(two?.returnvalue);
    expect(await taken()).toHaveLength(1);
  });

  test('refused: fails at once with field, value and way out, and is judged anew at its retry', async () => {
    await addOrder();
    await work();
    await send({ ...DELIVERED, packageId: 'FP1' }, { attempts: 5 });
    const job = await jobIn('failed');
    expect(job.failedReason).toBe(
      `${ACCOUNT}/${NUMBER}: packageId "FP1": the order has no such package; there is none yet: leave it out to speak of the whole order`,
    );
    expect((await events()).at(-1)).toMatchObject({ kind: 'noted', data: { field: 'packageId', value: 'FP1' } });
    expect(await metrics.metrics()).toContain('outcome="failed",error_code="refused_invalid"} 1');
    await database.sql(
      "insert into public.order_lazada_package (order_id, package_id, state, tracking_number) select order_id, 'FP1', 'shipped', 'TN1' from public.order_lazada",
    );
    await job.retry('failed');
    expect((await jobIn('completed')).returnvalue).toMatchObject({ updateId: (await taken())[0]?.id });
  });

  test('of an account that nobody has fails at once and says how to find its name', async () => {
    await work();
    await send({ ...DELIVERED, account: 'nobody' }, { attempts: 5 });
    expect((await jobIn('failed')).failedReason).toBe(
      `nobody/${NUMBER}: there is no such account; see with sof account list how it is named`,
    );
    expect(lines).toMatchObject([
      { level: 'error', key: `nobody/${NUMBER}`, errorCode: 'unknown_account', attempt: 1 },
    ]);
  });

  test('of an order that is not there yet fails at once, and is done by a retry once the host has written it', async () => {
    await work();
    await send(DELIVERED, { attempts: 5 });
    const job = await jobIn('failed');
    expect(job.failedReason).toBe(
      `${ACCOUNT}/${NUMBER}: the account has no such order; retry from the dashboard once the host system has written the order`,
    );
    await addOrder();
    await job.retry('failed');
    await jobIn('completed');
    expect(await row()).toMatchObject({ update_delivered: 1, delivered_at: new Date(AT) });
  });

  test('that is junk fails at once with every mistake named, behind the order where it names one', async () => {
    await work();
    await send({ ...SENT, status: 'lost', occurredAt: 'yesterday', wieght: 3 }, { attempts: 5 });
    const { failedReason, attemptsMade } = await jobIn('failed');
    expect(failedReason).toMatch(
      /^shop\/400100000214683: update-order cannot be read: status: .*; occurredAt: .*; the payload: .*wieght/,
    );
    expect(attemptsMade).toBe(1);
    expect(lines).toMatchObject([{ key: `${ACCOUNT}/${NUMBER}`, errorCode: 'unreadable' }]);
  });

  test('of an order whose rows somebody holds comes again, however often, and fails never', async () => {
    await addOrder();
    const HOLD = 'select pg_sleep(60) from (select from public.order_lazada for update) held';
    const host = database.sql(HOLD).then(
      () => 'it slept to its end',
      () => 'it was ended',
    );
    const ofHost =
      "from pg_stat_activity where query like 'select pg_sleep(60)%' and wait_event = 'PgSleep' and datname = current_database()";
    const holds = async () => (await database.sql(`select pid ${ofHost}`)).length > 0;
    await until(holds, { what: 'the host holds the rows', withinMs: 30_000 });
    await work();
    await send(DELIVERED);
    await until(() => outcomes().length >= 2, { what: 'it was looked at again', withinMs: 30_000 });
    expect(lines[0]).toMatchObject({ level: 'info', outcome: 'snoozed', delayMs: 1_000, key: `${ACCOUNT}/${NUMBER}` });
    await database.sql(`select pg_terminate_backend(pid) ${ofHost}`);
    expect(await host).toBe('it was ended');
    await jobIn('completed');
    expect(new Set(outcomes())).toEqual(new Set(['snoozed', 'done']));
  });

  test('waits while the database is away, which is told once, and is done when it is back', async () => {
    await addOrder();
    door.shut();
    await work();
    const ids = await Promise.all([1, 2, 3].map((n) => send({ ...DELIVERED, requestId: `r-${n}` })));
    await until(() => outcomes().length === ids.length, { what: 'all have met the outage', withinMs: 30_000 });
    expect(lines.filter(({ level }) => level !== 'info')).toMatchObject([
      { level: 'warn', message: expect.stringContaining('updates wait in the queue') },
    ]);
    expect(lines.find(({ outcome }) => outcome === 'snoozed')).toMatchObject({ errorCode: 'database_away' });
    door.open();
    for (const job of await queue.getJobs('delayed')) await job.promote();
    await until(async () => (await producer.counts('order-update')).completed === ids.length, {
      what: 'all are done',
      withinMs: 30_000,
    });
    expect(lines.filter(({ message }) => message.includes('there again'))).toHaveLength(1);
    expect((await taken()).map(({ data }) => data.requestId).sort()).toEqual(['r-1', 'r-2', 'r-3']);
  });

  describe('whose sender named no request', () => {
    test('has one effect however often its job runs, found under the name of the job', async () => {
      await addOrder();
      let runs = 0;
      await work((handle) => async (data, context) => {
        const result = await handle(data, context);
        runs += 1;
        // As a process that dies before the queue hears of it.
        return runs === 1 ? { outcome: 'snoozed', reason: 'not heard of', delayMs: 1 } : result;
      });
      const id = await send(DELIVERED);
      const job = await jobIn('completed');
      const { returnvalue } = job;
      await job.retry('completed');
      await until(() => runs === 3, { what: 'it ran again', withinMs: 30_000 });
      const again = await jobIn('completed');
      expect(again.returnvalue).toEqual(returnvalue);
      expect((await taken()).map(({ data }) => data.requestId)).toEqual([`job:${id}:${job.timestamp}`]);
    });

    test('and that begins to count again after the queue lost everything has an effect of its own', async () => {
      await addOrder();
      await work();
      const first = await send(DELIVERED, { timestamp: Date.now() - 60_000, removeOnComplete: true });
      await until(async () => (await taken()).length === 1, { what: 'the first is taken', withinMs: 30_000 });
      await queue.obliterate({ force: true });
      const second = await send({ ...SENT, status: 'withdraw' });
      expect(second).toBe(first);
      await until(async () => (await taken()).length === 2, { what: 'the second is taken', withinMs: 30_000 });
      expect(await row()).toMatchObject({ update_delivered: 0 });
    });

    test('and no time happened when it was added, however late a worker comes', async () => {
      await addOrder();
      const addedAt = new Date(Date.now() - 5 * 3_600_000);
      await send({ ...SENT, status: 'delivered' }, { timestamp: addedAt.getTime() });
      await work();
      await jobIn('completed');
      expect(await row()).toMatchObject({ delivered_at: addedAt });
      expect((await taken())[0]?.data).toMatchObject({ timeFilled: true });
    });

    test('and no time happens now where it was added by a wrong clock', async () => {
      await addOrder();
      const before = Date.now();
      await send({ ...SENT, status: 'delivered' }, { timestamp: 1_773_489_600 });
      await work();
      await jobIn('completed');
      expect((await row())?.delivered_at).toBeInstanceOf(Date);
      expect(Number((await row())?.delivered_at)).toBeGreaterThanOrEqual(before - 1_000);
    });
  });
});

function never(): never {
  throw new Error('the contract knows this queue');
}
