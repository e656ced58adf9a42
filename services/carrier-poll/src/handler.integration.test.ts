import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Carrier, type CarrierShipment, Failure } from '@lazada-sof/orders';
import { until } from '@lazada-sof/testkit';
import { openPollStage, type PollStage } from './carrier-poll.fixture.ts';

const DAY = 86_400_000;
const RUNG = 2.4 * 3_600_000;
const AT = '2026-03-14T07:09:26Z';
const DONE = { outcome: 'done' };
const SUPERSEDED = { outcome: 'superseded' };

let stage: PollStage;
beforeAll(async () => {
  stage = await openPollStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.calm();
  await stage.dhlRules({ perDay: 1_000, perSecond: 1_000, key: null, retryAfter: null });
  await stage.sql('update public.lazada_carrier set stopped_until = null, stopped_for = null');
  await stage.sql('delete from public.lazada_carrier_day');
});

const statusOf = (statusCode: string, fields: object = {}) => ({
  timestamp: AT,
  statusCode,
  status: statusCode,
  ...fields,
});
const answerOf = (id: string, status: object, fields: object = {}) => ({
  answer: { shipments: [{ id, service: 'parcel-de', status, events: [status], ...fields }] },
});
/** A parcel of which DHL says this. */
async function parcelOf(statusCode: string, fields: object = {}) {
  const carrierNumber = `D${statusCode}${Math.random().toString().slice(2)}`;
  await stage.dhlKnows(carrierNumber, answerOf(carrierNumber, statusOf(statusCode, fields)));
  return stage.addParcel({ carrierNumber });
}
const packageOf = async ({ number }: { number: string }) => (await stage.order(number)).packages[0];
const NOT_DELIVERED =
  'update public.order_lazada set update_not_delivered = 1, not_delivered_at = now() where order_id = $1';
const waiting = { tries: 0, blocked: false };

describe('DHL says', () => {
  test('delivered: it is said with DHL’s own time, handed on, and DHL is asked no more', async () => {
    const parcel = await parcelOf('delivered', { description: 'Signed for by: DEMO PERSON' });
    stage.limiter.calm();
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: new Date(AT), deliveredSentAt: null });
    expect([await stage.row(parcel), stage.woken]).toEqual([undefined, expect.arrayContaining(['sync-status'])]);
    const [said] = await stage.events(parcel, 'flag_set');
    expect(said).toMatchObject({ status: 'delivered', carrier: 'dhl', code: 'delivered', service: 'parcel-de' });
    expect(JSON.stringify(said)).not.toMatch(/demo person/i);
    expect([await stage.poll(parcel), await stage.calls()]).toEqual([SUPERSEDED, 1]);
    // In its turn, which all processes share.
    expect(stage.limiter.journal).toEqual(['slot', 'told ok']);
  });

  test('that it goes back: not delivered, which waits for a person', async () => {
    const parcel = await parcelOf('failure', { description: 'Returned to sender' });
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await packageOf(parcel)).toMatchObject({ notDeliveredAt: new Date(AT), deliveredAt: null });
    const { summary, notDelivered } = await stage.order(parcel.number);
    expect([summary.holdReason, notDelivered.reason]).toEqual(['awaiting_release', 'DHL: it goes back to its sender']);
    expect(await stage.poll(parcel)).toEqual(SUPERSEDED);
  });

  test('a failure alone: noted once, however often it says so, and nothing is set', async () => {
    const parcel = await parcelOf('failure');
    for (let look = 0; look < 3; look++) {
      expect(await stage.poll(parcel)).toEqual(DONE);
      await stage.timePasses(parcel.number);
    }
    expect(await stage.events(parcel, 'noted')).toMatchObject([
      { carrier: 'dhl', code: 'failure', at: new Date(AT).toISOString() },
    ]);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: null, notDeliveredAt: null });
  });

  test.each([
    { says: 'on its way', code: 'transit', words: 'DHL: it says transit' },
    { says: 'announced', code: 'pre-transit', words: 'DHL: it says announced' },
    { says: 'unknown', code: 'unknown', words: 'DHL: it says unknown' },
  ])('$says: nothing changes, and the next look comes by the ladder', async ({ code, words }) => {
    const parcel = await parcelOf(code);
    expect(await stage.poll(parcel)).toEqual(DONE);
    const row = await stage.row(parcel);
    expect(row).toMatchObject({ ...waiting, errorCode: null, error: words });
    expect(row?.dueAt).toEqual(new Date(Number(row?.since) + RUNG));
    expect(await stage.explain(parcel)).toContain(`carrier: carrier_poll of package`);
    expect([await stage.poll(parcel), await stage.calls()]).toEqual([SUPERSEDED, 1]);
    await stage.sql(
      "update public.order_lazada_step set due_at = now(), since = now() - interval '9 days' where ref = $1",
      [parcel.packageId],
    );
    await stage.poll(parcel);
    const later = await stage.row(parcel);
    expect(later?.dueAt).toEqual(new Date(Number(later?.since) + 10 * DAY));
  });

  test('that it does not know it: no error and no try, asked again', async () => {
    const parcel = await stage.addParcel();
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await stage.row(parcel)).toMatchObject({
      ...waiting,
      errorCode: null,
      error: expect.stringMatching(/not know/),
    });
    expect((await stage.order(parcel.number)).summary.lastErrorCode).toBeNull();
  });

  test.each([
    { says: 'no shipments', shipments: [] },
    {
      says: 'another’s shipments',
      shipments: [
        { id: 'X1', status: statusOf('delivered') },
        { id: 'X2', status: statusOf('failure') },
      ],
    },
  ])('$says: survived, and nothing is set', async ({ shipments }) => {
    const parcel = await stage.addParcel({ carrierNumber: `D-${shipments.length}` });
    await stage.dhlKnows(`D-${shipments.length}`, { answer: { shipments } });
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: null, notDeliveredAt: null });
    expect(await stage.events(parcel, 'noted')).toEqual([]);
  });

  test('several shipments of the number that move: nobody guesses, and a person is told once', async () => {
    const shipments = ['express', 'parcel-de'].map((service) => ({
      id: 'D-two',
      service,
      status: statusOf('delivered'),
    }));
    await stage.dhlKnows('D-two', { answer: { shipments } });
    const parcel = await stage.addParcel({ carrierNumber: 'D-two' });
    await stage.poll(parcel);
    await stage.timePasses(parcel.number);
    await stage.poll(parcel);
    expect(await stage.events(parcel, 'noted')).toMatchObject([{ detail: expect.stringMatching(/2 shipments/) }]);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: null });
  });
});

describe('a person’s word', () => {
  test('wins: what was said of the order while DHL was asked is left as it is', async () => {
    const parcel = await stage.addParcel();
    const meanwhile: Carrier = {
      ...{ name: 'dhl', title: 'DHL', close: () => undefined },
      async track(number) {
        await stage.sql(NOT_DELIVERED, [parcel.orderId]);
        const status = { code: 'delivered', time: AT, country: null, goesBack: false } as const;
        return [{ number, service: null, destination: null, goesBack: false, status, events: [] }];
      },
    };
    expect(await stage.poll(parcel, stage.process({ carriers: [meanwhile] }))).toEqual(DONE);
    const { packages, notDelivered, delivered } = await stage.order(parcel.number);
    expect([packages[0]?.deliveredAt, delivered.flag, notDelivered.flag]).toEqual([null, false, true]);
    expect(await stage.poll(parcel)).toEqual(SUPERSEDED);
  });

  test('takes DHL’s back for good: the same is not set again, another is', async () => {
    const parcel = await parcelOf('delivered');
    await stage.poll(parcel);
    expect(await stage.db.updates.take(parcel.orderId, { status: 'withdraw' })).toMatchObject({ is: 'taken' });
    for (let look = 0; look < 2; look++) {
      expect(await stage.poll(parcel)).toEqual(DONE);
      expect(await stage.explain(parcel)).toMatch(/somebody took it back; asked again/);
      await stage.timePasses(parcel.number);
    }
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: null });
    const { carrierTrackingNumber: number = '' } = (await packageOf(parcel)) ?? {};
    const later = statusOf('delivered', { timestamp: '2026-03-15T07:00:00Z' });
    await stage.dhlKnows(number ?? '', answerOf(number ?? '', later));
    await stage.poll(parcel);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: new Date('2026-03-15T07:00:00Z') });
  });
});

describe('where DHL cannot be asked', () => {
  const untilMidnight = (row: { dueAt: Date | null } | undefined) => Number(row?.dueAt) % DAY;

  test('a spent budget: it waits until 00:00 GMT, spread over an hour, without a try, and says so', async () => {
    const parcels = [await parcelOf('transit'), await parcelOf('transit')] as const;
    const late = stage.process({ perDay: 1, random: () => 0.5 });
    for (const parcel of parcels) expect(await stage.poll(parcel, late)).toEqual(DONE);
    const row = await stage.row(parcels[1]);
    expect(row).toMatchObject({ ...waiting, errorCode: 'carrier_budget' });
    expect(Math.abs(untilMidnight(row) - 30 * 60_000)).toBeLessThan(60_000);
    expect(await stage.explain(parcels[1])).toMatch(/budget of 1 calls a day is spent/);
    expect(await stage.calls()).toBe(1);
    // The day turns.
    await stage.sql('update public.lazada_carrier_day set day = day - 1');
    await stage.allPass();
    expect([await stage.poll(parcels[1], late), await stage.calls()]).toEqual([DONE, 2]);
    expect(await stage.row(parcels[1])).toMatchObject({ errorCode: null, error: 'DHL: it says transit' });
  });

  test('two processes together ask no more often than the budget has it', async () => {
    const parcels = await Promise.all(Array.from({ length: 8 }, () => parcelOf('transit')));
    const processes = [stage.process({ perDay: 5 }), stage.process({ perDay: 5, db: stage.anotherDb() })];
    await Promise.all(parcels.map((parcel, index) => stage.poll(parcel, processes[index % 2])));
    expect(await stage.calls()).toBe(5);
    const rows = await Promise.all(parcels.map((parcel) => stage.row(parcel)));
    expect(rows.filter((row) => row?.errorCode === 'carrier_budget')).toHaveLength(3);
    expect(rows.map((row) => row?.tries)).toEqual(parcels.map(() => 0));
  });

  test('429: nobody asks it until 00:00 GMT, no process, and it costs no try', async () => {
    const [first, second] = [await parcelOf('transit'), await parcelOf('transit')];
    await stage.dhlRules({ perDay: 0 });
    expect(await stage.poll(first)).toEqual(DONE);
    await stage.dhlRules({ perDay: 1_000 });
    expect(await stage.poll(second, stage.process({ db: stage.anotherDb() }))).toEqual(DONE);
    for (const parcel of [first, second]) {
      const row = await stage.row(parcel);
      expect(row).toMatchObject({ ...waiting, errorCode: 'carrier_quota' });
      expect(untilMidnight(row)).toBeLessThan(60_000);
      expect(await stage.explain(parcel)).toMatch(/asked too often, nobody asks it before/);
    }
    expect([await stage.calls(), await stage.db.carriers.left('dhl', 250)]).toEqual([1, 0]);
  });

  test('429 with a time of its own: until then, an hour at most', async () => {
    const [soon, far] = [await parcelOf('transit'), await parcelOf('transit')];
    await stage.dhlRules({ perDay: 0, retryAfter: '7' });
    await stage.poll(soon);
    const waits = async (parcel: typeof soon) =>
      Number((await stage.row(parcel))?.dueAt) - Number((await stage.row(parcel))?.since);
    expect(Math.abs((await waits(soon)) - 7_000)).toBeLessThan(2_000);
    await stage.sql('update public.lazada_carrier set stopped_until = now()');
    await stage.dhlRules({ retryAfter: '999999' });
    await stage.poll(far);
    expect(Math.abs((await waits(far)) - 3_600_000)).toBeLessThan(2_000);
  });

  test('a refused key: an hour for everybody, no account is parked, and a start with a key ends it', async () => {
    const parcel = await parcelOf('delivered');
    await stage.dhlRules({ key: 'another' });
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await stage.row(parcel)).toMatchObject({ ...waiting, errorCode: 'carrier_key' });
    expect((await stage.order(parcel.number)).account.status).toBe('active');
    expect(await stage.explain(parcel)).toMatch(/refuses our key/);
    await stage.dhlRules({ key: 'simulated' });
    await stage.db.carriers.ask('dhl');
    await stage.timePasses(parcel.number);
    await stage.poll(parcel);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: new Date(AT) });
  });

  test.each([
    { says: 'an answer of 503', fault: { status: 503 }, code: 'http_503' },
    { says: 'an answer that breaks off', fault: { drop: 'half' }, code: 'reset' },
    { says: 'a page in place of an answer', fault: { body: '<html>maintenance</html>' }, code: 'unreadable' },
  ])('transient: $says costs a try, and the next one goes through', async ({ fault, code }) => {
    const parcel = await parcelOf('delivered');
    await stage.lazada.post('/faults', { api: 'dhl', times: 1, ...fault });
    expect(await stage.poll(parcel)).toMatchObject({ outcome: 'retried', code });
    expect(await stage.row(parcel)).toMatchObject({ tries: 1, blocked: false, errorCode: code });
    await stage.timePasses(parcel.number);
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: new Date(AT) });
  });

  test('rejected: a number that DHL will never take is blocked, with the reason', async () => {
    const parcel = await parcelOf('transit');
    await stage.lazada.post('/faults', { api: 'dhl', times: 1, status: 400, body: { title: 'Bad Request' } });
    expect(await stage.poll(parcel)).toMatchObject({
      ...{ outcome: 'failed', code: 'http_400' },
      reason: expect.stringContaining(`demo-sg/${parcel.number}: DHL about `),
    });
    expect(await stage.row(parcel)).toMatchObject({ blocked: true, errorCode: 'http_400' });
    expect(await stage.poll(parcel)).toEqual(SUPERSEDED);
    expect(await stage.process()(parcel.packageId, { force: true })).toEqual(DONE);
  });

  test('no turn comes soon: it waits for one in its row, and the budget is not touched', async () => {
    const parcel = await parcelOf('transit');
    stage.limiter.refuse = new Failure('rate-limited', 'no slot comes soon', { code: 'no_slot', waitMs: 9_000 });
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await stage.row(parcel)).toMatchObject({ ...waiting, errorCode: 'no_slot' });
    expect(await stage.sql('select from public.lazada_carrier_day')).toEqual([]);
  });

  test('this process has no key for its carrier, which another one asks: it waits', async () => {
    await stage.db.carriers.ask('elsewhere');
    const parcel = await stage.addParcel({ carrier: 'elsewhere' });
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await stage.row(parcel)).toMatchObject({ ...waiting, errorCode: 'carrier_no_key' });
  });
});

describe('a job', () => {
  test('of a carrier that nobody asks any more is superseded, and asks nobody', async () => {
    const parcel = await parcelOf('delivered');
    await stage.sql("update public.lazada_carrier set asked_until = now() where carrier = 'dhl'");
    expect([await stage.poll(parcel), await stage.calls()]).toEqual([SUPERSEDED, 0]);
    await stage.db.carriers.ask('dhl');
    expect(await stage.poll(parcel)).toEqual(DONE);
  });

  test('of a parcel that is gone is superseded', async () => {
    const parcel = await parcelOf('delivered');
    await stage.sql('delete from public.orders where id = $1', [parcel.orderId]);
    expect(await stage.poll(parcel)).toEqual(SUPERSEDED);
  });

  test('run twice at once says it once', async () => {
    const parcel = await parcelOf('delivered');
    await Promise.all([stage.poll(parcel), stage.poll(parcel, stage.process({ db: stage.anotherDb() }))]);
    expect(await stage.events(parcel, 'flag_set')).toHaveLength(1);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: new Date(AT) });
  });

  test('whose worker is stopped in the middle leaves the parcel as it was, for the next', async () => {
    const parcel = await parcelOf('delivered');
    await stage.lazada.post('/faults', { api: 'dhl', delayMs: 60_000, times: 1 });
    const closing = new AbortController();
    const polled = stage
      .process()(parcel.packageId, { signal: closing.signal })
      .catch((error: unknown) => error);
    await until(async () => (await stage.calls()) > 0, { what: 'DHL is asked', withinMs: 20_000 });
    closing.abort();
    expect(await polled).toMatchObject({ name: 'AbortError' });
    expect(await stage.row(parcel)).toBeUndefined();
    expect(await stage.poll(parcel)).toEqual(DONE);
    expect(await packageOf(parcel)).toMatchObject({ deliveredAt: new Date(AT) });
  });
});

describe('a carrier that exists in these tests alone', () => {
  const shipment = (number: string): CarrierShipment => {
    const status = { code: 'delivered', time: '2026-03-14 10:00', country: 'SG', goesBack: false } as const;
    return { number, service: null, destination: null, goesBack: false, status, events: [] };
  };
  const pigeon: Carrier = {
    name: 'pigeon',
    title: 'Pigeon Post',
    track: async (number) => [shipment(number)],
    close: () => undefined,
  };

  test('is asked by naming it where carriers are listed, and nowhere else', async () => {
    await stage.db.carriers.ask('pigeon');
    const [theirs, dhls] = [await stage.addParcel({ carrier: 'Pigeon' }), await parcelOf('transit')];
    const theirProcess = stage.process({ carriers: [pigeon], perDay: 1 });
    expect(await stage.poll(theirs, theirProcess)).toEqual(DONE);
    expect(await packageOf(theirs)).toMatchObject({ deliveredAt: new Date('2026-03-14T02:00:00Z') });
    expect(await stage.events(theirs, 'flag_set')).toMatchObject([{ carrier: 'pigeon', code: 'delivered' }]);
    expect(await stage.db.carriers.left('pigeon', 1)).toBe(0);
    expect(await stage.poll(dhls)).toEqual(DONE);
  });
});

test('its job is of one parcel alone', async () => {
  const [one, other] = [await parcelOf('transit'), await parcelOf('transit')];
  await stage.sql('update public.order_lazada_package set order_id = $1, package_id = $3 where id = $2', [
    one.orderId,
    other.packageId,
    'FP-other',
  ]);
  await stage.poll({ ...other, number: one.number });
  expect([await stage.row(one), await stage.row({ ...other, number: one.number })]).toMatchObject([
    undefined,
    { error: 'DHL: it says transit' },
  ]);
});

test('two packages of one order under one number: each gets its end, and neither is asked any more', async () => {
  const [one, other] = [await parcelOf('delivered'), await parcelOf('transit')];
  await stage.sql(
    `update public.order_lazada_package p
        set order_id = $1, package_id = 'FP-other',
            carrier_tracking_number = (select carrier_tracking_number from public.order_lazada_package where id = $3)
      where id = $2`,
    [one.orderId, other.packageId, one.packageId],
  );
  const second = { ...other, number: one.number, orderId: one.orderId };
  for (const parcel of [one, second, one, second]) await stage.poll(parcel);
  const { packages } = await stage.order(one.number);
  expect(packages.map(({ deliveredAt }) => deliveredAt)).toEqual([new Date(AT), new Date(AT)]);
  expect([await stage.row(one), await stage.row(second), await stage.calls()]).toEqual([undefined, undefined, 2]);
});
