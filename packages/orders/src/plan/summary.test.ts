import { describe, expect, test } from '@jest/globals';
import { aDocument, after, anItem, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { Order, Summary } from '../model/order.ts';
import { plan } from './plan.ts';

const NOW = after(3_600_000);
const summaryOf = (fields: Partial<Order>): Summary => plan(anOrder({ itemsReadAt: NOW, ...fields }), NOW).summary;
const shipped = aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0, confirmedAt: T0 });
const failed = (fields: Parameters<typeof aRow>[0]) => aRow({ ref: '11', dueAt: after(7_200_000), ...fields });

describe('the invoice status', () => {
  const items = [anItem({ orderItemId: '1' }), anItem({ orderItemId: '2' })];
  const part = (number: number, fields = {}) =>
    aDocument({ documentId: `${number}`, part: number, orderItemIds: [`${number}`], ...fields });
  const givenUp = (errorCode: string) => [aRow({ step: 'invoice_fetch', blocked: true, errorCode })];

  test.each<{ says: Summary['invoiceStatus']; where: string; order: Partial<Order> }>([
    { says: 'none', where: 'before ready to ship', order: { packages: [aPackage({ state: 'packed' })] } },
    { says: 'waiting', where: 'until each part is there', order: { documents: [part(1)] } },
    {
      says: 'fetched',
      where: 'until each part is at the target',
      order: { documents: [part(1), part(2, { uploadedAt: null })] },
    },
    { says: 'uploaded', where: 'then', order: { documents: [part(1), part(2)] } },
    {
      says: 'fetched',
      where: 'for a newer revision that is not at the target, whatever the first is',
      order: { documents: [part(1), part(2), part(2, { documentId: '3', revision: 2, uploadedAt: null })] },
    },
    { says: 'missing', where: 'where it was given up as missing', order: { steps: givenUp('missing') } },
    { says: 'unsupported', where: 'where it is masked', order: { steps: givenUp('unsupported') } },
    { says: 'render_failed', where: 'where it does not become a PDF', order: { steps: givenUp('render_failed') } },
    { says: 'waiting', where: 'where it was given up for another reason', order: { steps: givenUp('http_400') } },
  ])('is $says $where', ({ says, order }) => {
    expect(summaryOf({ items, packages: [shipped], ...order }).invoiceStatus).toBe(says);
  });
});

describe('the last error', () => {
  test.each<{ says: string; steps: Order['steps']; code: string | null }>([
    {
      says: 'none where steps only wait',
      steps: [failed({ step: 'tracking', errorCode: 'tracking_missing' })],
      code: null,
    },
    {
      says: "the blocked step's, whatever else was tried more often",
      steps: [
        failed({ step: 'shipped', tries: 1, blocked: true, dueAt: null, errorCode: '700023' }),
        failed({ step: 'tracking', tries: 7, errorCode: 'http_503' }),
      ],
      code: '700023',
    },
    {
      says: 'else that of the step with most tries',
      steps: [
        failed({ step: 'shipped', tries: 2, errorCode: 'reset' }),
        failed({ step: 'look', ref: '', tries: 5, errorCode: 'timeout' }),
      ],
      code: 'timeout',
    },
  ])('is $says', ({ steps, code }) => {
    expect(summaryOf({ items: [anItem()], packages: [aPackage()], steps }).lastErrorCode).toBe(code);
  });
});

describe('what is named first', () => {
  test('of several holds the one that comes first in their order', () => {
    const both = { flag: true, at: T0, sentAt: null };
    const order = {
      items: [anItem({ cancelPending: true })],
      packages: [shipped],
      delivered: both,
      notDelivered: { ...both, reason: null, releasedAt: null },
    };
    expect(summaryOf(order).holdReason).toBe('cancel_pending');
    expect(summaryOf({ ...order, items: [anItem()] }).holdReason).toBe('conflict');
  });

  test('of several blocked steps the one that comes first in theirs', () => {
    const steps = (['invoice_fetch', 'shipped'] as const).map((step) =>
      failed({ step, ref: step === 'shipped' ? '11' : '', blocked: true, dueAt: null }),
    );
    expect(summaryOf({ items: [anItem()], packages: [aPackage()], steps }).blockedStep).toBe('shipped');
  });
});

describe('the order is confirmed', () => {
  const ended = (confirmedAt: Date | null) => aPackage({ id: '12', packageId: 'FP2', state: 'delivered', confirmedAt });
  test.each<{ says: string; packages: Order['packages']; at: Date | null }>([
    { says: 'when its last package is', packages: [ended(T0), { ...ended(NOW), packageId: 'FP3' }], at: NOW },
    { says: 'not before each is', packages: [ended(T0), { ...ended(null), packageId: 'FP3' }], at: null },
    { says: 'not while one is open', packages: [ended(T0), shipped], at: null },
    { says: 'without those that were cancelled', packages: [ended(T0), aPackage({ state: 'cancelled' })], at: T0 },
    { says: 'never without a package', packages: [], at: null },
  ])('$says', ({ packages, at }) => {
    expect(summaryOf({ items: [anItem()], packages }).confirmedAt).toEqual(at);
  });
});
