import { describe, expect, test } from '@jest/globals';
import { aDocument, anItem, anOrder } from '../model/order.fixture.ts';
import { invoiceParts } from './invoice-parts.ts';

const items = (...ids: string[]) => ids.map((orderItemId) => anItem({ orderItemId }));
const many = (count: number) => items(...Array.from({ length: count }, (_, at) => String(1_000 + at)));
/** Part, how many items it names, and the revision that it has. */
const told = (order: Parameters<typeof anOrder>[0]) =>
  invoiceParts(anOrder(order)).map(({ part, orderItemIds, document }) => [
    part,
    orderItemIds.length,
    document?.revision ?? null,
  ]);

describe('the parts of an invoice', () => {
  test.each<{ says: string; order: Parameters<typeof anOrder>[0]; parts: ReturnType<typeof told> }>([
    { says: 'none before the items were read', order: { items: null }, parts: [] },
    { says: 'one for up to a hundred items', order: { items: many(100) }, parts: [[1, 100, null]] },
    {
      says: 'as many as it takes, a hundred items each',
      order: { items: many(201) },
      parts: [
        [1, 100, null],
        [2, 100, null],
        [3, 1, null],
      ],
    },
    {
      says: 'without digital and cancelled items',
      order: {
        items: [
          anItem(),
          anItem({ orderItemId: '2', digital: true }),
          anItem({ orderItemId: '3', status: 'canceled' }),
        ],
      },
      parts: [[1, 1, null]],
    },
    {
      says: 'fixed once fetched, also where an item was cancelled since',
      order: {
        items: [anItem({ orderItemId: '1' }), anItem({ orderItemId: '2', status: 'canceled' })],
        documents: [aDocument({ orderItemIds: ['1', '2'] })],
      },
      parts: [[1, 2, 1]],
    },
    {
      says: 'a further one for items that came later',
      order: { items: items('1', '2'), documents: [aDocument({ orderItemIds: ['1'] })] },
      parts: [
        [1, 1, 1],
        [2, 1, null],
      ],
    },
    {
      says: 'of which the newest revision counts',
      order: {
        items: items('1'),
        documents: [aDocument({ documentId: '9', revision: 2 }), aDocument({ documentId: '8' })],
      },
      parts: [[1, 1, 2]],
    },
    {
      says: 'and of documents the invoices alone',
      order: { items: items('1'), documents: [aDocument({ docType: 'shippingLabel' })] },
      parts: [[1, 1, null]],
    },
  ])('$says', ({ order, parts }) => {
    expect(told(order)).toEqual(parts);
  });
});
