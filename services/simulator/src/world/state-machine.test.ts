import { expect, test } from '@jest/globals';
import { hasParcel, ITEM_EVENTS, ITEM_STATUSES, type ItemEvent, type ItemStatus, move } from './state-machine.ts';

test.each<[string, ItemStatus, ItemEvent, ItemStatus | null]>([
  ['a paid order can be packed', 'pending', 'pack', 'packed'],
  ['an unpaid one cannot', 'unpaid', 'pack', null],
  ['what was taken out of its package can be packed again', 'repacked', 'pack', 'packed'],
  ['what is packed is not packed twice', 'packed', 'pack', null],
  ['packed leads to ready to ship', 'packed', 'ready', 'ready_to_ship'],
  ['ready to ship is not said twice', 'ready_to_ship', 'ready', null],
  ['nothing is ready to ship before it is packed', 'pending', 'ready', null],
  ['the retired call packs and sets ready in one', 'pending', 'readyLegacy', 'ready_to_ship'],
  ['the retired call may be repeated', 'ready_to_ship', 'readyLegacy', 'ready_to_ship'],
  ['shipped follows ready to ship', 'ready_to_ship', 'ship', 'shipped'],
  ['shipped does not follow packed', 'packed', 'ship', null],
  ['delivered follows shipped', 'shipped', 'deliver', 'delivered'],
  ['the SOF module does not take delivered before shipped', 'ready_to_ship', 'deliver', null],
  ['the Open Platform takes delivered from ready to ship', 'ready_to_ship', 'deliverDirectly', 'delivered'],
  ['a delivery can fail', 'shipped', 'fail', 'failed'],
  ['a failed one is not delivered', 'failed', 'deliver', null],
  ['a delivered one does not fail', 'delivered', 'failDirectly', null],
  ['nothing leads from delivered back to shipped', 'delivered', 'ship', null],
  ['a buyer cancels until it is shipped', 'ready_to_ship', 'cancel', 'canceled'],
  ['what is shipped is not cancelled', 'shipped', 'cancel', null],
  ['what is cancelled stays so', 'canceled', 'pack', null],
  ['a delivered one can come back', 'delivered', 'return', 'returned'],
  ['a failed one goes back to the seller', 'failed', 'shipBack', 'shipped_back'],
  ['a carrier can lose it', 'shipped', 'lose', 'lost_by_3pl'],
])('%s', (_sentence, from, event, to) => {
  expect(move(from, event)).toBe(to);
});

test('no end state can be left for another end', () => {
  const ends = ['delivered', 'failed', 'canceled', 'lost_by_3pl', 'damaged_by_3pl'] as const;
  const reached = ends.flatMap((end) => ITEM_EVENTS.map((event) => move(end, event)));
  expect(reached.filter((status) => ends.some((end) => end === status))).toEqual([]);
});

test('a document wants a parcel', () => {
  const without = ITEM_STATUSES.filter((status) => !hasParcel(status));
  expect(without).toEqual(['unpaid', 'pending', 'repacked', 'canceled']);
});
