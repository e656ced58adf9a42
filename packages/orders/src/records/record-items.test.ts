import { describe, expect, test } from '@jest/globals';
import { after, anAcceptedAttempt, anItem, anOrder, aPackage, aRow, readItem, T0 } from '../model/order.fixture.ts';
import type { Change, Order } from '../model/order.ts';
import type { MarketplaceItem } from '../model/ports.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../model/schedules.ts';
import { recordItems } from './record-items.ts';

const READ = after(HOUR);
const read = (order: Partial<Order>, items: readonly MarketplaceItem[], at = READ): Change => {
  const change = recordItems(anOrder(order), items, at, after(SECOND, at));
  if (!change) throw new Error('the read was thought to be old');
  return change;
};
const shipped = (fields = {}) => aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0, ...fields });
const kinds = ({ events }: Change) => events.map(({ kind }) => kind);

describe('packages', () => {
  test('a package that items name for the first time is added as they show it, ready since their own time', () => {
    const { order, events } = read({}, [readItem()]);
    expect(order.packages).toMatchObject([
      { packageId: 'FP1', state: 'ready_to_ship', trackingNumber: 'TN1', readyToShipAt: T0 },
    ]);
    expect(events).toMatchObject([{ kind: 'tracking_known', packageId: 'FP1' }]);
  });

  test('items that are pending have no package yet', () => {
    expect(read({}, [readItem({ status: 'pending', packageId: null })]).order.packages).toEqual([]);
  });

  test('packages of other couriers and of digital items are none of ours', () => {
    expect(read({}, [readItem({ sof: false }), readItem({ packageId: 'FP2', digital: true })]).order.packages).toEqual(
      [],
    );
  });

  test('a status set by hand at Lazada moves the package, and an end that only a read shows is confirmed by it', () => {
    const { order } = read({ packages: [aPackage()] }, [readItem({ status: 'delivered' })]);
    expect(order.packages).toMatchObject([
      { state: 'delivered', confirmedAt: READ, deliveredAt: null, deliveredSentAt: null },
    ]);
  });

  test('a new tracking number makes a shipped package ready to ship again', () => {
    const { order } = read({ packages: [shipped()] }, [readItem({ trackingNumber: 'TN9' })]);
    expect(order.packages).toMatchObject([{ state: 'ready_to_ship', trackingNumber: 'TN9', shippedSentAt: null }]);
  });

  test('a package that no live item names any more is cancelled', () => {
    const { order } = read({ packages: [aPackage()] }, [readItem({ packageId: 'FP2', trackingNumber: 'TN2' })]);
    expect(order.packages).toMatchObject([
      { packageId: 'FP1', state: 'cancelled' },
      { packageId: 'FP2', state: 'ready_to_ship' },
    ]);
  });

  describe('an order is not forgotten because a read leaves a package out', () => {
    const inPackage = (fields: Partial<Order> = {}) => ({
      items: [anItem({ status: 'packed' })],
      packages: [aPackage({ state: 'packed' })],
      ...fields,
    });
    const without = (status: string) => [readItem({ status, packageId: null, trackingNumber: null })];

    test.each(['repacked', 'pending', 'shipped', 'teleported'])(
      '%s without a package stays in its package',
      (status) => {
        const { order } = read(inPackage(), without(status));
        expect(order.packages).not.toMatchObject([{ state: 'cancelled' }]);
        expect(order.items).toMatchObject([{ packageId: 'FP1' }]);
      },
    );

    test('a state before packed is believed after an hour: the item has left, and its package is cancelled', () => {
      const first = read(inPackage(), without('pending')).order;
      expect(first.items).toMatchObject([{ packageId: 'FP1', beforePackedSince: READ }]);
      const soon = read(first, without('pending'), after(HOUR - SECOND, READ)).order;
      expect(soon.packages).toMatchObject([{ state: 'packed' }]);
      const late = read(soon, without('pending'), after(HOUR, READ)).order;
      expect(late.packages).toMatchObject([{ state: 'cancelled' }]);
      expect(late.items).toEqual([anItem({ status: 'pending', packageId: null })]);
    });

    test('an hour that was broken by another state begins anew', () => {
      const first = read(inPackage(), without('pending')).order;
      const packed = read(first, [readItem({ status: 'packed' })], after(30 * MINUTE, READ)).order;
      const again = read(packed, without('pending'), after(HOUR, READ)).order;
      expect(again.packages).toMatchObject([{ state: 'packed' }]);
    });

    test('one item that left does not cancel the package of another', () => {
      const two = inPackage({ items: [anItem({ status: 'packed' }), anItem({ orderItemId: '2', status: 'packed' })] });
      const { order } = read(two, [readItem({ status: 'canceled' }), readItem({ orderItemId: '2', status: 'packed' })]);
      expect(order.packages).toMatchObject([{ state: 'packed' }]);
    });

    test('an item that a read leaves out altogether stays where it was', () => {
      const two = inPackage({
        items: [anItem({ packageId: 'FP2' }), anItem({ orderItemId: '2', status: 'packed' })],
      });
      const { order } = read(two, [readItem({ packageId: 'FP2' })]);
      expect(order.packages.find(({ packageId }) => packageId === 'FP1')).toMatchObject({ state: 'packed' });
    });

    test('an empty answer takes nothing away, and the lagging read after it cancels nothing', () => {
      const empty = read(inPackage({ packages: [shipped()] }), []).order;
      const { order } = read(empty, without('shipped'), after(MINUTE, READ));
      expect(order.packages).toMatchObject([{ state: 'shipped' }]);
    });

    test('what left its package is looked for on the ladder of tracking numbers', () => {
      const since = after(-HOUR, READ);
      const left = inPackage({ items: [anItem({ status: 'pending', beforePackedSince: since })] });
      const { order } = read(left, without('pending'));
      expect(order.steps).toMatchObject([
        { step: 'look', errorCode: 'awaiting_package', dueAt: after(31 * SECOND, READ) },
      ]);
    });
  });

  test('an answer without items cancels nothing', () => {
    expect(read({ packages: [aPackage()] }, []).order.packages).toMatchObject([{ state: 'ready_to_ship' }]);
  });

  test('a read that began before the last one stored changes nothing', () => {
    expect(recordItems(anOrder({ itemsReadAt: READ }), [readItem()], after(-SECOND, READ), READ)).toBeNull();
  });

  test('the numbers of single items are told for the host', () => {
    expect(read({}, [readItem()]).itemTracking).toEqual([{ orderItemId: '1', trackingNumber: 'TN1' }]);
  });
});

describe('tracking', () => {
  const numberless = [readItem({ trackingNumber: null })];

  test('a number that is not there yet waits on its ladder and uses up no try', () => {
    const { order } = read({ packages: [aPackage({ trackingNumber: null })] }, numberless);
    expect(order.steps).toMatchObject([
      { step: 'tracking', ref: '11', dueAt: after(30 * SECOND, after(SECOND, READ)), tries: 0, blocked: false },
    ]);
  });

  test('the ladder of a number begins anew after reads that failed for long', () => {
    const failed = aRow({ step: 'tracking', ref: '11', since: after(-20 * HOUR, READ), errorCode: 'http_503' });
    const { order } = read({ packages: [aPackage({ trackingNumber: null })], steps: [failed] }, [
      readItem({ trackingNumber: null }),
    ]);
    expect(order.steps).toMatchObject([{ errorCode: 'tracking_missing', dueAt: after(31 * SECOND, READ) }]);
  });

  test('the ladder goes on from where it began', () => {
    const row = aRow({ step: 'tracking', ref: '11', since: after(-2 * MINUTE, READ) });
    const { order } = read({ packages: [aPackage({ trackingNumber: null })], steps: [row] }, numberless);
    expect(order.steps).toMatchObject([{ dueAt: after(3 * MINUTE, READ) }]);
  });

  test('after 14 days it is blocked', () => {
    const row = aRow({ step: 'tracking', ref: '11', since: after(-14 * DAY, READ) });
    const change = read({ packages: [aPackage({ trackingNumber: null })], steps: [row] }, numberless);
    expect(change.order.steps).toMatchObject([{ blocked: true, errorCode: 'tracking_missing' }]);
    expect(kinds(change)).toEqual(['blocked']);
  });

  test('the number ends the waiting', () => {
    const change = read(
      { packages: [aPackage({ trackingNumber: null })], steps: [aRow({ step: 'tracking', ref: '11' })] },
      [readItem()],
    );
    expect(change.order.steps).toEqual([]);
    expect(kinds(change)).toEqual(['tracking_known']);
  });
});

describe('confirmation', () => {
  test('an accepted status that shows is confirmed', () => {
    const change = read({ packages: [shipped()] }, [readItem({ status: 'shipped' })]);
    expect(change.order.packages).toMatchObject([{ confirmedAt: READ }]);
    expect(kinds(change)).toEqual(['status_confirmed']);
  });

  test('a status further on its way confirms shipped', () => {
    expect(read({ packages: [shipped()] }, [readItem({ status: 'delivered' })]).order.packages).toMatchObject([
      { state: 'delivered', confirmedAt: READ },
    ]);
  });

  test('one that does not show yet stays unconfirmed', () => {
    expect(read({ packages: [shipped()] }, [readItem()]).order.packages).toMatchObject([
      { state: 'shipped', confirmedAt: null },
    ]);
  });

  test('14 days after acceptance the step is blocked', () => {
    const change = read({ packages: [shipped()] }, [readItem()], after(14 * DAY));
    expect(change.order.steps).toMatchObject([
      { step: 'confirm', ref: '11', blocked: true, errorCode: 'status_mismatch' },
    ]);
  });

  test('the other end leaves the state as it was accepted', () => {
    const end = shipped({ state: 'delivered', deliveredAt: T0, deliveredSentAt: T0 });
    expect(read({ packages: [end] }, [readItem({ status: 'failed' })]).order.packages).toMatchObject([
      { state: 'delivered', confirmedAt: null },
    ]);
  });
});

describe('cancellation', () => {
  const flags = { updateShipping: true, delivered: { flag: true, at: T0, sentAt: null } };

  test('every item cancelled: all flags go back, nothing was sent', () => {
    const change = read(flags, [readItem({ status: 'canceled' })]);
    expect(change.order).toMatchObject({ updateShipping: false, delivered: { flag: false, at: null, sentAt: null } });
    expect(kinds(change)).toEqual(['cancelled']);
  });

  test('no items at all: the flags stay', () => {
    expect(read(flags, []).order).toMatchObject({ updateShipping: true, delivered: { flag: true } });
  });

  test('an undecided cancellation is looked at after 30 minutes, then hourly', () => {
    const pending = [readItem({ cancelPending: true })];
    const first = read({}, pending).order;
    expect(first.steps).toMatchObject([{ step: 'look', dueAt: after(30 * MINUTE + SECOND, READ) }]);
    const second = read(first, pending, after(30 * MINUTE + SECOND, READ)).order;
    expect(second.steps.find(({ step }) => step === 'look')).toMatchObject({
      dueAt: after(90 * MINUTE + SECOND, READ),
    });
  });

  test('a decided one is no longer looked at', () => {
    const row = aRow({ step: 'look', errorCode: 'cancel_pending' });
    expect(read({ steps: [row] }, [readItem()]).order.steps).toEqual([]);
  });
});

describe('the flag of ready to ship', () => {
  const asked = { updateShipping: true, toolStatus: 'ready_for_delivery' };
  test.each([
    {
      says: 'goes back when every live SOF item is ready or further',
      items: [readItem(), readItem({ orderItemId: '2', status: 'shipped' })],
      flag: false,
    },
    {
      says: 'stays while one is pending',
      items: [readItem(), readItem({ orderItemId: '2', status: 'pending', packageId: null })],
      flag: true,
    },
    {
      says: 'does not wait for digital, foreign and cancelled items',
      items: [
        readItem(),
        readItem({ orderItemId: '2', status: 'pending', digital: true }),
        readItem({ orderItemId: '3', status: 'pending', sof: false }),
        readItem({ orderItemId: '4', status: 'canceled' }),
      ],
      flag: false,
    },
    { says: 'stays where nothing is SOF', items: [readItem({ sof: false })], flag: true },
  ])('$says', ({ items, flag }) => {
    expect(read(asked, items).order.updateShipping).toBe(flag);
  });
});

describe('what a read may not undo', () => {
  const accepted = anAcceptedAttempt({ status: 'shipped' });

  test('a package that was shipped, thought cancelled, and is alive again is still shipped', () => {
    const back = read({ packages: [shipped({ state: 'cancelled' })] }, [readItem()]).order;
    expect(back.packages).toMatchObject([{ state: 'shipped' }]);
  });

  test('a package that comes alive under another number is shipped under that one', () => {
    const left = shipped({ state: 'cancelled', confirmedAt: T0 });
    const { order } = read({ packages: [left] }, [readItem({ status: 'ready_to_ship', trackingNumber: 'TN9' })]);
    expect(order.packages).toMatchObject([{ state: 'ready_to_ship', trackingNumber: 'TN9', shippedSentAt: null }]);
  });

  test('an item that a read leaves out is still to be packed: the flag does not go back', () => {
    const two = [anItem({ packageId: 'FP1' }), anItem({ orderItemId: '2', status: 'pending', packageId: null })];
    const { order } = read({ updateShipping: true, items: two, packages: [aPackage()] }, [readItem()]);
    expect(order.updateShipping).toBe(true);
    expect(order.items).toHaveLength(2);
  });

  test('a number that went away and came back while its 202 was on its way is shipped', () => {
    const between = aPackage({ trackingNumber: 'TN9' });
    const { order } = read({ packages: [between], attempts: [anAcceptedAttempt({ status: 'shipped' })] }, [readItem()]);
    expect(order.packages).toMatchObject([{ trackingNumber: 'TN1', state: 'shipped', shippedSentAt: T0 }]);
  });

  test('a number that comes back was shipped already', () => {
    const away = read({ packages: [shipped()], attempts: [accepted] }, [readItem({ trackingNumber: 'TN9' })]).order;
    const again = read(
      { ...away, packages: away.packages.map((parcel) => ({ ...parcel, state: 'shipped' as const })) },
      [readItem()],
      after(SECOND, READ),
    ).order;
    expect(again.packages).toMatchObject([{ trackingNumber: 'TN1', state: 'shipped', shippedSentAt: T0 }]);
  });
});
