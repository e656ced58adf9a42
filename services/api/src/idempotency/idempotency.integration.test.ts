/** The same request again, to two processes of the service, with kills at every point. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Db, openDb } from '@lazada-sof/db';
import { describeOnRedis, startTestSystem, type TestSystem, until } from '@lazada-sof/testkit';
import { apiClient, type paths } from '@lazada-sof/testkit/http';

const STATUS = '/v1/orders/{account}/{orderNumber}/status';
type Told = paths[typeof STATUS]['post']['requestBody']['content']['application/json'];

await describeOnRedis('a request with an idempotency key', () => {
  let system: TestSystem;
  let db: Db;
  let erp: string;
  beforeAll(async () => {
    system = await startTestSystem({ services: ['api'], counts: { api: 2 }, queue: 'redis' });
    db = openDb({ url: system.databaseUrl, source: 'test' });
    erp = (await db.access.createKey('erp', ['orders:write'])) ?? '';
    await system.sql("insert into account.lazada (name) values ('one')");
  }, 60_000);
  afterAll(async () => {
    await db.close();
    await system.close();
  });

  let made = 0;
  const order = async () => {
    const number = `4${++made}`;
    const [row] = await system.sql<{ id: string }>(
      `insert into public.orders (account_id, order_number) select id, $1 from account.lazada returning id::text as id`,
      [number],
    );
    return { number, orderId: row?.id ?? '' };
  };
  const DELIVERED: Told = { status: 'delivered', occurredAt: '2026-03-02T04:00:00Z' };
  type Sent = { number: string; key?: string; body?: Told; from?: string; process?: number };
  const post = async ({ number, key, body = DELIVERED, from = erp, process = 0 }: Sent) => {
    const client = apiClient(system.url('api', process), { headers: { authorization: `Bearer ${from}` } });
    const { data, error, response } = await client.POST(STATUS, {
      params: {
        path: { account: 'one', orderNumber: number },
        header: { ...(key !== undefined && { 'idempotency-key': key }) },
      },
      body,
      // As it stands there: a repetition gets the same bytes.
      parseAs: 'text',
    });
    const text = data ?? JSON.stringify(error);
    return { status: response.status, text, json: JSON.parse(text), headers: response.headers };
  };
  /** What was said, without what follows from it. */
  const events = (orderId: string) =>
    system.sql<{ id: string; kind: string; data: { by?: string; requestId?: string } }>(
      `select e.id::text as id, kind, data from order_lazada_event e
        where order_id = $1 and kind <> 'held' order by e.id`,
      [orderId],
    );

  test('in two processes at once has one effect, and each gets the same answer', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { number, orderId } = await order();
      const key = randomUUID();
      const answers = await Promise.all([0, 1, 0, 1, 0, 1].map((process) => post({ number, key, process })));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(202);
      expect(await events(orderId)).toEqual([
        { id: answers[0]?.json.updateId, kind: 'flag_set', data: expect.objectContaining({ by: 'erp' }) },
      ]);
    }
  });

  test('gets the answer of the first for a day, whatever became of the order since', async () => {
    const { number, orderId } = await order();
    const key = randomUUID();
    const first = await post({ number, key });
    await post({ number, body: { status: 'withdraw' } });
    const again = await post({ number, key: `"${key}"`, process: 1 });
    expect({ status: again.status, text: again.text }).toEqual({ status: 202, text: first.text });
    expect((await events(orderId)).map(({ kind }) => kind)).toEqual(['flag_set', 'withdrawn']);

    await system.sql("update idempotency_key set created_at = now() - interval '24 h' where key = $1", [key]);
    const nextDay = await post({ number, key });
    expect(nextDay.status).toBe(202);
    expect(nextDay.json.updateId).not.toBe(first.json.updateId);
  });

  test('is refused for another body and for another order, and changes nothing then', async () => {
    const [one, two] = [await order(), await order()];
    const key = randomUUID();
    await post({ number: one.number, key });
    const others: Sent[] = [{ number: one.number, body: { status: 'shipped' } }, { number: two.number }];
    for (const other of others) {
      const answer = await post({ ...other, key, process: 1 });
      expect(answer.status).toBe(409);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.json.detail).toMatch(/was used for another request.*choose a new key/);
    }
    expect(await events(one.orderId)).toHaveLength(1);
    expect(await events(two.orderId)).toEqual([]);
  });

  test('is that of its client: another one may use the same', async () => {
    const { number, orderId } = await order();
    const shop = (await db.access.createKey(randomUUID(), ['orders:write'])) ?? '';
    const key = randomUUID();
    await post({ number, key });
    expect(await post({ number, key, from: shop, body: { status: 'withdraw' } })).toMatchObject({ status: 202 });
    expect(await events(orderId)).toHaveLength(2);
  });

  test('that was refused may be mended, or sent again when the order is there', async () => {
    const { number } = await order();
    const key = randomUUID();
    expect(await post({ number, key, body: { ...DELIVERED, packageId: 'FP9' } })).toMatchObject({ status: 422 });
    expect(await post({ number, key })).toMatchObject({ status: 202 });

    const late = { number: 'late', key: randomUUID() };
    expect(await post(late)).toMatchObject({ status: 404 });
    await system.sql("insert into public.orders (account_id, order_number) select id, 'late' from account.lazada");
    expect(await post(late)).toMatchObject({ status: 202 });
  });

  test.each(['', 'two, keys', 'k'.repeat(256)])('%p is none: 422 names the header', async (key) => {
    const { number, orderId } = await order();
    const answer = await post({ number, key });
    expect(answer.status).toBe(422);
    expect(answer.json.errors).toEqual([
      expect.objectContaining({ field: 'idempotency-key', detail: expect.stringContaining('write 1 to 255') }),
    ]);
    expect(await events(orderId)).toEqual([]);
  });

  test('is forgotten after a day, by whichever process starts', async () => {
    const { number } = await order();
    const [old, young] = [randomUUID(), randomUUID()];
    await post({ number, key: old });
    await post({ number, key: young });
    await system.sql("update idempotency_key set created_at = now() - interval '25 h' where key = $1", [old]);
    await system.worker('api').stop();
    await system.worker('api').start();
    const left = () => system.sql('select key from idempotency_key where key in ($1, $2)', [old, young]);
    await until(async () => (await left()).length < 2, { what: 'a key that is forgotten', withinMs: 10_000 });
    expect(await left()).toEqual([{ key: young }]);
  });

  /** Whoever writes there does not come back; what it wrote before stays. */
  const trap = async (table: string, when: string) => {
    await system.sql(
      `create function ${table}_trap() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return new; end $$`,
    );
    await system.sql(
      `create trigger a_trap before update on public.${table} for each row when (${when}) execute function ${table}_trap()`,
    );
  };
  const isTrapped = async () =>
    (await system.sql("select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"))
      .length > 0;
  const TRAPPED = { what: 'a statement that does not end', withinMs: 10_000 };
  const openTrap = async (table: string) => {
    await system.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
    );
    await system.sql(`drop function ${table}_trap() cascade`);
  };

  test.each([
    ['before anything was written', 'order_lazada', 'new.update_delivered = 1', 0],
    ['when all is written but the answer', 'idempotency_key', 'new.status = 202', 1],
  ])('survives its process, killed %s: the next one goes on', async (_, table, when, written) => {
    const { number, orderId } = await order();
    const key = randomUUID();
    await trap(table, when);
    const lost = post({ number, key }).then(
      () => 'answered',
      () => 'lost',
    );
    await until(isTrapped, TRAPPED);
    await system.worker('api').kill();
    expect(await lost).toBe('lost');
    await openTrap(table);
    expect(await events(orderId)).toHaveLength(written);

    // It waits until the dead one's time is over, and no longer.
    const waiting = post({ number, key, process: 1 });
    await system.sql("update idempotency_key set held_until = now() - interval '1 s' where key = $1", [key]);
    const answer = await waiting;
    expect(answer.status).toBe(202);
    expect(await events(orderId)).toEqual([expect.objectContaining({ id: answer.json.updateId, kind: 'flag_set' })]);
    await system.worker('api').start();
    expect(await post({ number, key })).toMatchObject({ status: 202, text: answer.text });
  });

  test('while somebody else writes the order is answered 503, and goes through when it comes again', async () => {
    const { number, orderId } = await order();
    const key = randomUUID();
    const holding = system.sql(
      `do $$ begin perform from order_lazada where order_id = ${orderId} for update; perform pg_sleep(600); end $$`,
    );
    holding.catch(() => undefined);
    await until(isTrapped, TRAPPED);
    const busy = await post({ number, key });
    expect(busy).toMatchObject({ status: 503, json: { detail: expect.stringContaining(`Order ${number}`) } });
    expect(busy.headers.get('retry-after')).toBe('1');
    await system.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
    );
    await holding.catch(() => undefined);
    // Nothing had changed, so the key is good for a mended request as well.
    expect(await post({ number, key, body: { status: 'shipped' } })).toMatchObject({ status: 202 });
  });
});
