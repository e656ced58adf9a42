import { describe, expect, test } from '@jest/globals';
import { Failure } from '../model/failure.ts';
import { after, anItem, anOrder, aPackage, aRow, readItem, T0 } from '../model/order.fixture.ts';
import type { ElementResult, PackedItem } from '../model/ports.ts';
import { MINUTE } from '../model/schedules.ts';
import { normalize } from '../plan/normalize.ts';
import { recordPacked, recordReady, refusePackage, shippingWork } from './ready-to-ship.ts';
import { recordItems } from './record-items.ts';

const NOW = after(MINUTE);
const pending = (orderItemId: string) => anItem({ orderItemId, status: 'pending', packageId: null });
const asked = (fields = {}) =>
  anOrder({ updateShipping: true, toolStatus: 'ready_for_delivery', itemsReadAt: T0, ...fields });
const refused = new Failure('rejected', 'no stock', { code: '700023' });
const packed = (orderItemId: string) => ({
  ok: true as const,
  value: { orderItemId, packageId: 'FP1', trackingNumber: 'TN1', shipmentProvider: null },
});

describe('what is left to do', () => {
  test.each([
    {
      says: 'what was packed and is shown as pending by a read that lags is not packed again',
      items: [anItem({ status: 'pending' })],
      work: { toPack: [], toSetReady: [], waiting: ['1'] },
    },
    {
      says: 'what was repacked is packed again',
      items: [anItem({ status: 'repacked' })],
      work: { toPack: ['1'], toSetReady: [], waiting: [] },
    },
    { says: 'pending items are packed', items: [pending('1')], work: { toPack: ['1'], toSetReady: [], waiting: [] } },
    {
      says: 'repacked items are packed',
      items: [anItem({ status: 'repacked' })],
      work: { toPack: ['1'], toSetReady: [], waiting: [] },
    },
    {
      says: 'packed ones are set ready, once per package',
      items: [anItem({ status: 'packed' }), anItem({ orderItemId: '2', status: 'packed' })],
      work: { toPack: [], toSetReady: ['FP1'], waiting: [] },
    },
    {
      says: 'unpaid ones are waited for',
      items: [anItem({ status: 'unpaid', packageId: null })],
      work: { toPack: [], toSetReady: [], waiting: ['1'] },
    },
    {
      says: 'cancelled, digital and foreign ones are left out',
      items: [
        anItem({ status: 'canceled' }),
        anItem({ orderItemId: '2', status: 'pending', digital: true }),
        anItem({ orderItemId: '3', status: 'pending', sof: false }),
      ],
      work: { toPack: [], toSetReady: [], waiting: [] },
    },
  ])('$says', ({ items, work }) => {
    expect(shippingWork(asked({ items }))).toEqual(work);
  });
});

describe('what Pack answers', () => {
  test('a refused item blocks its own step, the other is packed', () => {
    const order = asked({ items: [pending('1'), pending('2')] });
    const results = new Map<string, ElementResult<PackedItem>>([
      ['1', packed('1')],
      ['2', { ok: false, failure: refused }],
    ]);
    const change = recordPacked(order, results, NOW);
    expect(change.order.packages).toMatchObject([{ packageId: 'FP1', state: 'packed', trackingNumber: 'TN1' }]);
    expect(change.order.steps).toMatchObject([{ step: 'ready_to_ship', ref: '2', blocked: true, errorCode: '700023' }]);
    expect(shippingWork(change.order)).toEqual({ toPack: [], toSetReady: ['FP1'], waiting: [] });
  });

  test('a refused item that was packed by hand is set ready', () => {
    const order = asked({
      items: [anItem({ status: 'packed' })],
      packages: [aPackage({ state: 'packed' })],
      steps: [aRow({ step: 'ready_to_ship', ref: '1', blocked: true })],
    });
    expect(shippingWork(normalize(order, NOW)).toSetReady).toEqual(['FP1']);
  });

  test('a read that began before it does not undo it', () => {
    const order = recordPacked(asked({ items: [pending('1')] }), new Map([['1', packed('1')]]), NOW).order;
    expect(recordItems(order, [readItem({ status: 'pending', packageId: null })], after(30), NOW)).toBeNull();
  });
});

describe('what ready to ship answers', () => {
  const order = asked({
    items: [anItem({ status: 'packed' })],
    packages: [aPackage({ state: 'packed', readyToShipAt: null })],
  });

  test('the package is ready, and the flag of an order that is ready as a whole goes back', () => {
    const { order: ready, events } = recordReady(order, 'FP1', NOW);
    expect(ready).toMatchObject({ updateShipping: false, packages: [{ state: 'ready_to_ship', readyToShipAt: NOW }] });
    expect(events).toEqual([{ kind: 'ready_to_ship', packageId: 'FP1' }]);
  });

  test('a refused package blocks its own step', () => {
    expect(refusePackage(order, 'FP1', refused, NOW).order.steps).toMatchObject([
      { step: 'ready_to_ship', ref: '11', blocked: true },
    ]);
  });
});
