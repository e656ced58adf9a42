import { describe, expect, test } from '@jest/globals';
import { aDocument, anAccount, anOrder, aPackage } from '../model/order.fixture.ts';
import type { DocumentFacts, Order } from '../model/order.ts';
import { indexDaysTouched, manifestDaysTouched } from './day-marks.ts';

/** 08:00 on the 5th in Singapore. */
const NOW = new Date('2026-03-05T00:00:00Z');
const INVOICE: DocumentFacts = aDocument({ documentId: '7', path: 'INV.pdf', uploadedAt: null, createdAt: NOW });
const readyAt = (...times: string[]) =>
  times.map((time, index) =>
    aPackage({ id: `${index + 1}`, packageId: `FP${index + 1}`, readyToShipAt: new Date(time) }),
  );
const status = (invoiceStatus: Order['summary']['invoiceStatus']) => ({
  summary: { ...anOrder().summary, invoiceStatus },
});
/** Late on the 3rd in UTC, and the 4th in Singapore. */
const YESTERDAY = readyAt('2026-03-03T18:00:00Z');
const ready = anOrder({ packages: YESTERDAY, ...status('waiting') });

describe('which indexes a change makes untrue', () => {
  type Case = [what: string, before: Order, after: Partial<Order>, days: string[]];
  test.each<Case>([
    ['a stored invoice', ready, { documents: [INVOICE] }, ['2026-03-04']],
    [
      'its next revision',
      { ...ready, documents: [INVOICE] },
      { documents: [INVOICE, { ...INVOICE, documentId: '8', revision: 2 }] },
      ['2026-03-04'],
    ],
    [
      'an upload under another name',
      { ...ready, documents: [INVOICE] },
      { documents: [{ ...INVOICE, path: 'INV_R2.pdf', uploadedAt: NOW }] },
      ['2026-03-04'],
    ],
    ['an upload that changes the status', { ...ready, ...status('fetched') }, status('uploaded'), ['2026-03-04']],
    ['an invoice that is given up', ready, status('missing'), ['2026-03-04']],
    [
      'a part that is uploaded while others are not: it says nothing new',
      { ...ready, documents: [INVOICE] },
      { documents: [{ ...INVOICE, uploadedAt: NOW }] },
      [],
    ],
    [
      'a change of anything else',
      ready,
      { trackingNumber: 'TN2', packages: YESTERDAY.map((one) => ({ ...one, state: 'shipped' as const })) },
      [],
    ],
    [
      'an order over two days is told of in both',
      { ...ready, packages: readyAt('2026-03-03T18:00:00Z', '2026-03-02T18:00:00Z') },
      status('uploaded'),
      ['2026-03-03', '2026-03-04'],
    ],
    [
      'two packages of one day',
      { ...ready, packages: readyAt('2026-03-03T18:00:00Z', '2026-03-03T19:00:00Z') },
      status('uploaded'),
      ['2026-03-04'],
    ],
    [
      'a day that is not over has no index yet',
      { ...ready, packages: readyAt('2026-03-04T23:00:00Z') },
      status('uploaded'),
      [],
    ],
    [
      'a package that is not ready to ship',
      { ...ready, packages: [aPackage({ readyToShipAt: null })] },
      status('uploaded'),
      [],
    ],
    [
      'a package that turns out to have been set ready on a day that is over',
      { ...ready, packages: [] },
      { packages: YESTERDAY },
      ['2026-03-04'],
    ],
    [
      "another account's clock",
      { ...ready, account: anAccount({ timezone: 'UTC' }) },
      status('uploaded'),
      ['2026-03-03'],
    ],
  ])('%s', (_, before, after, days) => expect(indexDaysTouched(before, { ...before, ...after }, NOW)).toEqual(days));
});

describe('which manifests a change tells of too late', () => {
  type Case = [what: string, before: Order, after: Partial<Order>, days: string[]];
  test.each<Case>([
    ['a package that was read first after its day', anOrder(), { packages: YESTERDAY }, ['2026-03-04']],
    ['a package of today', anOrder(), { packages: readyAt('2026-03-04T23:00:00Z') }, []],
    ['one that was known', ready, { packages: YESTERDAY.map((one) => ({ ...one, state: 'shipped' as const })) }, []],
    ['one whose time is corrected', ready, { packages: readyAt('2026-03-02T18:00:00Z') }, ['2026-03-03']],
    ['one that is gone from its day', ready, { packages: [] }, []],
    ['an invoice', ready, { documents: [INVOICE] }, []],
  ])('%s', (_, before, after, days) => expect(manifestDaysTouched(before, { ...before, ...after }, NOW)).toEqual(days));
});
