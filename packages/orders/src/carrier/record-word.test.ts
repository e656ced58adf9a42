import { describe, expect, test } from '@jest/globals';
import { after, anAttempt, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import { DAY, HOUR } from '../model/schedules.ts';
import { commit } from '../plan/commit.ts';
import { explain } from '../plan/explain.ts';
import { recordCarrierWord, wordId } from './record-word.ts';
import type { CarrierSays } from './what-it-says.ts';

const NOW = after(DAY);
const AT = after(20 * HOUR);
const DHL = { name: 'dhl', title: 'DHL' };
const RUNG = 2.4 * HOUR;

const parcel = aPackage({
  ...{ state: 'shipped', shippedAt: T0, shippedSentAt: T0, confirmedAt: T0 },
  ...{ carrier: 'dhl', carrierTrackingNumber: '00340' },
});
const withDhl = (fields: Partial<Order> = {}) => anOrder({ carriersAsked: ['dhl'], packages: [parcel], ...fields });
const polled = (fields = {}) => aRow({ step: 'carrier_poll', ref: '11', ...fields });

const facts = { at: AT, service: 'parcel-de' };
const DELIVERED: CarrierSays = { ...facts, is: 'ended', end: 'delivered', code: 'delivered', at: AT };
const BACK: CarrierSays = { ...facts, is: 'ended', end: 'not_delivered', code: 'failure', at: AT };
const FAILED: CarrierSays = { ...facts, is: 'told', code: 'failure', detail: 'it could not deliver' };
const TRANSIT: CarrierSays = { is: 'nothing', detail: 'it says transit' };

const record = (order: Order, says: CarrierSays, isKnown = false) =>
  recordCarrierWord(order, '11', { carrier: DHL, number: '00340', says, isKnown }, NOW);
/** The row that says when it is asked again. */
const rowOf = (order: Order | undefined) => order?.steps.find(({ step }) => step === 'carrier_poll');

describe('what a carrier said', () => {
  test('delivered is said of the parcel, with the carrier’s time, and the carrier is asked no more', () => {
    const change = record(withDhl({ steps: [polled()] }), DELIVERED);
    expect(change?.order.packages).toMatchObject([{ deliveredAt: AT, deliveredSentAt: null, state: 'shipped' }]);
    expect(change?.events).toEqual([
      {
        kind: 'flag_set',
        packageId: 'FP1',
        data: {
          ...{ status: 'delivered', at: AT, requestId: 'dhl 00340 11 delivered 2026-03-03T00:00:00.000Z' },
          ...{ carrier: 'dhl', code: 'delivered', service: 'parcel-de' },
        },
      },
    ]);
    const committed = commit(withDhl(), change, { now: NOW, leaseMs: 0 });
    expect(committed.plan.owed[0]).toMatchObject({ step: 'delivered', ref: '11', occurredAt: AT });
    expect(rowOf(committed.order)).toBeUndefined();
  });

  test('not delivered is said with its reason, and waits for a person', () => {
    const change = record(withDhl(), BACK);
    expect(change?.order.packages).toMatchObject([{ notDeliveredAt: AT }]);
    expect(change?.order.notDelivered).toMatchObject({ flag: false, reason: 'DHL: it goes back to its sender' });
    const { plan } = commit(withDhl(), change, { now: NOW, leaseMs: 0 });
    expect(plan.held).toMatchObject([{ reason: 'awaiting_release' }]);
  });

  test.each([
    ['on its way', TRANSIT, 'DHL: it says transit', []],
    [
      'a failure',
      FAILED,
      'DHL: it could not deliver',
      [
        {
          kind: 'noted',
          packageId: 'FP1',
          data: {
            ...{ carrier: 'dhl', code: 'failure', at: AT, service: 'parcel-de', detail: 'it could not deliver' },
            requestId: 'dhl 00340 11 failure 2026-03-03T00:00:00.000Z',
          },
        },
      ],
    ],
  ] as const)('%s sets nothing, and the next look comes by the ladder', (_says, said, error, events) => {
    const change = record(withDhl(), said);
    expect(change?.order.packages).toEqual([parcel]);
    expect(rowOf(change?.order)).toEqual(polled({ since: NOW, dueAt: after(RUNG, NOW), error }));
    expect(change?.events).toEqual(events);
  });

  test('a failure that was told is not told again', () => {
    expect(record(withDhl(), FAILED, true)?.events).toEqual([]);
  });

  test('an end that was heard before sets nothing again: somebody took it back', () => {
    const change = record(withDhl(), DELIVERED, true);
    expect([change?.order.packages, change?.events]).toEqual([[parcel], []]);
    expect(rowOf(change?.order)).toMatchObject({
      dueAt: after(RUNG, NOW),
      error: expect.stringMatching(/took it back/),
    });
  });

  test('what the rule of the doors refuses is noted, once', () => {
    const attempts = [anAttempt({ status: 'not_delivered', outcome: 'unknown' })];
    const change = record(withDhl({ attempts }), DELIVERED);
    expect(change?.order.packages).toEqual([parcel]);
    expect(change?.events).toMatchObject([
      { kind: 'noted', data: { code: 'delivered', refused: expect.stringMatching(/on its way to Lazada/) } },
    ]);
    expect(record(withDhl({ attempts }), DELIVERED, true)?.events).toEqual([]);
  });

  test.each<{ says: string; order: Partial<Order> }>([
    {
      says: 'said the other end of the order',
      order: { notDelivered: { flag: true, at: T0, sentAt: null, reason: null, releasedAt: null } },
    },
    { says: 'said the same of the order', order: { delivered: { flag: true, at: T0, sentAt: null } } },
    { says: 'said the other end of the parcel', order: { packages: [{ ...parcel, notDeliveredAt: T0 }] } },
    { says: 'ended it at Lazada', order: { packages: [{ ...parcel, state: 'delivered' }] } },
    { says: 'cancelled it', order: { packages: [{ ...parcel, state: 'cancelled' }] } },
    { says: 'took the carrier’s number away', order: { packages: [{ ...parcel, carrierTrackingNumber: null }] } },
    { says: 'gave it another number', order: { packages: [{ ...parcel, carrierTrackingNumber: '00341' }] } },
    { says: 'deleted the parcel', order: { packages: [] } },
  ])('changes nothing once somebody $says', ({ order }) => {
    for (const said of [DELIVERED, BACK, FAILED, TRANSIT]) expect(record(withDhl(order), said)).toBeNull();
  });
});

describe('the ladder', () => {
  test.each([
    ['ten times a day', 0, RUNG],
    ['for a week', 6.9 * DAY, 7 * DAY],
    ['then daily', 7 * DAY, 8 * DAY],
    ['without an end', 400.5 * DAY, 401 * DAY],
  ])('%s', (_says, elapsed, next) => {
    const since = after(-elapsed, NOW);
    const row = rowOf(record(withDhl({ steps: [polled({ since })] }), TRANSIT)?.order);
    expect(row?.dueAt).toEqual(after(next, since));
  });

  test('goes on where it was after a failure on the way, which is over', () => {
    const since = after(-3 * DAY, NOW);
    const failed = polled({ since, tries: 3, errorCode: 'http_503', error: 'DHL: 503' });
    expect(rowOf(record(withDhl({ steps: [failed] }), TRANSIT)?.order)).toMatchObject({
      ...{ since, tries: 0, errorCode: null, error: 'DHL: it says transit' },
    });
  });
});

test('an answer is known again by carrier, number, parcel, what it says and when', () => {
  const idOf = (says: CarrierSays, { carrier = DHL, parcel = '11' } = {}) =>
    wordId(parcel, { carrier, number: '00340', says });
  const ids = [DELIVERED, BACK, FAILED, { ...DELIVERED, at: T0 }, { ...FAILED, at: null }].map((says) => idOf(says));
  const others = [idOf(DELIVERED, { carrier: { name: 'pigeon', title: 'Pigeon' } }), idOf(DELIVERED, { parcel: '12' })];
  expect(new Set([...ids, ...others]).size).toBe(7);
  expect(idOf(TRANSIT)).toBeNull();
});

test('explain tells what the carrier said last, and when it is asked again', () => {
  const read = { items: [], itemsReadAt: NOW };
  const told = explain(record(withDhl(read), TRANSIT)?.order ?? anOrder(), NOW);
  expect(told).toContainEqual({
    check: 'carrier',
    ok: true,
    detail: `carrier_poll of package FP1: DHL: it says transit; asked again at ${after(RUNG, NOW).toISOString()}`,
  });
  expect(told.find(({ check }) => check === 'instruction')?.detail).toMatch(/until somebody says how package FP1/);
});
