import { describe, expect, test } from '@jest/globals';
import { quiet } from '../model/change.ts';
import { after, anAccount, anItem, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import { HOUR, MINUTE, SECOND } from '../model/schedules.ts';
import { commit } from './commit.ts';

const NOW = after(10 * MINUTE);
/** What is stored of the order once it was changed to this. */
const settle = (order: Order, now: Date, before = order) =>
  commit(before, { order, events: [] }, { now, leaseMs: 30 * SECOND });
const flag = { flag: true, at: T0, sentAt: null };
const done = (fields = {}) => aPackage({ state: 'delivered', confirmedAt: T0, ...fields });

describe('a flag goes back to 0', () => {
  test.each<{ says: string; packages: Order['packages']; cleared: boolean }>([
    {
      says: 'when every package has ended that way',
      packages: [done(), done({ id: '12', packageId: 'FP2' })],
      cleared: true,
    },
    { says: 'not before there is a package', packages: [], cleared: false },
    { says: 'not while one is open', packages: [done(), aPackage({ id: '12', packageId: 'FP2' })], cleared: false },
    {
      says: 'not where one ended otherwise',
      packages: [done(), done({ id: '12', packageId: 'FP2', state: 'not_delivered' })],
      cleared: false,
    },
    {
      says: 'also where another package was cancelled',
      packages: [done(), done({ id: '12', packageId: 'FP2', state: 'cancelled' })],
      cleared: true,
    },
    { says: 'not where every package was cancelled', packages: [done({ state: 'cancelled' })], cleared: false },
  ])('$says', ({ packages, cleared }) => {
    const { delivered } = settle(anOrder({ delivered: flag, packages }), NOW).order;
    expect(delivered).toEqual(cleared ? { flag: false, at: T0, sentAt: NOW } : flag);
  });
});

describe('rows of steps', () => {
  test.each([
    { says: 'tracking goes when the number is known', row: aRow({ step: 'tracking', ref: '11' }), stays: false },
    { says: 'shipped goes when the package is shipped', row: aRow({ step: 'shipped', ref: '12' }), stays: false },
    { says: 'shipped of an unshipped package stays', row: aRow({ step: 'shipped', ref: '11' }), stays: true },
    {
      says: 'a refused item stays while it is pending',
      row: aRow({ step: 'ready_to_ship', ref: '2', blocked: true }),
      stays: true,
    },
    {
      says: 'a refused item goes when it is cancelled',
      row: aRow({ step: 'ready_to_ship', ref: '3', blocked: true }),
      stays: false,
    },
    { says: 'an upload goes with its document', row: aRow({ step: 'invoice_upload', ref: '9' }), stays: false },
  ])('$says', ({ row, stays }) => {
    const order = anOrder({
      updateShipping: true,
      items: [
        anItem(),
        anItem({ orderItemId: '2', status: 'pending' }),
        anItem({ orderItemId: '3', status: 'canceled' }),
      ],
      packages: [aPackage(), aPackage({ id: '12', packageId: 'FP2', trackingNumber: 'TN2', state: 'shipped' })],
      steps: [row],
    });
    expect(settle(order, NOW).order.steps).toEqual(stays ? [row] : []);
  });
});

describe("the host's tracking number", () => {
  test.each<{ says: string; had: string | null; packages: Order['packages']; has: string | null }>([
    { says: 'is the first known', had: null, packages: [aPackage()], has: 'TN1' },
    {
      says: 'stays while its package is open',
      had: 'TN2',
      packages: [aPackage(), aPackage({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' })],
      has: 'TN2',
    },
    {
      says: 'gives way when its package is no longer open',
      had: 'TN2',
      packages: [aPackage(), aPackage({ id: '12', packageId: 'FP2', trackingNumber: 'TN2', state: 'cancelled' })],
      has: 'TN1',
    },
    {
      says: 'stays where no other package is open',
      had: 'TN2',
      packages: [done(), done({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' })],
      has: 'TN2',
    },
    { says: 'follows a renumbered package', had: 'TN0', packages: [aPackage({ trackingNumber: 'TN9' })], has: 'TN9' },
  ])('$says', ({ had, packages, has }) => {
    expect(settle(anOrder({ trackingNumber: had, packages }), NOW).order.trackingNumber).toBe(has);
  });
});

describe('what is told', () => {
  test('a hold is told when it begins, once', () => {
    const held = anOrder({ delivered: flag });
    const first = settle(held, NOW);
    expect(first.events).toMatchObject([{ kind: 'held', data: { reason: 'too_early' } }]);
    expect(settle({ ...held, summary: { ...held.summary, holdReason: 'too_early' } }, NOW).events).toEqual([]);
  });

  test.each<{ says: string; left: Order['steps']; told: boolean }>([
    { says: 'a step that was blocked and is so no more is told', left: [], told: true },
    { says: 'also where it waits now', left: [aRow({ step: 'invoice_fetch', dueAt: NOW })], told: true },
    { says: 'one that is blocked again is not', left: [aRow({ step: 'invoice_fetch', blocked: true })], told: false },
  ])('$says', ({ left, told }) => {
    const before = anOrder({ steps: [aRow({ step: 'invoice_fetch', blocked: true })] });
    const events = settle({ ...before, steps: left }, NOW, before).events;
    expect(events).toEqual(told ? [{ kind: 'unblocked', data: { step: 'invoice_fetch', ref: '' } }] : []);
  });

  test("a carrier's number told for an order of one parcel goes to its package", () => {
    const order = anOrder({ carrier: 'dhl', carrierTrackingNumber: 'D1', packages: [aPackage()] });
    expect(settle(order, NOW).order.packages).toMatchObject([{ carrier: 'dhl', carrierTrackingNumber: 'D1' }]);
  });
});

describe('the next look', () => {
  const shipped = (fields: Partial<Order> = {}) =>
    anOrder({
      items: [anItem({ status: 'shipped' })],
      itemsReadAt: NOW,
      packages: [aPackage({ state: 'shipped' })],
      ...fields,
    });
  const LEASE = { now: NOW, leaseMs: 30 * SECOND };

  test('comes when the lease ends, where something is owed', () => {
    const { order, plan } = commit(anOrder(), quiet(shipped({ delivered: flag })), LEASE);
    expect(plan.owed.map(({ step }) => step)).toEqual(['delivered', 'invoice_fetch']);
    expect(order.nextAttemptAt).toEqual(after(30 * SECOND, NOW));
  });

  test('comes before the lease ends, where something else is due sooner', () => {
    const putOff = aRow({ step: 'delivered', ref: '11', dueAt: after(SECOND, NOW) });
    const { order, plan } = commit(anOrder(), quiet(shipped({ delivered: flag, steps: [putOff] })), LEASE);
    expect(plan.owed.map(({ step }) => step)).toEqual(['invoice_fetch']);
    expect(order.nextAttemptAt).toEqual(after(SECOND, NOW));
  });

  test('comes at the earliest wait, where nothing is owed', () => {
    const waits = aRow({ step: 'invoice_fetch', dueAt: after(HOUR, NOW) });
    expect(commit(anOrder(), quiet(shipped({ steps: [waits] })), LEASE).order.nextAttemptAt).toEqual(after(HOUR, NOW));
  });

  test('is left to whoever holds the lease, where nothing was decided and something is owed', () => {
    const leased = shipped({ delivered: flag, nextAttemptAt: after(10 * SECOND, NOW) });
    expect(commit(leased, null, LEASE)).toMatchObject({ order: leased, events: [] });
  });

  test('is owed to nobody while the account is parked, and due as soon as it is mended', () => {
    const parked = shipped({ delivered: flag, account: anAccount({ status: 'auth_failed' }) });
    const { order, plan } = commit(anOrder(), quiet(parked), LEASE);
    expect([plan.owed, order.nextAttemptAt]).toEqual([[], NOW]);
  });

  test('the summary is stored as planned, so that nothing is left to settle', () => {
    const { order, plan } = commit(anOrder(), quiet(shipped({ delivered: flag })), LEASE);
    expect(order.summary).toEqual(plan.summary);
    expect(order.summary.status).toBe('shipped');
  });
});
