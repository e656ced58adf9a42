import { describe, expect, test } from '@jest/globals';
import { anItem, aPackage } from './order.fixture.ts';
import type { OrderStatus, PackageState, SentStatus } from './order.ts';
import {
  advance,
  confirms,
  isBeforePacked,
  isKnownStatus,
  isPackableStatus,
  rollUp,
  type Shown,
  shownState,
} from './status.ts';

describe('what items show of their package', () => {
  test.each<{ says: string; statuses: string[]; shown: Shown }>([
    { says: 'packed', statuses: ['packed'], shown: 'packed' },
    { says: 'repacked is packed', statuses: ['repacked'], shown: 'packed' },
    { says: 'ready_to_ship_pending is packed', statuses: ['ready_to_ship_pending'], shown: 'packed' },
    { says: 'ready_to_ship', statuses: ['ready_to_ship'], shown: 'ready_to_ship' },
    { says: 'returned is delivered', statuses: ['returned'], shown: 'delivered' },
    { says: 'failed is not delivered', statuses: ['failed'], shown: 'not_delivered' },
    { says: 'shipped_back_success is not delivered', statuses: ['shipped_back_success'], shown: 'not_delivered' },
    { says: 'lost_by_3pl is not delivered', statuses: ['lost_by_3pl'], shown: 'not_delivered' },
    { says: 'toship is ready to ship', statuses: ['toship'], shown: 'ready_to_ship' },
    { says: 'confirmed is delivered', statuses: ['confirmed'], shown: 'delivered' },
    { says: 'failed_delivery is not delivered', statuses: ['failed_delivery'], shown: 'not_delivered' },
    { says: 'package_returned is not delivered', statuses: ['package_returned'], shown: 'not_delivered' },
    { says: 'package_scrapped is not delivered', statuses: ['package_scrapped'], shown: 'not_delivered' },
    { says: 'damaged_by_3pl is not delivered', statuses: ['damaged_by_3pl'], shown: 'not_delivered' },
    { says: 'damage_by_3pl is not delivered', statuses: ['damage_by_3pl'], shown: 'not_delivered' },
    {
      says: 'info_st_domestic_return_with_last_mile_3pl is not delivered',
      statuses: ['info_st_domestic_return_with_last_mile_3pl'],
      shown: 'not_delivered',
    },
    {
      says: 'info_st_domestic_back_to_shipper is not delivered',
      statuses: ['info_st_domestic_back_to_shipper'],
      shown: 'not_delivered',
    },
    { says: 'the letters may have any case', statuses: ['INFO_ST_DOMESTIC_RETURN_AT_HUB'], shown: 'not_delivered' },
    { says: 'also of a cancelled item', statuses: ['CANCELED', 'Ready_To_Ship'], shown: 'ready_to_ship' },
    { says: 'the least advanced item counts', statuses: ['shipped', 'ready_to_ship'], shown: 'ready_to_ship' },
    { says: 'cancelled items do not count', statuses: ['canceled', 'shipped'], shown: 'shipped' },
    { says: 'all cancelled: the package is cancelled', statuses: ['canceled', 'canceled'], shown: 'cancelled' },
    { says: 'a status that nobody knows says nothing', statuses: ['teleported', 'shipped'], shown: null },
    {
      says: 'items that ended differently say so, and not which is true',
      statuses: ['delivered', 'failed'],
      shown: 'ended_differently',
    },
  ])('$says', ({ statuses, shown }) => {
    const items = statuses.map((status, index) => anItem({ orderItemId: `${index}`, status }));
    expect(shownState(items, 'FP1')).toBe(shown);
  });

  test('a package that no live item names any more is cancelled', () => {
    expect(shownState([anItem({ packageId: 'FP2' })], 'FP1')).toBe('cancelled');
  });

  test('an answer without any item cancels nothing', () => {
    expect(shownState([], 'FP1')).toBeNull();
  });
});

test.each(['constructor', '__proto__', 'toString', '', 'in_customs'])('"%s" is no status that is known', (status) => {
  expect(isKnownStatus(status)).toBe(false);
  expect(shownState([anItem({ status })], 'FP1')).toBeNull();
});

describe('a status before packed', () => {
  test.each([
    { status: 'unpaid', before: true, packable: false },
    { status: 'pending', before: true, packable: true },
    { status: 'TOPACK', before: true, packable: true },
    { status: 'repacked', before: false, packable: true },
    { status: 'packed', before: false, packable: false },
    { status: 'teleported', before: false, packable: false },
  ])('$status', ({ status, before, packable }) => {
    expect([isBeforePacked({ status }), isPackableStatus({ status })]).toEqual([before, packable]);
  });
});

describe('a package never goes backward', () => {
  test.each<{ from: PackageState; shown: Shown; to: PackageState }>([
    { from: 'packed', shown: 'ready_to_ship', to: 'ready_to_ship' },
    { from: 'shipped', shown: 'ready_to_ship', to: 'shipped' },
    { from: 'shipped', shown: 'delivered', to: 'delivered' },
    { from: 'delivered', shown: 'not_delivered', to: 'delivered' },
    { from: 'delivered', shown: 'cancelled', to: 'delivered' },
    { from: 'shipped', shown: 'cancelled', to: 'cancelled' },
    { from: 'cancelled', shown: 'packed', to: 'packed' },
    { from: 'shipped', shown: null, to: 'shipped' },
    { from: 'ready_to_ship', shown: 'ended_differently', to: 'shipped' },
    { from: 'delivered', shown: 'ended_differently', to: 'delivered' },
  ])('$from, shown as $shown, is $to', ({ from, shown, to }) => {
    expect(advance(from, shown)).toBe(to);
  });
});

describe('what a read says of an accepted status', () => {
  test.each<{ sent: SentStatus; shown: Shown; answer: ReturnType<typeof confirms> }>([
    { sent: 'shipped', shown: 'ready_to_ship', answer: 'not_yet' },
    { sent: 'shipped', shown: 'shipped', answer: 'yes' },
    { sent: 'shipped', shown: 'not_delivered', answer: 'yes' },
    { sent: 'shipped', shown: 'ended_differently', answer: 'yes' },
    { sent: 'delivered', shown: 'shipped', answer: 'not_yet' },
    { sent: 'delivered', shown: 'delivered', answer: 'yes' },
    { sent: 'delivered', shown: 'not_delivered', answer: 'other_end' },
    { sent: 'not_delivered', shown: 'delivered', answer: 'other_end' },
    { sent: 'delivered', shown: 'ended_differently', answer: 'not_yet' },
    { sent: 'delivered', shown: 'cancelled', answer: 'not_yet' },
    { sent: 'delivered', shown: null, answer: 'not_yet' },
  ])('$sent, shown as $shown: $answer', ({ sent, shown, answer }) => {
    expect(confirms(shown, sent)).toBe(answer);
  });
});

describe('the status of the order', () => {
  test.each<{ says: string; states: PackageState[]; items?: string[]; status: OrderStatus }>([
    { says: 'no package: new', states: [], status: 'new' },
    { says: 'no package and every item cancelled: cancelled', states: [], items: ['canceled'], status: 'cancelled' },
    { says: 'all alike: that state', states: ['shipped', 'shipped'], status: 'shipped' },
    { says: 'some ended: partially delivered', states: ['delivered', 'shipped'], status: 'partially_delivered' },
    {
      says: 'ended differently: partially delivered',
      states: ['delivered', 'not_delivered'],
      status: 'partially_delivered',
    },
    { says: 'none ended: the least advanced', states: ['shipped', 'packed'], status: 'packed' },
    { says: 'cancelled packages do not count', states: ['cancelled', 'delivered'], status: 'delivered' },
  ])('$says', ({ states, items, status }) => {
    const packages = states.map((state, index) => aPackage({ id: `${index}`, packageId: `FP${index}`, state }));
    expect(rollUp({ packages, items: items?.map((one) => anItem({ status: one })) ?? null })).toBe(status);
  });
});
