/** Accounts that report ends through the Open Platform: the same attempts, around a call that is made for many packages. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openStatusSync, type StatusSync } from './status-sync.fixture.ts';

const DELIVERED = '/order/package/sof/delivered';
const ACCOUNT = 'shop-dbs';

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
  await stage.addAccount(ACCOUNT, { sof_driver: 'dbs' });
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

async function toDeliver(trouble: object[] = []): Promise<string> {
  const number = await stage.addReadyOrder({ account: ACCOUNT, script: { trackingAfterSeconds: 3_600, trouble } });
  await stage.deliver(number);
  return number;
}
const asked = async (orderNumber: string) =>
  stage.lazada.asked(DELIVERED, (await stage.order(orderNumber)).packages[0]?.packageId ?? '');

test('done: an end needs no shipped and no number, and keeps the id of its request', async () => {
  const number = await toDeliver();
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(await stage.order(number)).toMatchObject({
    delivered: { flag: false },
    packages: [{ state: 'delivered', trackingNumber: null, shippedSentAt: null }],
    attempts: [{ status: 'delivered', trackingNumber: '', outcome: 'accepted', requestId: expect.any(String) }],
  });
  expect(await stage.lazada.statuses(number)).toEqual([['delivered']]);
});

test('run twice: it is sent once', async () => {
  const number = await toDeliver();
  await stage.sync(number);
  expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
  expect(await asked(number)).toBe(1);
});

test('rejected: of orders of the same moment each keeps its own outcome', async () => {
  const [good, bad] = [
    await toDeliver(),
    await toDeliver([{ call: DELIVERED, code: '700009', message: 'no', retry: false }]),
  ];
  const ends = await Promise.all([stage.sync(good), stage.sync(bad)]);
  expect(ends).toMatchObject([{ outcome: 'done' }, { outcome: 'failed', code: '700009' }]);
  expect((await stage.order(good)).attempts).toMatchObject([{ outcome: 'accepted' }]);
  expect(await stage.order(bad)).toMatchObject({
    attempts: [{ outcome: 'refused', answer: '700009 no' }],
    steps: expect.arrayContaining([expect.objectContaining({ step: 'delivered', blocked: true })]),
    summary: { blockedStep: 'delivered' },
  });
});

test.each([
  { says: 'that is busy', trouble: { call: DELIVERED, code: '700024' } },
  { says: 'that its answer leaves out', trouble: { call: DELIVERED, missing: true } },
])('nobody knows: an element $says is read back before it is sent again', async ({ trouble }) => {
  const number = await toDeliver([trouble]);
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect((await stage.order(number)).attempts).toMatchObject([{ outcome: 'unknown' }]);
  expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
  expect(await asked(number)).toBe(1);
});

test('not ready: a package in another state is read first at the next try, and is not sent where it has ended', async () => {
  const number = await toDeliver();
  await stage.lazada.post(`/control/orders/${number}/events`, { event: 'deliverDirectly' });
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(await stage.order(number)).toMatchObject({
    attempts: [{ outcome: 'refused' }],
    steps: expect.arrayContaining([
      expect.objectContaining({ step: 'delivered', tries: 0, errorCode: '700031', dueAt: expect.any(Date) }),
    ]),
  });
  await stage.timePasses(number);
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(await stage.order(number)).toMatchObject({ delivered: { flag: false }, packages: [{ state: 'delivered' }] });
  expect(await asked(number)).toBe(1);
});
