import { describe, expect, test } from '@jest/globals';
import { aDocument, anOrder, aRow, T0 } from '../model/order.fixture.ts';
import { chooseInvoice, type InvoiceWanted } from './choose-invoice.ts';

const document = (part: number, revision: number, hasPdf = true) =>
  aDocument({ documentId: `${part}.${revision}`, part, revision, hasPdf });
const ORDER = anOrder({
  documents: [document(2, 1), document(1, 1), document(1, 3), document(1, 2, false), document(4, 1)],
});

describe('the invoice that is meant', () => {
  test.each<[string, InvoiceWanted, string, number | null]>([
    ['without a word: the newest revision of the first part', {}, '1.3', 2],
    ['a revision alone: of the first part', { revision: 1 }, '1.1', 2],
    ['a part alone: its newest revision', { part: 2 }, '2.1', 4],
    ['the last part, which none follows', { part: 4, revision: 1 }, '4.1', null],
  ])('%s', (_, wanted, documentId, nextPart) => {
    expect(chooseInvoice(ORDER, wanted)).toMatchObject({ document: { documentId }, nextPart });
  });

  test('a paper of another kind is no invoice', () => {
    const order = anOrder({ documents: [aDocument({ docType: 'shippingLabel' })] });
    expect(chooseInvoice(order, {})).toEqual({ refused: expect.stringContaining('There is no invoice') });
  });
});

test('one that was removed says when, where it lies and how to get it', () => {
  const removed = { removedAt: T0, uploadedAt: T0, path: 'SG/INV.pdf' };
  const order = anOrder({ documents: [aDocument({ revision: 1 }), aDocument({ revision: 2, ...removed })] });
  expect(chooseInvoice(order, {})).toEqual({
    removed: expect.stringMatching(
      /^Part 1, revision 2 of the invoice of order 4001 of account demo-sg was removed on \d{4}-\d\d-\d\d, .*uploaded as SG\/INV\.pdf\. .*sof invoice refetch demo-sg 4001\.$/,
    ),
  });
  expect(chooseInvoice(order, { revision: 1 })).toMatchObject({ document: { revision: 1 } });
});

describe('where there is none, the words say which there are', () => {
  const blocked = aRow({
    step: 'invoice_fetch',
    blocked: true,
    errorCode: 'render_failed',
    error: 'no letter for U+E000',
  });
  const summary = { ...ORDER.summary, invoiceStatus: 'render_failed' as const };
  const undrawn = anOrder({ documents: [document(1, 1), document(1, 2, false)], steps: [blocked], summary });
  test.each([
    ['a part', ORDER, { part: 3 }, 'has no part 3; there are parts 1, 2, 4.'],
    ['a revision', ORDER, { part: 2, revision: 2 }, 'has no revision 2 of part 2; there is revision 1.'],
    [
      'one that is no PDF',
      ORDER,
      { revision: 2 },
      'revision 2 of the invoice of order 4001 of account demo-sg is no PDF, it is kept as it came; as a PDF there are revisions 1, 3 (invoiceStatus',
    ],
    [
      'one that nobody could draw',
      undrawn,
      {},
      'is no PDF, it is kept as it came; as a PDF there is revision 1 (invoiceStatus render_failed, given up: no letter for U+E000)',
    ],
    ['none at all', anOrder(), {}, 'There is no invoice of order 4001 of account demo-sg yet (invoiceStatus none).'],
  ])('%s', (_, order, wanted, words) => {
    expect(chooseInvoice(order, wanted)).toEqual({ refused: expect.stringContaining(words) });
  });
});
