import { expect, test } from '@jest/globals';
import { completeOrder, type HostOrder, type HostOrderChange, type ToldOrder } from './complete-order.ts';

const EMPTY: HostOrder = { toolStatus: null, updateShipping: 0, items: [] };
const READY = { toolStatus: 'ready_for_delivery', updateShipping: 1 } as const;
const FULL: HostOrder = {
  ...READY,
  items: [
    { orderItemId: '1', sku: 'A' },
    { orderItemId: '2', sku: null },
  ],
};
const itemsOf = ({ items }: HostOrder) => items.map(({ orderItemId }) => ({ orderItemId }));
const NOTHING = { order: {}, newItems: [], skus: [] };

test.each<{ says: string; before: HostOrder | null; told: ToldOrder; change: HostOrderChange | null }>([
  {
    says: 'one that is not there is made, with nothing but its number',
    before: null,
    told: {},
    change: { ...NOTHING, event: { kind: 'noted', data: { created: true } } },
  },
  {
    says: 'one that is made ready to ship sets the flag',
    before: null,
    told: { ...READY, items: [{ orderItemId: '1', sku: 'A' }] },
    change: {
      ...{ order: READY, newItems: [{ orderItemId: '1', sku: 'A' }], skus: [] },
      event: { kind: 'flag_set', data: { status: 'ready_to_ship', created: true, ...READY, items: ['1'] } },
    },
  },
  { says: 'what is so already changes nothing', before: FULL, told: { ...READY, items: itemsOf(FULL) }, change: null },
  { says: 'what is not told stays', before: FULL, told: {}, change: null },
  {
    says: 'a new item is added, the others stay',
    before: FULL,
    told: { items: [{ orderItemId: '3' }] },
    change: { ...NOTHING, newItems: [{ orderItemId: '3' }], event: { kind: 'noted', data: { items: ['3'] } } },
  },
  {
    says: 'an item without a sku keeps the one that it has',
    before: FULL,
    told: { items: [{ orderItemId: '1' }] },
    change: null,
  },
  {
    says: 'a sku that is told is written',
    before: FULL,
    told: { items: [{ orderItemId: '2', sku: 'B' }] },
    change: {
      ...{ ...NOTHING, skus: [{ orderItemId: '2', sku: 'B' }] },
      event: { kind: 'noted', data: { skus: ['2'] } },
    },
  },
  {
    says: 'the other half of ready to ship sets the flag',
    before: { ...EMPTY, updateShipping: 1 },
    told: { toolStatus: 'ready_for_delivery' },
    change: {
      ...{ ...NOTHING, order: { toolStatus: 'ready_for_delivery' } },
      event: { kind: 'flag_set', data: { status: 'ready_to_ship', toolStatus: 'ready_for_delivery' } },
    },
  },
  {
    says: 'half of ready to ship is noted',
    before: EMPTY,
    told: { updateShipping: 1 },
    change: {
      ...{ ...NOTHING, order: { updateShipping: 1 } },
      event: { kind: 'noted', data: { updateShipping: 1 } },
    },
  },
  {
    says: 'ready to ship is taken back',
    before: FULL,
    told: { updateShipping: 0 },
    change: {
      ...{ ...NOTHING, order: { updateShipping: 0 } },
      event: { kind: 'withdrawn', data: { taken: ['ready_to_ship'], updateShipping: 0 } },
    },
  },
  {
    says: 'of a flag that the host left empty, 0 is told',
    before: { ...EMPTY, updateShipping: null },
    told: { updateShipping: 0 },
    change: {
      ...{ ...NOTHING, order: { updateShipping: 0 } },
      event: { kind: 'noted', data: { updateShipping: 0 } },
    },
  },
])('$says', ({ before, told, change }) => {
  expect(completeOrder(before, told)).toEqual(change);
});
