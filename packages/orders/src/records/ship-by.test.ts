import { describe, expect, test } from '@jest/globals';
import { after, anItem, anOrder, aPackage, readItem, T0 } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import type { MarketplaceItem } from '../model/ports.ts';
import { DAY, HOUR, SECOND } from '../model/schedules.ts';
import { commit } from '../plan/commit.ts';
import { recordReady } from './ready-to-ship.ts';
import { recordItems } from './record-items.ts';

const [SOON, LATER] = [after(HOUR), after(DAY)];
const committed = (order: Order, change: Parameters<typeof commit>[1], now = after(SECOND)) =>
  commit(order, change, { now, leaseMs: 0 }).order;
const shipByOf = (order: Partial<Order>, items: readonly MarketplaceItem[]) => {
  const before = anOrder(order);
  return committed(before, recordItems(before, items, T0, after(SECOND))).shipBy;
};
const pending = (fields: Partial<MarketplaceItem> = {}) =>
  readItem({ status: 'pending', packageId: null, trackingNumber: null, shipBy: LATER, ...fields });

type Row = { says: string; items: readonly MarketplaceItem[]; order?: Partial<Order>; shipBy: Date | null };
describe('the deadline of an order after a read', () => {
  test.each<Row>([
    { says: 'that of its item', items: [pending()], shipBy: LATER },
    {
      says: 'the earliest of several',
      items: [pending(), pending({ orderItemId: '2', shipBy: SOON })],
      shipBy: SOON,
    },
    {
      says: 'that of an item that is only packed',
      items: [readItem({ status: 'packed', shipBy: SOON })],
      shipBy: SOON,
    },
    {
      says: 'none once it is ready to ship',
      items: [readItem({ shipBy: SOON })],
      order: { shipBy: SOON },
      shipBy: null,
    },
    {
      says: 'that of the item that is left, when the more urgent one is ready',
      items: [readItem({ shipBy: SOON }), pending({ orderItemId: '2' })],
      order: { shipBy: SOON },
      shipBy: LATER,
    },
    {
      says: 'none once it is cancelled',
      items: [pending({ status: 'canceled' })],
      order: { shipBy: SOON },
      shipBy: null,
    },
    { says: 'none of items of other couriers', items: [pending({ sof: false })], shipBy: null },
    { says: 'none of digital items', items: [pending({ digital: true })], shipBy: null },
    { says: 'none where Lazada names none', items: [pending({ shipBy: null })], shipBy: null },
    {
      says: 'what was known, where a read leaves it out',
      items: [pending({ shipBy: null })],
      order: { shipBy: SOON },
      shipBy: SOON,
    },
    {
      says: 'what was known, where a read leaves the item out',
      items: [readItem()],
      order: { shipBy: SOON, items: [anItem(), anItem({ orderItemId: '2', status: 'pending', packageId: null })] },
      shipBy: SOON,
    },
    { says: 'a new one, where Lazada moved it', items: [pending()], order: { shipBy: SOON }, shipBy: LATER },
    {
      says: 'that of an item with a status that nobody knows, as long as it is in no package',
      items: [pending({ status: 'on_the_moon' })],
      shipBy: LATER,
    },
    {
      says: 'none of an item with such a status in a package that was ready to ship',
      items: [readItem({ status: 'on_the_moon', shipBy: SOON })],
      order: { packages: [aPackage({ state: 'shipped', shippedSentAt: T0, shippedAt: T0 })] },
      shipBy: null,
    },
    {
      says: 'that of an item whose package was cancelled',
      items: [pending()],
      order: { packages: [aPackage({ state: 'cancelled' })] },
      shipBy: LATER,
    },
    { says: 'none of an order without items', items: [], order: { shipBy: SOON }, shipBy: null },
  ])('is $says', ({ items, order = {}, shipBy }) => {
    expect(shipByOf(order, items)).toEqual(shipBy);
  });

  test('ends when we set its last package ready to ship, before anything is read again', () => {
    const packed = anItem({ status: 'packed' });
    const rest = { ...packed, orderItemId: '2', packageId: 'FP2' };
    const packages = [aPackage({ state: 'packed' }), aPackage({ id: '12', packageId: 'FP2', state: 'packed' })];
    const order = anOrder({ shipBy: SOON, items: [packed, rest], packages, itemsReadAt: T0 });
    const half = committed(order, recordReady(order, 'FP1', T0));
    expect(half.shipBy).toEqual(SOON);
    expect(committed(half, recordReady(half, 'FP2', T0)).shipBy).toBeNull();
  });

  test('is not changed by a read that is older than the last one', () => {
    expect(recordItems(anOrder({ itemsReadAt: after(SECOND), shipBy: SOON }), [pending()], T0, LATER)).toBeNull();
  });
});
