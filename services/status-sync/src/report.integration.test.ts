import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '@lazada-sof/orders';
import { byForce, openStatusSync, type StatusSync } from './status-sync.fixture.ts';

const POST = 'sof/status';

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const numberOf = async (orderNumber: string) => (await stage.lazada.order(orderNumber)).packages[0]?.trackingNumber;
const posts = async (orderNumber: string) => stage.lazada.asked(POST, String(await numberOf(orderNumber)));
const rowOf = async (orderNumber: string, wanted = 'shipped') =>
  (await stage.order(orderNumber)).steps.find(({ step }) => step === wanted);
const fail = (fault: object) => stage.lazada.post('/faults', { api: 'sof', path: POST, times: 1, ...fault });
const ofOrder = 'where order_id = (select id from public.orders where order_number = $1)';
const deliver = (orderNumber: string) =>
  stage.sql(`update public.order_lazada set update_delivered = 1, delivered_at = now() ${ofOrder}`, [orderNumber]);

describe('a status that is owed', () => {
  test('done: it is posted with the time at which it happened, and its acceptance is written down', async () => {
    const number = await stage.addReadyOrder();
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    const { packages, attempts, steps, summary } = await stage.order(number);
    expect(packages).toMatchObject([{ state: 'shipped', shippedSentAt: expect.any(Date), confirmedAt: null }]);
    expect(packages[0]?.shippedAt).toEqual(packages[0]?.readyToShipAt);
    expect(attempts).toMatchObject([
      { status: 'shipped', outcome: 'accepted', httpStatus: 202, closedAt: expect.any(Date) },
    ]);
    expect({ steps, status: summary.status, counted: stage.counted }).toEqual({
      steps: [],
      status: 'shipped',
      counted: ['shipped'],
    });
    const [parcel] = (await stage.lazada.order(number)).packages;
    expect(parcel?.accepted.map(({ status }) => status)).toEqual(['shipped']);
    expect(Date.parse(String(parcel?.accepted[0]?.timestamp))).toBe(packages[0]?.shippedAt?.getTime());
  });

  test('done: an end that is asked for early follows shipped in the same job, and the flag goes back', async () => {
    const number = await stage.addReadyOrder({ items: 2, script: { itemsPerPackage: 1 } });
    await deliver(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.lazada.statuses(number)).toEqual([
      ['shipped', 'delivered'],
      ['shipped', 'delivered'],
    ]);
    expect(await stage.order(number)).toMatchObject({
      delivered: { flag: false, sentAt: expect.any(Date) },
      packages: [{ state: 'delivered' }, { state: 'delivered' }],
    });
  });

  test('run twice: it is posted once', async () => {
    const number = await stage.addReadyOrder();
    await stage.sync(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    expect(await posts(number)).toBe(1);
  });

  test('a token that ended at SOF costs one refused attempt, and the status goes out with a new one', async () => {
    const { sellerId } = await stage.addAccount('stale-token');
    const [first, second] = [
      await stage.addReadyOrder({ account: 'stale-token' }),
      await stage.addReadyOrder({ account: 'stale-token' }),
    ];
    await stage.sync(first);
    await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['sof'] });
    expect(await stage.sync(second)).toEqual({ outcome: 'done' });
    expect((await stage.order(second)).attempts).toMatchObject([
      { outcome: 'refused', httpStatus: 401 },
      { outcome: 'accepted' },
    ]);
    expect(await stage.lazada.statuses(second)).toEqual([['shipped']]);
  });
});

describe('an answer that is no yes', () => {
  const again = { tries: 1, blocked: false, dueAt: expect.any(Date) };
  const waits = { tries: 0, blocked: false, dueAt: expect.any(Date) };
  const gone = { blocked: true, dueAt: null };
  test.each([
    {
      says: 'rejected: 400',
      fault: { status: 400, body: 'no' },
      attempt: 'refused',
      ended: { outcome: 'failed', code: 'http_400' },
      row: { ...gone, errorCode: 'http_400' },
    },
    {
      says: 'transient: 503',
      fault: { status: 503 },
      attempt: 'refused',
      ended: { outcome: 'retried', code: 'http_503' },
      row: { ...again, errorCode: 'http_503' },
    },
    {
      says: 'transient: 500',
      fault: { status: 500 },
      attempt: 'refused',
      ended: { outcome: 'retried', code: 'http_500' },
      row: { ...again, errorCode: 'http_500' },
    },
    {
      says: 'not ready: a number that SOF does not know yet',
      fault: { status: 400, body: "tracking number doesn't exist" },
      attempt: 'refused',
      ended: { outcome: 'done' },
      row: { ...waits, errorCode: 'package_unknown' },
    },
    {
      says: 'rate-limited: 429',
      fault: { status: 429, headers: { 'retry-after': '60' } },
      attempt: 'refused',
      ended: { outcome: 'done' },
      row: { ...waits, errorCode: 'http_429' },
    },
    { says: 'nobody knows: 408', fault: { status: 408 }, attempt: 'unknown', ended: { outcome: 'done' } },
    { says: 'nobody knows: 502', fault: { status: 502 }, attempt: 'unknown', ended: { outcome: 'done' } },
    { says: 'nobody knows: a reset', fault: { drop: 'before' }, attempt: 'unknown', ended: { outcome: 'done' } },
  ])('$says', async ({ fault, attempt, ended, row }) => {
    const number = await stage.addReadyOrder();
    await fail(fault);
    expect(await stage.sync(number)).toMatchObject(ended);
    const { attempts, packages } = await stage.order(number);
    expect({ attempts, packages }).toMatchObject({
      attempts: [{ outcome: attempt }],
      packages: [{ state: 'ready_to_ship', shippedSentAt: null }],
    });
    expect(await rowOf(number)).toEqual(row && expect.objectContaining(row));
    // Whatever it was: nothing is posted again before its time, which does not come while this test runs.
    await stage.sql("update public.order_lazada_step set due_at = due_at + interval '1 h'");
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    expect([await posts(number), stage.counted]).toEqual([1, []]);
  });

  test('what was refused for good goes out by force', async () => {
    const number = await stage.addReadyOrder();
    await fail({ status: 400, body: 'no' });
    await stage.sync(number);
    expect(await stage.sync(number, byForce('shipped'))).toEqual({ outcome: 'done' });
    expect(await stage.order(number)).toMatchObject({
      packages: [{ state: 'shipped' }],
      attempts: [{ outcome: 'refused' }, { outcome: 'accepted' }],
      steps: [],
    });
  });

  test('misconfigured: a password that is refused parks the account, and is tried once', async () => {
    await stage.addAccount('wrong-password', { sof_password: 'not-the-password' });
    const number = await stage.addReadyOrder({ account: 'wrong-password' });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    const { account, attempts, steps } = await stage.order(number);
    expect({ attempts, steps, status: account.status }).toEqual({ attempts: [], steps: [], status: 'auth_failed' });
    expect(account.statusReason).toContain('SOF login of wrong-password');
    expect((await stage.lazada.counts()).refusals).toEqual({ wrong_password: 1 });
  });

  test('misconfigured: an address that is refused parks the account', async () => {
    await stage.addAccount('wrong-address');
    const number = await stage.addReadyOrder({ account: 'wrong-address' });
    await fail({ status: 404 });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.order(number)).toMatchObject({
      account: { status: 'auth_failed' },
      attempts: [{ outcome: 'refused', httpStatus: 404 }],
      steps: [],
    });
  });

  test('transient: a maintenance page in place of a login blocks nothing, and the status goes out after it', async () => {
    const { sellerId } = await stage.addAccount('maintained');
    const number = await stage.addReadyOrder({ account: 'maintained' });
    const page = { path: 'sof/auth', account: sellerId, status: 200, body: '<html>Back soon</html>' };
    await fail(page);
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code: 'no_token' });
    expect(await stage.order(number)).toMatchObject({
      account: { status: 'active' },
      attempts: [],
      steps: [{ step: 'shipped', tries: 1, blocked: false }],
    });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.lazada.statuses(number)).toEqual([['shipped']]);
  });

  test('rate-limited: without a slot no attempt is made', async () => {
    const number = await stage.addReadyOrder();
    stage.limiter.refuse = new Failure('rate-limited', 'the account is paused', { code: 'paused', waitMs: 60_000 });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await rowOf(number)).toMatchObject({ ...waits, errorCode: 'paused' });
    expect((await stage.order(number)).attempts).toEqual([]);
  });

  test('a number that SOF does not know is read again first: it may have been replaced', async () => {
    const number = await stage.addReadyOrder();
    await fail({ status: 400, body: "tracking number doesn't exist" });
    await stage.sync(number);
    await stage.lazada.post(`/control/orders/${number}/events`, { event: 'repackElsewhere' });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.lazada.statuses(number)).toEqual([[], ['shipped']]);
    expect((await stage.order(number)).packages).toMatchObject([{ state: 'cancelled' }, { state: 'shipped' }]);
  });
});
