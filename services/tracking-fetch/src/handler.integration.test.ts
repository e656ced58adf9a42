import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { marketplaceLazada } from '@lazada-sof/connectors';
import type { OrderJob } from '@lazada-sof/queue';
import { openWorkerStage, type WorkerStage } from '@lazada-sof/testkit';
import { performTrackingStep } from './handler.ts';

const READ = '/order/items/get';
const LATE = 3_600;

let stage: WorkerStage;
let job: OrderJob;
beforeAll(async () => {
  stage = await openWorkerStage('tracking-fetch');
  job = stage.job(performTrackingStep(marketplaceLazada(stage.outside().lazada)));
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const fetchTracking = (orderNumber: string) => stage.run(job, orderNumber);
/** Ready to ship, and its number not there yet. */
const addWaiting = ({ script = {}, ...request }: { account?: string; items?: number; script?: object } = {}) =>
  stage.addReadyOrder({ ...request, script: { trackingAfterSeconds: LATE, ...script } });
const numbersCome = () => stage.lazada.post('/control/clock', { advanceSeconds: LATE });
const rowsOf = async (orderNumber: string) =>
  (await stage.order(orderNumber)).steps.filter(({ step }) => step === 'tracking');

test('done: a number is written to the package, to its items and to the order, and shipped is handed on', async () => {
  const number = await addWaiting({ items: 2 });
  const { items } = await stage.lazada.order(number);
  await stage.sql(
    'insert into public.order_items (order_id, order_item_id) select o.id, item from public.orders o, unnest($2::text[]) item where o.order_number = $1',
    [number, items.map(({ orderItemId }) => orderItemId)],
  );
  await numbersCome();
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  const [parcel] = (await stage.lazada.order(number)).packages;
  const order = await stage.order(number);
  expect(order.packages).toMatchObject([{ state: 'ready_to_ship', trackingNumber: parcel?.trackingNumber }]);
  expect(order.trackingNumber).toBe(parcel?.trackingNumber);
  const written = await stage.sql('select tracking_number from public.order_items where order_id = $1', [
    order.orderId,
  ]);
  expect(written).toEqual(items.map(() => ({ tracking_number: parcel?.trackingNumber })));
  expect([await rowsOf(number), stage.woken]).toEqual([[], expect.arrayContaining(['sync-status'])]);
});

test('run twice: the second is superseded, and asks nobody', async () => {
  const number = await addWaiting();
  await numbersCome();
  await fetchTracking(number);
  const asked = await stage.lazada.asked(READ, number);
  expect(await fetchTracking(number)).toEqual({ outcome: 'superseded' });
  expect(await stage.lazada.asked(READ, number)).toBe(asked);
});

test('already done: a number that another worker has read is superseded', async () => {
  const number = await stage.addReadyOrder();
  expect(await fetchTracking(number)).toEqual({ outcome: 'superseded' });
});

test('not ready: a number that is not there yet is looked for on its ladder, without a try', async () => {
  const number = await addWaiting();
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  const { orderId, packages } = await stage.order(number);
  const waiting = { ref: packages[0]?.id, tries: 0, blocked: false, errorCode: 'tracking_missing' };
  const [row] = await rowsOf(number);
  expect(row).toMatchObject(waiting);
  expect([row?.dueAt?.getTime(), stage.woken]).toEqual([Number(row?.since) + 30_000, ['fetch-invoice']]);
  // Not before the rung.
  expect(await fetchTracking(number)).toEqual({ outcome: 'superseded' });

  // Its rungs are counted from when the waiting began.
  await stage.sql(
    "update public.order_lazada_step set due_at = now(), since = now() - interval '20 min' where order_id = $1",
    [orderId],
  );
  await fetchTracking(number);
  const [later] = await rowsOf(number);
  expect(later).toMatchObject({ ...waiting, dueAt: new Date(Number(later?.since) + 30 * 60_000) });
});

test('not ready for 14 days: given up, for a person', async () => {
  const number = await addWaiting();
  await fetchTracking(number);
  await stage.sql(
    "update public.order_lazada_step set due_at = now(), since = now() - interval '14 days' where order_id = (select id from public.orders where order_number = $1)",
    [number],
  );
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  expect(await stage.order(number)).toMatchObject({
    steps: [{ step: 'tracking', blocked: true, dueAt: null, errorCode: 'tracking_missing' }],
    summary: { blockedStep: 'tracking' },
  });
});

test('one package waits on while the other has its number', async () => {
  const number = await addWaiting({ items: 2, script: { itemsPerPackage: 1 } });
  await numbersCome();
  const [parcel] = (await stage.lazada.order(number)).packages;
  await stage.lazada.post(`/control/orders/${number}/events`, { event: 'repackElsewhere', package: parcel?.packageId });
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  const { packages } = await stage.order(number);
  expect(packages.map(({ state }) => state).toSorted()).toEqual(['cancelled', 'ready_to_ship', 'ready_to_ship']);
  expect(packages.filter((one) => one.trackingNumber !== null)).toHaveLength(1);
  expect(await rowsOf(number)).toMatchObject([
    { ref: packages.find((one) => !one.trackingNumber && one.state === 'ready_to_ship')?.id, blocked: false },
  ]);
});

test.each([
  { says: 'an answer of 503', fault: { status: 503 }, code: 'http_503' },
  { says: 'an answer that breaks off', fault: { drop: 'half' }, code: 'reset' },
  { says: 'a busy system', fault: { body: { code: '6', message: 'E006: System busy' } }, code: '6' },
])('transient: $says costs a try, and the next one finds the number', async ({ fault, code }) => {
  const number = await addWaiting();
  await stage.lazada.post('/faults', { path: READ, times: 1, ...fault });
  expect(await fetchTracking(number)).toMatchObject({ outcome: 'retried', code });
  expect(await rowsOf(number)).toMatchObject([{ tries: 1, blocked: false, errorCode: code, dueAt: expect.any(Date) }]);
  await numbersCome();
  await stage.timePasses(number);
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  expect(await rowsOf(number)).toEqual([]);
});

test('rejected: an order that Lazada does not know is blocked, with the reason', async () => {
  const number = await addWaiting();
  await stage.lazada.post('/faults', { path: READ, times: 1, body: { code: '16', message: 'E016: Invalid Order ID' } });
  expect(await fetchTracking(number)).toEqual({
    outcome: 'failed',
    code: '16',
    reason: `demo-sg/${number}: items of demo-sg/${number}: 16 "E016: Invalid Order ID"`,
  });
  expect(await rowsOf(number)).toMatchObject([{ blocked: true, dueAt: null, errorCode: '16' }]);
});

test('rate-limited: waits without a try', async () => {
  const number = await addWaiting();
  await stage.lazada.post('/control/behaviour', { limits: [{ perSecond: 0, answer: 'SellerCallLimit' }] });
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  expect(await rowsOf(number)).toMatchObject([{ tries: 0, errorCode: 'SellerCallLimit', dueAt: expect.any(Date) }]);
});

test('misconfigured: tokens that have ended park the account, and the step waits as it did', async () => {
  const { sellerId } = await stage.addAccount('no-consent');
  const number = await addWaiting({ account: 'no-consent' });
  await fetchTracking(number);
  await stage.timePasses(number);
  const before = await rowsOf(number);
  await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['access', 'refresh'] });
  expect(await fetchTracking(number)).toEqual({ outcome: 'done' });
  const { account } = await stage.order(number);
  expect([account.status, await rowsOf(number)]).toEqual(['reauth_required', before]);
  expect(await fetchTracking(number)).toEqual({ outcome: 'superseded' });
});
