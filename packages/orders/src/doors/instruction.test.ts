import { describe, expect, test } from '@jest/globals';
import { after, anAttempt, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import { applyPatch, decideOnOrder, decideUpdate } from './instruction.ts';
import type { NarrowUpdate, OrderUpdate } from './update.ts';

const NOW = after(60 * 60_000);
const AT = after(30 * 60_000);
const OTHER = after(20 * 60_000);
const SENT = after(40 * 60_000);

const one = aPackage();
const two = aPackage({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' });
const gone = aPackage({ id: '13', packageId: 'FP3', trackingNumber: 'TN3', state: 'cancelled' });
const delivered = aPackage({ state: 'delivered', deliveredAt: AT, deliveredSentAt: SENT });
const shownDelivered = aPackage({ state: 'delivered' });
const shipped = aPackage({ state: 'shipped', shippedAt: OTHER, shippedSentAt: OTHER });

const NOTHING = { flag: false, at: null, sentAt: null };
const SAID = { flag: true, at: AT, sentAt: null };
const NOT_SAID = { ...NOTHING, reason: null, releasedAt: null };

/** The order afterwards, as far as the test names it. */
function taken(before: Partial<Order>, update: NarrowUpdate): Order {
  const order = anOrder(before);
  const decision = decideUpdate(order, update, NOW);
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.reason}`);
  return applyPatch(order, decision.patch).order;
}
function events(before: Partial<Order>, update: NarrowUpdate) {
  const decision = decideUpdate(anOrder(before), update, NOW);
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.reason}`);
  return decision.patch.events;
}
function refusal(before: Partial<Order>, update: NarrowUpdate) {
  const decision = decideUpdate(anOrder(before), update, NOW);
  if (decision.ok) throw new Error('it was taken');
  return decision.refusal;
}

type Taken = { says: string; before?: Partial<Order>; update: NarrowUpdate; after: object };

describe('an update is taken', () => {
  test.each<Taken>([
    {
      says: 'ready to ship sets both of the host’s columns',
      update: { status: 'ready_to_ship' },
      after: { updateShipping: true, toolStatus: 'ready_for_delivery' },
    },
    { says: 'shipped tells a time', update: { status: 'shipped', occurredAt: AT }, after: { shippedAt: AT } },
    {
      says: 'shipped of one package tells that package’s',
      before: { packages: [one, two] },
      update: { status: 'shipped', occurredAt: AT, packageId: 'FP2' },
      after: { shippedAt: null, packages: [{ shippedAt: null }, { shippedAt: AT }] },
    },
    {
      says: 'delivered sets the flag and its time',
      before: { packages: [one] },
      update: { status: 'delivered', occurredAt: AT },
      after: { delivered: SAID },
    },
    { says: 'a missing time is now', update: { status: 'delivered' }, after: { delivered: { flag: true, at: NOW } } },
    {
      says: 'a carrier’s number is kept as the carrier is asked for it',
      before: { packages: [one] },
      update: { carrier: ' DHL', carrierTrackingNumber: 'JJD 0003 9000' },
      after: { packages: [{ carrier: 'dhl', carrierTrackingNumber: 'JJD00039000' }] },
    },
    {
      says: 'one that is too early is taken and held, as from the host',
      update: { status: 'delivered', occurredAt: AT },
      after: { delivered: SAID },
    },
    {
      says: 'a time in the future is taken and held',
      update: { status: 'delivered', occurredAt: after(60_000, NOW) },
      after: { delivered: { at: after(60_000, NOW) } },
    },
    {
      says: 'a time that has not been sent is corrected',
      before: { packages: [one], delivered: { ...SAID, at: OTHER } },
      update: { status: 'delivered', occurredAt: AT },
      after: { delivered: SAID },
    },
    {
      says: 'both ends of which nothing was sent are taken and held as a conflict',
      before: { packages: [one], delivered: SAID },
      update: { status: 'not_delivered', occurredAt: AT },
      after: { delivered: SAID, notDelivered: { flag: true, at: AT } },
    },
    {
      says: 'not delivered keeps its reason',
      before: { packages: [one] },
      update: { status: 'not_delivered', occurredAt: AT, reason: 'nobody at home' },
      after: { notDelivered: { flag: true, at: AT, reason: 'nobody at home' } },
    },
    {
      says: 'not delivered said anew has to be released again',
      before: { packages: [one], notDelivered: { ...NOT_SAID, flag: true, at: OTHER, releasedAt: OTHER } },
      update: { status: 'not_delivered', occurredAt: AT },
      after: { notDelivered: { at: AT, releasedAt: null } },
    },
    {
      says: 'the same again keeps its release',
      before: { packages: [one], notDelivered: { ...NOT_SAID, flag: true, at: AT, releasedAt: OTHER } },
      update: { status: 'not_delivered', occurredAt: AT },
      after: { notDelivered: { at: AT, releasedAt: OTHER } },
    },
    {
      says: 'delivered of one package is that package’s own',
      before: { packages: [one, two] },
      update: { status: 'delivered', occurredAt: AT, trackingNumber: 'TN2' },
      after: { delivered: NOTHING, packages: [{ deliveredAt: null }, { deliveredAt: AT }] },
    },
    {
      says: 'the order’s goes on for packages that have not ended',
      before: { packages: [delivered, two] },
      update: { status: 'delivered', occurredAt: AT },
      after: { delivered: SAID },
    },
    {
      says: 'what Lazada has accepted with that time is so already',
      before: { packages: [delivered] },
      update: { status: 'delivered', occurredAt: AT },
      after: { delivered: NOTHING, packages: [{ deliveredAt: AT }] },
    },
    {
      says: 'what Lazada has accepted is so already where no time is told',
      before: { packages: [delivered] },
      update: { status: 'delivered' },
      after: { delivered: NOTHING },
    },
    {
      says: 'what Lazada shows, posted by hand, is so already',
      before: { packages: [shownDelivered] },
      update: { status: 'delivered', occurredAt: OTHER },
      after: { delivered: NOTHING, packages: [{ deliveredAt: null }] },
    },
    {
      says: 'what is on its way with that time is so already',
      before: { packages: [one], attempts: [anAttempt({ occurredAt: AT })], delivered: SAID },
      update: { status: 'delivered', occurredAt: AT },
      after: { delivered: SAID },
    },
    {
      says: 'a carrier’s number goes to the one package',
      before: { packages: [one, gone] },
      update: { carrier: 'dhl', carrierTrackingNumber: 'D1' },
      after: { carrierTrackingNumber: null, packages: [{ carrier: 'dhl', carrierTrackingNumber: 'D1' }, {}] },
    },
    {
      says: 'a carrier’s number waits with the order for its package',
      update: { carrier: 'dhl', carrierTrackingNumber: 'D1' },
      after: { carrier: 'dhl', carrierTrackingNumber: 'D1' },
    },
    {
      says: 'a status and a carrier’s number come together',
      before: { packages: [one, two] },
      update: { status: 'shipped', occurredAt: AT, packageId: 'FP2', carrier: 'dhl', carrierTrackingNumber: 'D1' },
      after: { packages: [{ carrier: null }, { shippedAt: AT, carrier: 'dhl', carrierTrackingNumber: 'D1' }] },
    },
  ])('$says', ({ before = {}, update, after: expected }) => {
    expect(taken(before, update)).toMatchObject(expected);
  });
});

describe('withdraw takes back', () => {
  test.each<{ says: string; before: Partial<Order>; update?: NarrowUpdate; after: object; told: unknown[] }>([
    {
      says: 'the order’s instruction with its time',
      before: { packages: [one], delivered: SAID },
      after: { delivered: NOTHING },
      told: [{ taken: ['delivered'] }],
    },
    {
      says: 'both sides of a conflict, and the release',
      before: { delivered: SAID, notDelivered: { ...SAID, reason: 'nobody at home', releasedAt: OTHER } },
      after: { delivered: NOTHING, notDelivered: NOT_SAID },
      told: [{ taken: ['delivered', 'not_delivered'] }],
    },
    {
      says: 'ready to ship',
      before: { updateShipping: true, toolStatus: 'ready_for_delivery' },
      after: { updateShipping: false },
      told: [{ taken: ['ready_to_ship'] }],
    },
    {
      says: 'the time of shipped, while nothing was shipped',
      before: { packages: [one], shippedAt: AT },
      after: { shippedAt: null },
      told: [{ taken: ['shipped'] }],
    },
    {
      says: 'what stands for packages that appear later',
      before: { packages: [delivered], delivered: { flag: false, at: AT, sentAt: SENT } },
      after: { delivered: NOTHING, packages: [{ deliveredAt: AT, deliveredSentAt: SENT }] },
      told: [{ taken: ['delivered'] }],
    },
    {
      says: 'the packages’ own, of all of them',
      before: { packages: [aPackage({ deliveredAt: AT }), { ...two, notDeliveredAt: AT }] },
      after: { packages: [{ deliveredAt: null }, { notDeliveredAt: null }] },
      told: [{ taken: ['delivered'] }, { taken: ['not_delivered'] }],
    },
    {
      says: 'one package’s own alone',
      before: { packages: [aPackage({ deliveredAt: AT }), { ...two, deliveredAt: AT }], delivered: SAID },
      update: { status: 'withdraw', packageId: 'FP2' },
      after: { delivered: SAID, packages: [{ deliveredAt: AT }, { deliveredAt: null }] },
      told: [{ taken: ['delivered'] }],
    },
  ])('$says', ({ before, update = { status: 'withdraw' }, after: expected, told }) => {
    expect(taken(before, update)).toMatchObject(expected);
    expect(events(before, update)).toMatchObject(told.map((data) => ({ kind: 'withdrawn', data })));
  });
});

describe('an update is refused', () => {
  type Row = { says: string; before?: Partial<Order>; update: NarrowUpdate; refused: object };
  test.each<Row>([
    {
      says: 'that says nothing',
      update: {},
      refused: { kind: 'invalid', field: 'status', value: null },
    },
    {
      says: 'whose time is none',
      update: { status: 'delivered', occurredAt: new Date(Number.NaN) },
      refused: { kind: 'invalid', field: 'occurredAt', value: 'an unknown time' },
    },
    {
      says: 'that names a package of another order',
      before: { packages: [one, gone] },
      update: { status: 'delivered', packageId: 'FP9' },
      refused: {
        ...{ kind: 'invalid', field: 'packageId', value: 'FP9' },
        reason: 'the order has no such package; there is FP1 (TN1)',
      },
    },
    {
      says: 'that names a package before there is one',
      update: { status: 'delivered', packageId: 'FP9' },
      refused: {
        reason: 'the order has no such package; there is none yet: leave it out to speak of the whole order',
      },
    },
    {
      says: 'that names a number of no package',
      before: { packages: [one] },
      update: { status: 'delivered', trackingNumber: 'TN9' },
      refused: { kind: 'invalid', field: 'trackingNumber', value: 'TN9' },
    },
    {
      says: 'that names two packages',
      before: { packages: [one, two] },
      update: { status: 'delivered', packageId: 'FP1', trackingNumber: 'TN2' },
      refused: { kind: 'invalid', field: 'trackingNumber', reason: expect.stringContaining('FP2') },
    },
    {
      says: 'that names a cancelled package',
      before: { packages: [one, gone] },
      update: { status: 'delivered', trackingNumber: 'TN3' },
      refused: { kind: 'invalid', field: 'trackingNumber', reason: expect.stringContaining('FP3 is cancelled') },
    },
    {
      says: 'that sets one package ready to ship',
      before: { packages: [one] },
      update: { status: 'ready_to_ship', packageId: 'FP1' },
      refused: { kind: 'invalid', field: 'packageId', reason: expect.stringContaining('whole order') },
    },
    {
      says: 'of a time that no calendar of ours has',
      update: { status: 'delivered', occurredAt: new Date('+010000-01-01T11:59:59Z') },
      refused: { kind: 'invalid', field: 'occurredAt' },
    },
    {
      says: 'to withdraw that tells a number as well',
      before: { packages: [one], delivered: SAID },
      update: { status: 'withdraw', carrier: 'dhl', carrierTrackingNumber: 'D1' },
      refused: { kind: 'invalid', field: 'carrier', reason: expect.stringContaining('withdraw has none') },
    },
    {
      says: 'whose number of DHL’s has lost its zeros',
      before: { packages: [one] },
      update: { carrier: 'DHL', carrierTrackingNumber: '340434292135100186' },
      refused: { kind: 'invalid', field: 'carrierTrackingNumber', reason: expect.stringContaining('00 before it') },
    },
    {
      says: 'whose number is nothing but spaces',
      before: { packages: [one] },
      update: { carrier: 'dhl', carrierTrackingNumber: '  ' },
      refused: { kind: 'invalid', field: 'carrierTrackingNumber' },
    },
    {
      says: 'whose carrier has no number',
      update: { status: 'shipped', carrier: 'dhl' },
      refused: { kind: 'invalid', field: 'carrierTrackingNumber', value: null },
    },
    {
      says: 'whose carrier’s number may be any package’s',
      before: { packages: [one, two] },
      update: { carrier: 'dhl', carrierTrackingNumber: 'D1' },
      refused: { kind: 'invalid', field: 'packageId', reason: expect.stringContaining('FP1 (TN1), FP2 (TN2)') },
    },
    {
      says: 'of the other end than Lazada has accepted',
      before: { packages: [delivered] },
      update: { status: 'not_delivered', occurredAt: AT },
      refused: {
        ...{ kind: 'contradicts', field: 'status', value: 'not_delivered' },
        sent: [{ packageId: 'FP1', status: 'delivered', sentAt: SENT }],
      },
    },
    {
      says: 'of the other end than Lazada shows',
      before: { packages: [shownDelivered] },
      update: { status: 'not_delivered', packageId: 'FP1' },
      refused: { kind: 'contradicts', sent: [] },
    },
    {
      says: 'of the whole order where one package has ended the other way',
      before: { packages: [delivered, two] },
      update: { status: 'not_delivered' },
      refused: { kind: 'contradicts', reason: expect.stringContaining('FP1 is already delivered') },
    },
    {
      says: 'with another time than Lazada has accepted',
      before: { packages: [delivered] },
      update: { status: 'delivered', occurredAt: OTHER },
      refused: { kind: 'contradicts', reason: expect.stringContaining(AT.toISOString()) },
    },
    {
      says: 'while the other end is on its way',
      before: { packages: [one], attempts: [anAttempt()] },
      update: { status: 'not_delivered' },
      refused: { kind: 'contradicts', reason: expect.stringContaining('on its way to Lazada') },
    },
    {
      says: 'with another time than is on its way',
      before: { packages: [one], attempts: [anAttempt({ outcome: 'unknown', occurredAt: T0 })] },
      update: { status: 'delivered', occurredAt: AT },
      refused: { kind: 'contradicts', reason: expect.stringContaining(T0.toISOString()) },
    },
    {
      says: 'of shipped with another time than Lazada has accepted',
      before: { packages: [shipped] },
      update: { status: 'shipped', occurredAt: AT },
      refused: { kind: 'contradicts', reason: expect.stringContaining(OTHER.toISOString()) },
    },
    {
      says: 'to withdraw what was sent',
      before: { packages: [delivered] },
      update: { status: 'withdraw' },
      refused: { kind: 'contradicts', sent: [{ packageId: 'FP1', status: 'delivered', sentAt: SENT }] },
    },
    {
      says: 'to withdraw what is on its way',
      before: { packages: [one], delivered: SAID, attempts: [anAttempt()] },
      update: { status: 'withdraw' },
      refused: { kind: 'contradicts', reason: expect.stringContaining('on its way to Lazada') },
    },
    {
      says: 'to withdraw of one package what was said of the order',
      before: { packages: [one, two], delivered: SAID },
      update: { status: 'withdraw', packageId: 'FP1' },
      refused: { kind: 'contradicts', reason: expect.stringContaining('without naming a package') },
    },
  ])('$says', ({ before = {}, update, refused }) => {
    expect(refusal(before, update)).toMatchObject(refused);
  });
});

describe('what is told', () => {
  test('the status, its time and who asked', () => {
    const update: NarrowUpdate = { status: 'delivered', occurredAt: AT, requestId: 'r-1' };
    expect(events({ packages: [one] }, update)).toEqual([
      { kind: 'flag_set', data: { status: 'delivered', at: AT, requestId: 'r-1' } },
    ]);
  });

  test('that the time was filled in', () => {
    expect(events({}, { status: 'delivered' })).toEqual([
      { kind: 'flag_set', data: { status: 'delivered', at: NOW, timeFilled: true } },
    ]);
  });

  test('also what was so already, so that a request is found again', () => {
    expect(events({ packages: [delivered] }, { status: 'delivered', requestId: 'r-2' })).toMatchObject([
      { kind: 'flag_set', data: { requestId: 'r-2' } },
    ]);
  });

  test('the package that it speaks of', () => {
    expect(events({ packages: [one] }, { status: 'shipped', packageId: 'FP1' })).toMatchObject([{ packageId: 'FP1' }]);
  });
});

describe('a release', () => {
  const blocked = anOrder({
    packages: [aPackage({ trackingNumber: null })],
    steps: [aRow({ step: 'tracking', ref: '11', blocked: true, tries: 16 })],
  });
  const RELEASE: OrderUpdate = { status: 'release' };

  test('ends what a person can end, and is found under its request', () => {
    const decision = decideOnOrder(blocked, { ...RELEASE, requestId: 'r-1' }, { now: NOW });
    expect(decision).toMatchObject({
      ok: true,
      change: { order: { steps: [] }, events: [{ kind: 'released', data: { ended: ['blocked'], requestId: 'r-1' } }] },
    });
  });

  test.each<{ says: string; update: OrderUpdate; refused: object }>([
    { says: 'that names a package', update: { ...RELEASE, packageId: 'FP1' }, refused: { field: 'packageId' } },
    { says: 'that tells a time', update: { ...RELEASE, occurredAt: AT }, refused: { field: 'occurredAt' } },
    { says: 'that tells a number', update: { ...RELEASE, carrierTrackingNumber: 'D1' }, refused: { kind: 'invalid' } },
  ])('is refused where it is one $says', ({ update, refused }) => {
    expect(decideOnOrder(blocked, update, { now: NOW })).toMatchObject({ ok: false, refusal: refused });
  });

  test('is refused where nothing waits for one', () => {
    expect(decideOnOrder(anOrder(), RELEASE, { now: NOW })).toMatchObject({
      ok: false,
      refusal: { kind: 'contradicts', field: 'status', value: 'release', reason: expect.stringContaining('explain') },
    });
  });
});

test('a missing time is that of the arrival, on a whole order too', () => {
  const decision = decideOnOrder(anOrder(), { status: 'delivered' }, { now: NOW, arrivedAt: OTHER });
  expect(decision).toMatchObject({ ok: true, change: { order: { delivered: { flag: true, at: OTHER } } } });
});
