import { describe, expect, test } from '@jest/globals';
import { aDocument, after, anItem, anOrder, aPackage, aRow } from '../model/order.fixture.ts';
import { plan } from '../plan/plan.ts';
import { recordDocument, recordUploaded } from './record-invoice.ts';

const NOW = after(3_600_000);
const order = anOrder({ items: [anItem()], itemsReadAt: NOW, packages: [aPackage({ state: 'shipped' })] });
const pdf = Buffer.from('%PDF-1.7');
const fetched = {
  docType: 'invoice' as const,
  part: 1,
  revision: 2,
  orderItemIds: ['1'],
  source: pdf,
  sourceMime: 'application/pdf',
  pdf,
  path: 'SG/2026/03/INV_SG_demo-sg_4001_R2.pdf',
};

test('a fetched invoice is stored beside what was there, and its step is done', () => {
  const waiting = { ...order, documents: [aDocument()], steps: [aRow({ step: 'invoice_fetch', tries: 3 })] };
  const change = recordDocument(waiting, fetched);
  expect(change.newDocuments).toEqual([fetched]);
  expect(change.order).toMatchObject({ documents: [{ revision: 1 }], steps: [] });
  expect(change.events).toEqual([{ kind: 'invoice_fetched', data: { part: 1, revision: 2 } }]);
});

describe('an uploaded invoice', () => {
  const stored = { ...order, documents: [aDocument({ documentId: '8', uploadedAt: null })] };

  test('has the path that it really got, and is owed no more', () => {
    const change = recordUploaded(stored, '8', 'SG/2026/03/INV_R2.pdf', NOW);
    expect(change?.order.documents).toMatchObject([{ path: 'SG/2026/03/INV_R2.pdf', uploadedAt: NOW }]);
    expect(change && plan(change.order, NOW).owed.map(({ step }) => step)).not.toContain('invoice_upload');
  });

  test.each([
    { says: 'is told once', documentId: '8', documents: [aDocument({ documentId: '8', uploadedAt: NOW })] },
    { says: 'of nobody changes nothing', documentId: '99', documents: stored.documents },
  ])('$says', ({ documentId, documents }) => {
    expect(recordUploaded({ ...order, documents }, documentId, 'elsewhere.pdf', NOW)).toBeNull();
  });
});
