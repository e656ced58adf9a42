import { describe, expect, test } from '@jest/globals';
import { aDocument, after, anItem, anOrder, aPackage, aRow } from '../model/order.fixture.ts';
import { plan } from '../plan/plan.ts';
import {
  endWaitForRenderer,
  recordDocument,
  recordDrawn,
  recordRecheck,
  recordRestored,
  recordUndrawable,
  recordUploaded,
  uploadAgain,
} from './record-invoice.ts';

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
  recheckAt: null,
};

test('a fetched invoice is stored beside what was there, and its step is done', () => {
  const waiting = { ...order, documents: [aDocument()], steps: [aRow({ step: 'invoice_fetch', tries: 3 })] };
  const change = recordDocument(waiting, fetched);
  expect(change.newDocuments).toEqual([fetched]);
  expect(change.order).toMatchObject({ documents: [{ revision: 1 }], steps: [] });
  expect(change.events).toEqual([{ kind: 'invoice_fetched', data: { part: 1, revision: 2 } }]);
});

describe('an invoice without a renderer', () => {
  const blocked = aRow({ step: 'invoice_fetch', blocked: true, errorCode: 'render_failed' });
  const undrawn = aDocument({ hasPdf: false, waitsForRenderer: true, path: null, uploadedAt: null });
  const waiting = { ...order, documents: [undrawn], steps: [blocked] };
  const drawn = { documentId: '8', source: pdf, sourceMime: 'text/html', pdf, path: 'a.pdf' };

  test('is stored as it came, and its step is not done', () => {
    const failing = { ...order, steps: [aRow({ step: 'invoice_fetch', tries: 3 })] };
    const change = recordDocument(failing, { ...fetched, pdf: null, path: null });
    expect(change.order.steps).toEqual(failing.steps);
    expect(change.events).toEqual([
      { kind: 'invoice_fetched', data: { part: 1, revision: 2, waits: 'for a renderer' } },
    ]);
  });

  test('goes on when one is there, and has its PDF in the same revision', () => {
    const free = endWaitForRenderer(waiting)?.order ?? order;
    expect(plan(free, NOW).owed).toContainEqual({ step: 'invoice_fetch', ref: '' });
    const change = recordDrawn(free, drawn);
    expect(change?.order.documents).toEqual([{ ...undrawn, hasPdf: true, waitsForRenderer: false, path: 'a.pdf' }]);
    expect(change?.drawnDocuments).toEqual([drawn]);
    expect(change && recordDrawn(change.order, drawn)).toBeNull();
  });

  test('that a renderer has refused is not tried again by itself', () => {
    const refused = recordUndrawable(waiting, '8')?.order ?? order;
    expect([endWaitForRenderer(refused), recordUndrawable(refused, '8')]).toEqual([null, null]);
  });

  test.each([
    { says: 'nothing waits for one', of: { ...waiting, documents: [aDocument()] } },
    { says: 'its step is not blocked', of: { ...waiting, steps: [] } },
  ])('is left alone where $says', ({ of }) => expect(endWaitForRenderer(of)).toBeNull());
});

describe('an invoice that was looked at again', () => {
  const due = { ...order, documents: [aDocument({ recheckAt: NOW })] };
  const failed = { ...due, steps: [aRow({ step: 'invoice_fetch', ref: '8', tries: 2 })] };
  const next = after(7 * 86_400_000);

  test('has its next time, and nothing else of it changes', () => {
    const change = recordRecheck(failed, '8', { recheckAt: next });
    expect(change).toEqual({
      order: { ...failed, documents: [aDocument({ recheckAt: next })], steps: [] },
      events: [],
    });
  });

  test('and that is no more is told', () => {
    const noAnswer = { code: '50008', reason: 'no document' };
    expect(recordRecheck(due, '8', { recheckAt: null, noAnswer })?.events).toEqual([
      { kind: 'noted', data: { step: 'invoice_fetch', part: 1, revision: 1, ...noAnswer } },
    ]);
  });

  test('is told once', () => {
    expect(recordRecheck(due, '8', { recheckAt: NOW })).toBeNull();
    expect(recordRecheck(due, '99', { recheckAt: next })).toBeNull();
  });
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

describe('an invoice that is wanted on the target again', () => {
  const there = aDocument({ documentId: '8', uploadedAt: NOW });
  const later = aDocument({ documentId: '9', revision: 2, uploadedAt: NOW, path: 'INV_R2.pdf' });
  const uploaded = { ...order, documents: [there, later] };

  test('is owed again under the name that it has, and the others are not', () => {
    const change = uploadAgain(uploaded, ['9']);
    expect(change?.order.documents).toEqual([there, { ...later, uploadedAt: null }]);
    expect(change?.events).toEqual([
      { kind: 'forced', data: { step: 'invoice_upload', path: 'INV_R2.pdf', part: 1, revision: 2 } },
    ]);
    const owed = change && plan(change.order, NOW).owed.filter(({ step }) => step === 'invoice_upload');
    expect(owed).toMatchObject([{ ref: '9' }]);
  });

  test.each([
    ['of nobody', { documentId: '99' }],
    ['on its way', { documentId: '8', uploadedAt: null }],
    ['without a PDF', { documentId: '8', hasPdf: false }],
    ['that was removed here', { documentId: '8', removedAt: NOW }],
  ])('%s changes nothing', (_, fields) => {
    expect(uploadAgain({ ...order, documents: [aDocument({ uploadedAt: NOW, ...fields })] }, ['8'])).toBeNull();
  });
});

describe('an invoice whose bytes had been removed', () => {
  const bytes = {
    documentId: '8',
    pdf: Buffer.from('%PDF'),
    source: Buffer.from('%PDF'),
    sourceMime: 'application/pdf',
  };
  const removed = aDocument({ documentId: '8', uploadedAt: NOW, removedAt: NOW, path: 'INV_R2.pdf' });

  test('is there again as it was, under the name that lies on the target, and nothing is owed', () => {
    const failed = aRow({ step: 'invoice_upload', ref: '8', blocked: true, errorCode: 'no_pdf' });
    const change = recordRestored({ ...order, documents: [removed], steps: [failed] }, bytes);
    expect(change?.order).toMatchObject({ documents: [{ ...removed, removedAt: null }], steps: [] });
    expect(change?.drawnDocuments).toEqual([{ ...bytes, path: 'INV_R2.pdf' }]);
    expect(change?.events).toEqual([{ kind: 'invoice_fetched', data: { part: 1, revision: 1, restored: true } }]);
    expect(change && plan(change.order, NOW).owed.map(({ step }) => step)).not.toContain('invoice_upload');
  });

  test.each([
    { says: 'one that is there', documents: [{ ...removed, removedAt: null }] },
    { says: 'one that never was a PDF', documents: [{ ...removed, hasPdf: false, path: null }] },
    { says: 'none of the order', documents: [] },
  ])('$says is not touched', ({ documents }) => {
    expect(recordRestored({ ...order, documents }, bytes)).toBeNull();
  });

  test('is fetched by nobody of its own accord, and stays uploaded', () => {
    const planned = plan({ ...order, documents: [{ ...removed, recheckAt: NOW }] }, NOW);
    expect(planned.owed.filter(({ step }) => step.startsWith('invoice'))).toEqual([]);
    expect(planned.summary.invoiceStatus).toBe('uploaded');
  });
});
