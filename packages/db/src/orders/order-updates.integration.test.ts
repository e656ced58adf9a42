import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OrderUpdate } from '@lazada-sof/orders';
import { hostClient, openDbForTest, type TestDb } from '../db.fixture.ts';

let host: TestDb;
let accountId: string;
beforeAll(async () => {
  host = await openDbForTest({ source: 'api' });
  accountId = await host.account();
});
afterAll(() => host.close());

const AT = new Date('2026-03-02T04:00:00Z');
const DELIVERED: OrderUpdate = { status: 'delivered', occurredAt: AT };

const rowOf = async (orderId: string) =>
  (
    await host.sql(
      'select update_delivered, delivered_at, next_attempt_at <= now() as due from order_lazada where order_id = $1',
      [orderId],
    )
  )[0];
const eventsOf = async (orderId: string) =>
  (await host.db.events.ofOrder(orderId)).map(({ eventId, kind, source, data }) => ({ eventId, kind, source, data }));

test('an update is written with its event, and is due at once', async () => {
  const orderId = await host.order(accountId);
  const taken = await host.db.updates.take(orderId, { ...DELIVERED, requestId: 'r-1' });
  expect(await rowOf(orderId)).toEqual({ update_delivered: 1, delivered_at: AT, due: true });
  const [event] = (await eventsOf(orderId)).filter(({ kind }) => kind === 'flag_set');
  expect(event).toEqual({
    eventId: expect.any(String),
    kind: 'flag_set',
    source: 'api',
    data: { status: 'delivered', at: AT.toISOString(), requestId: 'r-1', saying: expect.any(String) },
  });
  expect(taken).toEqual({ is: 'taken', updateId: event?.eventId, sent: [] });
});

test('ready to ship is written where the host reads it', async () => {
  const orderId = await host.order(accountId);
  await host.db.updates.take(orderId, { status: 'ready_to_ship' });
  expect(await host.sql('select update_shipping, tool_status from orders where id = $1', [orderId])).toEqual([
    { update_shipping: 1, tool_status: 'ready_for_delivery' },
  ]);
});

test('the same request twice has one effect and one answer', async () => {
  const orderId = await host.order(accountId);
  const update = { ...DELIVERED, requestId: 'r-1' };
  const first = await host.db.updates.take(orderId, update);
  await host.db.updates.take(orderId, { status: 'withdraw', requestId: 'r-2' });
  expect(await host.db.updates.take(orderId, update)).toEqual(first);
  expect(await rowOf(orderId)).toMatchObject({ update_delivered: 0 });
});

test.each<[says: string, other: Partial<OrderUpdate>]>([
  ['status', { status: 'shipped' }],
  ['number of a carrier', { carrier: 'dhl', carrierTrackingNumber: 'JJD1' }],
])(
  'another update under the name of one that was taken is refused, and not swallowed: another %s',
  async (_, other) => {
    const orderId = await host.order(accountId);
    await host.db.updates.take(orderId, { ...DELIVERED, requestId: 'parcel-1' });
    const before = await rowOf(orderId);
    expect(await host.db.updates.take(orderId, { ...DELIVERED, ...other, requestId: 'parcel-1' })).toMatchObject({
      is: 'refused',
      refusal: {
        kind: 'contradicts',
        field: 'requestId',
        value: 'parcel-1',
        reason: expect.stringContaining('a name of its own'),
      },
    });
    expect(await rowOf(orderId)).toEqual(before);
  },
);

test('the same request made anew, with the time of that moment, is the same', async () => {
  const orderId = await host.order(accountId);
  const first = await host.db.updates.take(orderId, { ...DELIVERED, requestId: 'r-1' });
  const again = { ...DELIVERED, occurredAt: new Date(), reason: 'as I said', requestId: 'r-1' };
  expect(await host.db.updates.take(orderId, again)).toEqual(first);
  expect(await rowOf(orderId)).toMatchObject({ delivered_at: AT });
});

test('whoever waits for an order that the host holds keeps no connection from the others', async () => {
  const [held, free] = [await host.order(accountId), await host.order(accountId)];
  const holder = await hostClient(host.url);
  await holder.query('begin');
  await holder.query('select from order_lazada where order_id = $1 for update', [held]);
  const waiting = Promise.all(Array.from({ length: 40 }, () => host.db.updates.take(held, DELIVERED)));
  const first = await Promise.race([waiting, host.db.updates.take(free, DELIVERED)]);
  expect(first).toMatchObject({ is: 'taken' });
  expect(new Set((await waiting).map(({ is }) => is))).toEqual(new Set(['busy']));
  await holder.query('rollback');
  await holder.end();
});

test('the same withdrawal again is no refusal', async () => {
  const orderId = await host.order(accountId);
  await host.db.updates.take(orderId, DELIVERED);
  const withdraw: OrderUpdate = { status: 'withdraw', requestId: 'w-1' };
  const first = await host.db.updates.take(orderId, withdraw);
  expect(await host.db.updates.take(orderId, withdraw)).toEqual(first);
  expect(await host.db.updates.take(orderId, { status: 'withdraw' })).toMatchObject({ is: 'refused' });
});

test('the same request in two processes at once has one effect, and both get the same answer', async () => {
  const other = host.another({ source: 'api' });
  for (let round = 0; round < 10; round += 1) {
    const orderId = await host.order(accountId);
    const update = { ...DELIVERED, requestId: `r-${round}` };
    const answers = await Promise.all(
      [host.db, other, host.db, other].map(({ updates }) => updates.take(orderId, update)),
    );
    expect(answers.map((answer) => (answer.is === 'taken' ? answer.updateId : answer.is))).toEqual(
      Array.from(answers, () => expect.stringMatching(/^\d+$/)),
    );
    expect(new Set(answers.map((answer) => answer.is === 'taken' && answer.updateId)).size).toBe(1);
    expect((await eventsOf(orderId)).filter(({ kind }) => kind === 'flag_set')).toHaveLength(1);
  }
});

test('updates of many orders at once are one transaction, and those of one order follow one another', async () => {
  const orders = await Promise.all(Array.from({ length: 50 }, () => host.order(accountId)));
  const answers = await Promise.all(orders.map((id) => host.db.updates.take(id, DELIVERED, { waits: false })));
  expect(new Set(answers.map(({ is }) => is))).toEqual(new Set(['taken']));
  const writers = 'select distinct xmin::text from order_lazada where order_id = any ($1)';
  expect(await host.sql(writers, [orders])).toHaveLength(1);
});

test('updates of one order in the same moment do not make each other busy, and are taken in their order', async () => {
  const orderId = await host.order(accountId);
  const updates: OrderUpdate[] = Array.from({ length: 20 }, (_, at) => ({
    ...(at % 2 === 0 ? DELIVERED : { status: 'withdraw' }),
    requestId: `r-${at}`,
  }));
  const answers = await Promise.all(updates.map((update) => host.db.updates.take(orderId, update, { waits: false })));
  expect(answers.map(({ is }) => is)).toEqual(updates.map(() => 'taken'));
  const told = (await eventsOf(orderId)).filter(({ kind }) => kind === 'flag_set' || kind === 'withdrawn');
  expect(told.map(({ data }) => data.requestId)).toEqual(updates.map(({ requestId }) => requestId));
  expect(await rowOf(orderId)).toMatchObject({ update_delivered: 0 });
});

test('the same request several times in the same moment has one effect and one answer', async () => {
  const orderId = await host.order(accountId);
  const update = { ...DELIVERED, requestId: 'r-1' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => host.db.updates.take(orderId, update)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect((await eventsOf(orderId)).filter(({ kind }) => kind === 'flag_set')).toHaveLength(1);
});

test('another order may have a request of the same name', async () => {
  const orders = [await host.order(accountId), await host.order(accountId)];
  const answers = await Promise.all(orders.map((id) => host.db.updates.take(id, { ...DELIVERED, requestId: 'r-1' })));
  expect(answers.map(({ is }) => is)).toEqual(['taken', 'taken']);
});

test('what is refused changes nothing and is told', async () => {
  const orderId = await host.order(accountId);
  const before = await host.sql('select * from order_lazada where order_id = $1', [orderId]);
  expect(await host.db.updates.take(orderId, { ...DELIVERED, packageId: 'FP9' })).toMatchObject({
    is: 'refused',
    refusal: { kind: 'invalid', field: 'packageId', value: 'FP9' },
  });
  const after = await host.sql('select * from order_lazada where order_id = $1', [orderId]);
  expect(after).toEqual(before);
});

test('a refusal is found again by its request, which may come again once it is mended', async () => {
  const orderId = await host.order(accountId);
  const update: OrderUpdate = { ...DELIVERED, requestId: 'r-1' };
  await host.db.updates.take(orderId, { ...update, packageId: 'FP9' }, { by: 'erp' });
  const [noted] = (await eventsOf(orderId)).filter(({ kind }) => kind === 'noted');
  expect(noted).toMatchObject({
    source: 'api',
    data: { by: 'erp', field: 'packageId', value: 'FP9', request: { ...update, occurredAt: AT.toISOString() } },
  });
  expect(noted?.data.refused).toContain('no such package');
  expect(await host.db.updates.take(orderId, update)).toMatchObject({ is: 'taken' });
});

test('who says it stands in the event, and a missing time is that of its arrival', async () => {
  const orderId = await host.order(accountId);
  const arrivedAt = new Date(Date.now() - 3_600_000);
  await host.db.updates.take(orderId, { status: 'delivered' }, { by: 'erp', arrivedAt });
  expect(await rowOf(orderId)).toMatchObject({ delivered_at: arrivedAt });
  expect(await eventsOf(orderId)).toContainEqual(
    expect.objectContaining({ data: expect.objectContaining({ by: 'erp', timeFilled: true }) }),
  );
});

test('a release ends a blocked step', async () => {
  const orderId = await host.order(accountId, { update_shipping: 1, tool_status: 'ready_for_delivery' });
  await host.sql(
    "insert into order_lazada_step (order_id, step, since, tries, blocked) values ($1, 'ready_to_ship', now(), 16, true)",
    [orderId],
  );
  expect(await host.db.updates.take(orderId, { status: 'release' })).toMatchObject({ is: 'taken' });
  expect(await host.sql('select from order_lazada_step where order_id = $1', [orderId])).toEqual([]);
  expect(await host.db.updates.take(orderId, { status: 'release' })).toMatchObject({ is: 'refused' });
});

test('an order whose row is held is busy, one that is gone is gone', async () => {
  const orderId = await host.order(accountId);
  const holder = await hostClient(host.url);
  await holder.query('begin');
  await holder.query('select from order_lazada where order_id = $1 for update', [orderId]);
  expect(await host.db.updates.take(orderId, DELIVERED)).toEqual({ is: 'busy' });
  await holder.query('rollback');
  await holder.end();
  await host.sql('delete from orders where id = $1', [orderId]);
  expect(await host.db.updates.take(orderId, DELIVERED)).toEqual({ is: 'gone' });
});
