import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hostClient, openDbForTest, type TestDb } from '../db.fixture.ts';

const DAY = 86_400_000;

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada, lazada_carrier, lazada_carrier_day cascade'));

const askedBy = async (orderId: string) => (await host.db.orders.load(orderId))?.order.carriersAsked;
const dueOf = async (orderId: string) =>
  (
    await host.sql<{ due: boolean }>(
      'select coalesce(next_attempt_at <= now(), false) as due from order_lazada where order_id = $1',
      [orderId],
    )
  )[0]?.due;
/** An order with a parcel on its way with this carrier, that rests. */
async function withParcel(fields: { carrier?: string; number?: string | null; state?: string } = {}) {
  const { carrier = 'dhl', number = '00340', state = 'shipped' } = fields;
  const orderId = await host.order(await host.account());
  const [parcel] = await host.sql<{ id: string }>(
    `insert into order_lazada_package (order_id, package_id, state, carrier, carrier_tracking_number)
     values ($1, 'FP1', $2, $3, $4) returning id::text`,
    [orderId, state, carrier, number],
  );
  await host.sql("update order_lazada set next_attempt_at = now() + interval '1 day' where order_id = $1", [orderId]);
  return { orderId, packageId: parcel?.id ?? '' };
}
const timePasses = (time: string) =>
  host.sql('update lazada_carrier set asked_until = asked_until - $1::interval', [time]);
const untilMidnight = () => DAY - (Date.now() % DAY);

describe('a carrier that is asked', () => {
  test('is known to every order that is loaded, until nobody has said for an hour that there is a key', async () => {
    const { orderId } = await withParcel();
    expect(await askedBy(orderId)).toEqual([]);
    await host.db.carriers.ask('dhl');
    await host.db.carriers.ask('pigeon');
    expect((await askedBy(orderId))?.toSorted()).toEqual(['dhl', 'pigeon']);
    await timePasses('55 min');
    await host.db.carriers.askOn('pigeon', []);
    await timePasses('55 min');
    expect(await askedBy(orderId)).toEqual(['pigeon']);
    await timePasses('10 min');
    expect(await askedBy(orderId)).toEqual([]);
  });

  test('makes the orders of its parcels due when somebody begins to ask it, and only then', async () => {
    const parcels = await Promise.all([
      withParcel(),
      withParcel({ carrier: ' DHL ' }),
      withParcel({ carrier: 'pigeon' }),
      withParcel({ number: null }),
      withParcel({ state: 'delivered' }),
    ]);
    const due = () => Promise.all(parcels.map(({ orderId }) => dueOf(orderId)));
    await host.db.carriers.ask('dhl');
    expect(await due()).toEqual([true, true, false, false, false]);
    await host.sql("update order_lazada set next_attempt_at = now() + interval '1 day'");
    await host.db.carriers.ask('dhl');
    await host.db.carriers.askOn('dhl', []);
    expect(await due()).toEqual([false, false, false, false, false]);
    await timePasses('61 min');
    await host.db.carriers.askOn('dhl', []);
    expect(await due()).toEqual([true, true, false, false, false]);
  });

  test('makes an order that somebody held meanwhile due once it is free, and none twice', async () => {
    const [held, free] = [await withParcel(), await withParcel()];
    const writer = await hostClient(host.url);
    await writer.query('begin');
    await writer.query('select from order_lazada where order_id = $1 for no key update', [held.orderId]);
    const left = await host.db.carriers.ask('dhl');
    expect([left, await dueOf(held.orderId), await dueOf(free.orderId)]).toEqual([[held.orderId], false, true]);
    await host.sql("update order_lazada set next_attempt_at = now() + interval '1 day' where order_id = $1", [
      free.orderId,
    ]);
    expect(await host.db.carriers.askOn('dhl', left)).toEqual(left);
    await writer.query('commit');
    await writer.end();
    expect(await host.db.carriers.askOn('dhl', left)).toEqual([]);
    expect([await dueOf(held.orderId), await dueOf(free.orderId)]).toEqual([true, false]);
  });

  test('whose process died before all were due: the next one makes them so', async () => {
    const { orderId } = await withParcel();
    const writer = await hostClient(host.url);
    await writer.query('begin');
    await writer.query('select from order_lazada where order_id = $1 for no key update', [orderId]);
    await host.db.carriers.ask('dhl');
    await writer.query('commit');
    await writer.end();
    expect(await host.another().carriers.ask('dhl')).toEqual([]);
    expect(await dueOf(orderId)).toBe(true);
  });
});

describe('the budget of a day', () => {
  test('over many processes at once no more calls than that are taken', async () => {
    const processes = [host.db, host.another(), host.another()];
    const taken = await Promise.all(
      Array.from({ length: 60 }, (_, index) => processes[index % 3]?.carriers.takeCall('dhl', 25)),
    );
    expect(taken.filter((one) => one?.may)).toHaveLength(25);
    expect(await host.sql('select calls from lazada_carrier_day')).toEqual([{ calls: 25 }]);
    expect(await host.db.carriers.left('dhl', 25)).toBe(0);
  });

  test('spent, it is refused until 00:00 GMT, and counted no further', async () => {
    await host.db.carriers.takeCall('dhl', 1);
    for (const answer of [await host.db.carriers.takeCall('dhl', 1), await host.db.carriers.mayAsk('dhl', 1)]) {
      expect(answer).toMatchObject({ may: false, because: 'budget' });
      if (answer.may) continue;
      expect(answer.until.getTime() % DAY).toBe(0);
      expect(Math.abs(answer.waitMs - untilMidnight())).toBeLessThan(60_000);
    }
    expect(await host.sql('select calls from lazada_carrier_day')).toEqual([{ calls: 1 }]);
  });

  test('begins anew with the day, and each carrier has its own', async () => {
    await host.db.carriers.takeCall('dhl', 1);
    expect(await host.db.carriers.takeCall('pigeon', 1)).toEqual({ may: true });
    await host.sql('update lazada_carrier_day set day = day - 1');
    expect(await host.db.carriers.left('dhl', 1)).toBe(1);
    expect(await host.db.carriers.takeCall('dhl', 1)).toEqual({ may: true });
  });

  test('that was made smaller is refused, one that was made larger goes on', async () => {
    await host.db.carriers.takeCall('dhl', 3);
    await host.db.carriers.takeCall('dhl', 3);
    expect([await host.db.carriers.left('dhl', 1), await host.db.carriers.left('dhl', 5)]).toEqual([0, 3]);
    expect(await host.db.carriers.takeCall('dhl', 1)).toMatchObject({ may: false });
    expect(await host.db.carriers.takeCall('dhl', 5)).toEqual({ may: true });
  });
});

describe('a stop', () => {
  test('holds for every process until its time, without a call counted', async () => {
    const stopped = await host.db.carriers.stop('dhl', 'quota', null);
    expect(stopped).toMatchObject({ may: false, because: 'quota' });
    const elsewhere = host.another().carriers;
    expect(await elsewhere.takeCall('dhl', 9)).toMatchObject({ may: false, because: 'quota' });
    expect([await elsewhere.left('dhl', 9), await host.sql('select from lazada_carrier_day')]).toEqual([0, []]);
    await host.sql("update lazada_carrier set stopped_until = now() - interval '1 s'");
    expect(await elsewhere.takeCall('dhl', 9)).toEqual({ may: true });
    expect(await elsewhere.left('dhl', 9)).toBe(8);
  });

  test('for so long as was named', async () => {
    const stopped = await host.db.carriers.stop('dhl', 'quota', 7_000);
    expect(stopped).toMatchObject({ may: false, waitMs: expect.any(Number) });
    if (!stopped.may) expect(stopped.waitMs).toBeLessThanOrEqual(7_000);
  });

  test('of which one is longer than the other: the longer holds', async () => {
    await host.sql(
      "insert into lazada_carrier (carrier, stopped_for, stopped_until) values ('dhl', 'key', '2000-01-01')",
    );
    await host.db.carriers.stop('dhl', 'quota', null);
    const shorter = await host.db.carriers.stop('dhl', 'key', 1_000);
    expect(shorter).toMatchObject({ may: false, because: 'quota' });
    if (!shorter.may) expect(shorter.until.getTime() % DAY).toBe(0);
  });

  test('for a refused key ends when the service starts with a key, one of the quota does not', async () => {
    await host.db.carriers.stop('dhl', 'key', 3_600_000);
    await host.db.carriers.stop('pigeon', 'quota', null);
    await host.db.carriers.askOn('dhl', []);
    expect(await host.db.carriers.mayAsk('dhl', 1)).toMatchObject({ may: false, because: 'key' });
    await host.db.carriers.ask('dhl');
    await host.db.carriers.ask('pigeon');
    expect(await host.db.carriers.mayAsk('dhl', 1)).toEqual({ may: true });
    expect(await host.db.carriers.mayAsk('pigeon', 1)).toMatchObject({ may: false, because: 'quota' });
  });
});

test('a word that an order has heard is known again', async () => {
  const { orderId, packageId } = await withParcel();
  await host.db.externalChanges.change(orderId, (order) => ({
    order,
    events: [{ kind: 'noted', data: { requestId: 'dhl 00340 failure T' } }],
  }));
  const { isHeard, orderOf } = host.db.carriers;
  expect([await isHeard(orderId, 'dhl 00340 failure T'), await isHeard(orderId, 'dhl 00340 failure U')]).toEqual([
    true,
    false,
  ]);
  expect([await orderOf(packageId), await orderOf('404')]).toEqual([orderId, null]);
});
