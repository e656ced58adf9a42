import { describe, expect, test } from '@jest/globals';
import { aDocument, after, anItem, anOrder, T0 } from '../model/order.fixture.ts';
import { DAY, HOUR } from '../model/schedules.ts';
import { nextRecheck, rechecks } from './recheck.ts';

const LADDER = [DAY, 7 * DAY, 30 * DAY];

describe('the next look at an invoice', () => {
  test.each<{ says: string; offsets?: readonly number[]; now: Date; next: Date | null }>([
    { says: 'is the first rung once it is stored', now: T0, next: after(DAY) },
    { says: 'is the second after the first, counted from when it was stored', now: after(DAY), next: after(7 * DAY) },
    { says: 'counts from when it was stored, however late the look came', now: after(2 * DAY), next: after(7 * DAY) },
    { says: 'leaves out what passed while nobody looked', now: after(9 * DAY), next: after(30 * DAY) },
    { says: 'never comes after the last', now: after(30 * DAY), next: null },
    { says: 'never comes where none is wanted', offsets: [], now: T0, next: null },
    { says: 'keeps to the order of time', offsets: [7 * DAY, HOUR], now: T0, next: after(HOUR) },
  ])('$says', ({ offsets = LADDER, now, next }) => {
    expect(nextRecheck(T0, offsets, now)).toEqual(next);
  });
});

describe('looked at again', () => {
  const due = { recheckAt: after(DAY) };
  test.each<{ says: string; documents: Parameters<typeof aDocument>[0][]; expected: string[] }>([
    { says: 'is an invoice with a time', documents: [due], expected: ['8'] },
    { says: 'is none without a time', documents: [{}], expected: [] },
    { says: 'is only the newest revision', documents: [due, { documentId: '9', revision: 2 }], expected: [] },
    {
      says: 'is each part by itself',
      documents: [due, { ...due, documentId: '9', part: 2, orderItemIds: ['2'] }],
      expected: ['8', '9'],
    },
    { says: 'is none that waits for a renderer', documents: [{ ...due, hasPdf: false }], expected: [] },
    { says: 'is none whose bytes were removed', documents: [{ ...due, removedAt: T0 }], expected: [] },
    { says: 'is no other document', documents: [{ ...due, docType: 'shippingLabel' }], expected: [] },
  ])('$says', ({ documents, expected }) => {
    const order = anOrder({ items: [anItem()], documents: documents.map((fields) => aDocument(fields)) });
    expect(rechecks(order).map(({ documentId }) => documentId)).toEqual(expected);
  });
});
