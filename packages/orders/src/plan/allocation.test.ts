/** Only packing waits where an account's carrier is not known, and only as long as the account says so. */
import { expect, test } from '@jest/globals';
import { UNALLOCATED } from '../model/allocation.ts';
import { after, anAccount, anItem, anOrder, aPackage, aRow } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import { DAY, HOUR } from '../model/schedules.ts';
import { commit } from './commit.ts';
import { explain } from './explain.ts';
import { plan } from './plan.ts';

const NOW = after(HOUR);
const WHY = 'nothing is packed: Lazada offers "Ninja Van" (NV)';
const wait = (fields = {}) =>
  aRow({ step: 'ready_to_ship', errorCode: UNALLOCATED, error: WHY, dueAt: after(2 * HOUR), ...fields });
const waiting = (statusReason: string | null, order: Partial<Order> = {}) =>
  anOrder({
    account: anAccount({ statusReason }),
    updateShipping: true,
    toolStatus: 'ready_for_delivery',
    items: [anItem({ status: 'pending', packageId: null })],
    itemsReadAt: NOW,
    steps: [wait()],
    ...order,
  });
const settled = (order: Order) => commit(order, { order, events: [] }, { now: NOW, leaseMs: 30_000 });
const owed = (order: Order, options = {}) => plan(order, NOW, options).owed.map(({ step }) => step);

test('while the account says the same it is tried again at its rung', () => {
  const { order, plan: next } = settled(waiting(WHY));
  expect([next.owed, next.nextAt, next.blocked, order.nextAttemptAt]).toEqual([
    [],
    after(2 * HOUR),
    [],
    after(2 * HOUR),
  ]);
});

test('and explained in the words of the account, with the way out', () => {
  expect(explain(waiting(WHY), NOW)).toContainEqual({
    check: 'allocation',
    ok: false,
    detail: `ready_to_ship: ${WHY}`,
    fix: expect.stringContaining('shipment provider of account'),
  });
});

test('"send now" tries it', () => {
  expect(owed(settled(waiting(WHY)).order, { force: true })).toContain('ready_to_ship');
});

test.each([
  ['nothing any more', null],
  ['something else', 'nothing is packed: Lazada offers "Seller Own Fleet" (SOF), "Delivered by Seller" (DBS)'],
])('where the account says %s it goes on at once', (_sentence, reason) => {
  expect(owed(waiting(reason))).toEqual(['ready_to_ship']);
  const { order, plan: next } = settled(waiting(reason));
  expect(order.steps).toEqual([]);
  expect(next.owed.map(({ step }) => step)).toEqual(['ready_to_ship']);
});

test('an order that was blocked by it before goes on too, and its end is told', () => {
  const { order, events } = settled(waiting(null, { steps: [wait({ blocked: true, dueAt: null })] }));
  expect([order.steps, events.map(({ kind }) => kind)]).toEqual([[], ['unblocked']]);
  expect(owed(order)).toEqual(['ready_to_ship']);
});

test('whatever else the order is owed does not wait', () => {
  const parcel = aPackage({ state: 'ready_to_ship', trackingNumber: 'TN1' });
  const items = [anItem({ status: 'pending', packageId: null }), anItem({ orderItemId: '2', status: 'ready_to_ship' })];
  expect(owed(waiting(WHY, { items, packages: [parcel], itemsReadAt: after(-DAY) }))).toEqual(
    expect.arrayContaining(['shipped', 'invoice_fetch', 'look']),
  );
});
