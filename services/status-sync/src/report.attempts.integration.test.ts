/** What stands between a plan and its post, and what becomes of a post that nobody knows the end of. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { beginAttempt, plan } from '@lazada-sof/orders';
import { meeting, until } from '@lazada-sof/testkit';
import { openStatusSync, type StatusSync } from './status-sync.fixture.ts';

const POST = 'sof/status';

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
  // Signs in, so that a slot that is waited for below is that of the post.
  await stage.sync(await stage.addReadyOrder());
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const ofOrder = 'where order_id = (select id from public.orders where order_number = $1)';
const posts = async (orderNumber: string) => {
  const [parcel] = (await stage.lazada.order(orderNumber)).packages;
  return stage.lazada.asked(POST, String(parcel?.trackingNumber));
};
const outcomesOf = async (orderNumber: string) =>
  (await stage.order(orderNumber)).attempts.map(({ status, outcome }) => `${status} ${outcome}`);
/** Another process has written its intent, and has not posted yet. */
const beginElsewhere = async (orderNumber: string) =>
  stage.db.orders.change((await stage.order(orderNumber)).orderId, (order, now) => {
    const owed = plan(order, now).owed.find(({ step }) => step === 'shipped');
    return owed && 'trackingNumber' in owed ? beginAttempt(order, owed, now) : null;
  });
/** Happens once, when the post waits for its slot. */
const beforeThePost = (happens: () => Promise<unknown>) => {
  stage.limiter.meanwhile = async ({ api }) => {
    if (api !== 'sofp') return;
    stage.limiter.meanwhile = null;
    await happens();
  };
};

describe('between the plan and the post', () => {
  test.each([
    { says: 'withdrawn', set: 'update_delivered = 0' },
    { says: 'contradicted', set: 'update_not_delivered = 1' },
    { says: 'told with another time', set: "delivered_at = now() + interval '1 s'" },
  ])('$says: nothing leaves', async ({ set }) => {
    const number = await stage.addReadyOrder();
    await stage.sync(number);
    await stage.sql(`update public.order_lazada set update_delivered = 1, delivered_at = now() ${ofOrder}`, [number]);
    beforeThePost(() => stage.sql(`update public.order_lazada set ${set} ${ofOrder}`, [number]));
    expect(await stage.sync(number, { only: ({ step }) => step === 'delivered' })).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped accepted']]);
    expect(stage.counted).toEqual(['shipped']);
  });

  test.each(["status = 'auth_failed'", 'enabled = false'])(
    'an account that gets %s: nothing leaves with the token that is at hand',
    async (parked) => {
      const number = await stage.addReadyOrder();
      const ofAccount = 'where id = (select account_id from public.orders where order_number = $1)';
      beforeThePost(() => stage.sql(`update account.lazada set ${parked} ${ofAccount}`, [number]));
      expect(await stage.sync(number)).toEqual({ outcome: 'done' });
      await stage.sql(`update account.lazada set enabled = true, status = 'active' ${ofAccount}`, [number]);
      expect([await posts(number), await outcomesOf(number)]).toEqual([0, []]);
    },
  );

  test('two processes at the same moment: one posts', async () => {
    const number = await stage.addReadyOrder();
    const another = stage.anotherSync();
    stage.limiter.meanwhile = meeting(2);
    const ends = await Promise.all([stage.sync(number), another(number)]);
    expect(ends).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped accepted']]);
    expect(stage.counted).toEqual(['shipped']);
  });

  test('two processes within one millisecond: one posts', async () => {
    const number = await stage.addReadyOrder();
    const { orders, accounts } = stage.db;
    /** As if this process had read the clock when the last attempt began. */
    const change: typeof orders.change = async (orderId, decide) => {
      const changed = await orders.change(orderId, decide);
      if (typeof changed === 'string') return changed;
      return { ...changed, now: changed.order.attempts.at(-1)?.startedAt ?? changed.now };
    };
    beforeThePost(() => beginElsewhere(number));
    const job = stage.job(stage.perform, { orders: { ...orders, change }, accounts });
    expect(await stage.run(job, number)).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([0, ['shipped sending']]);
  });

  test('the worker closes: the attempt is taken back, nothing leaves, and no try is used up', async () => {
    const number = await stage.addReadyOrder();
    const closing = new AbortController();
    beforeThePost(async () => closing.abort(new Error('closing')));
    await expect(stage.sync(number, { signal: closing.signal })).rejects.toThrow('closing');
    expect([await posts(number), await outcomesOf(number)]).toEqual([0, ['shipped void']]);
    expect((await stage.order(number)).steps).toEqual([]);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.lazada.statuses(number)).toEqual([['shipped']]);
  });
});

describe('a post that nobody knows the end of', () => {
  /** `arrived`: Lazada took it, and the answer was lost. */
  const posted = async ({ arrived }: { arrived: boolean }) => {
    const number = await stage.addReadyOrder();
    await stage.lazada.post('/faults', { api: 'sof', path: POST, status: 502, processed: arrived, times: 1 });
    await stage.sync(number);
    expect(await outcomesOf(number)).toEqual(['shipped unknown']);
    return number;
  };
  const waited = (orderNumber: string, seconds: number) =>
    stage.sql(
      `update public.order_lazada_attempt set started_at = started_at - $2 * interval '1 s' ${ofOrder} and outcome in ('sending', 'unknown')`,
      [orderNumber, seconds],
    );

  test('is neither posted nor read back before its time, by force neither', async () => {
    const number = await posted({ arrived: false });
    await waited(number, 20);
    expect(await stage.sync(number, { only: ({ step }) => step !== 'look', force: true })).toEqual({
      outcome: 'superseded',
    });
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped unknown']]);
  });

  test('is accepted without a second post where the items show it', async () => {
    const number = await posted({ arrived: true });
    await waited(number, 30);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped accepted']]);
    const { packages, attempts } = await stage.order(number);
    expect(packages).toMatchObject([
      { state: 'shipped', shippedSentAt: attempts[0]?.startedAt, confirmedAt: expect.any(Date) },
    ]);
  });

  test('is void and posted again where they do not, and the next silence is read back later', async () => {
    const number = await posted({ arrived: false });
    await waited(number, 30);
    await stage.lazada.post('/faults', { api: 'sof', path: POST, status: 502, times: 1 });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([2, ['shipped void', 'shipped unknown']]);
    await waited(number, 30);
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    await waited(number, 90);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([
      3,
      ['shipped void', 'shipped void', 'shipped accepted'],
    ]);
    expect((await stage.lazada.counts()).duplicates).toBe(0);
  });

  test('stays open where the items cannot be read, which is a failed try of the status', async () => {
    const number = await posted({ arrived: true });
    await waited(number, 30);
    await stage.lazada.post('/faults', { path: '/order/items/get', status: 502, times: 1 });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code: 'http_502' });
    expect(await stage.order(number)).toMatchObject({
      attempts: [{ outcome: 'unknown' }],
      steps: [{ step: 'shipped', tries: 1, errorCode: 'http_502' }],
    });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped accepted']]);
  });

  test('of a process that died meanwhile is no different', async () => {
    const number = await stage.addReadyOrder();
    await beginElsewhere(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    await waited(number, 30);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped void', 'shipped accepted']]);
  });
});

describe('while the host holds the rows of an order', () => {
  /** Rows that are held from the moment at which the post has arrived, until `letGo`. */
  async function heldDuringThePost(orderNumber: string, rows: string, answer: object = {}) {
    await stage.lazada.post('/faults', { api: 'sof', path: POST, delayMs: 700, times: 1, ...answer });
    const running = stage.sync(orderNumber);
    await until(async () => (await posts(orderNumber)) === 1, { what: 'the post has arrived', withinMs: 10_000 });
    const letGo = await stage.holdRows(rows);
    await running;
    return letGo;
  }

  test.each([
    { says: 'the order', rows: (id: string) => `public.orders where id = ${id}` },
    { says: 'our row of it', rows: (id: string) => `public.order_lazada where order_id = ${id}` },
  ])(
    'a 202 is not thrown away: $says was held, Lazada shows nothing yet, and nothing is posted twice',
    async ({ rows }) => {
      const number = await stage.addReadyOrder({ script: { visibleAfterSeconds: 3_600 } });
      const { orderId } = await stage.order(number);
      const letGo = await heldDuringThePost(number, rows(orderId));
      // Read back by another process as soon as it may: what it does not see is in hand.
      await stage.sql(`update public.order_lazada_attempt set started_at = started_at - interval '31 s' ${ofOrder}`, [
        number,
      ]);
      await stage.anotherSync()(number);
      await letGo();
      const shipped = async () => (await stage.order(number)).packages[0]?.shippedSentAt !== null;
      await until(shipped, { what: 'the outcome is written', withinMs: 10_000 });
      await stage.anotherSync()(number);
      expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped accepted']]);
      expect((await stage.order(number)).packages).toMatchObject([{ state: 'shipped' }]);
    },
  );

  test('a refusal that cannot pass is not posted again: its step is blocked as soon as the rows are free', async () => {
    const number = await stage.addReadyOrder();
    const { orderId } = await stage.order(number);
    const refusal = { status: 400, body: 'required value missing' };
    const letGo = await heldDuringThePost(number, `public.orders where id = ${orderId}`, refusal);
    await letGo();
    const blocked = async () => (await stage.order(number)).steps.some((row) => row.step === 'shipped' && row.blocked);
    await until(blocked, { what: 'the step is blocked', withinMs: 10_000 });
    await stage.anotherSync()(number);
    expect([await posts(number), await outcomesOf(number)]).toEqual([1, ['shipped refused']]);
  });
});
