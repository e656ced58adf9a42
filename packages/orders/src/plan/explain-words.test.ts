/** What a support agent reads: every hold and every block in one sentence that names the fix. */
import { describe, expect, test } from '@jest/globals';
import {
  aDocument,
  after,
  anAcceptedAttempt,
  anAccount,
  anItem,
  anOrder,
  aPackage,
  aRow,
  T0,
} from '../model/order.fixture.ts';
import { HOLD_REASONS, type HoldReason, type Order, STEP_NAMES, type StepName } from '../model/order.ts';
import { DAY, HOUR, MINUTE } from '../model/schedules.ts';
import { CODES_WITH_A_WAY_OUT, wayOut } from './checks/ways-out.ts';
import { type Explanation, explain } from './explain.ts';

const NOW = after(2 * DAY);
const flag = { flag: true, at: after(MINUTE), sentAt: null };
const not = { reason: null, releasedAt: null };
const read = { items: [anItem()], itemsReadAt: NOW };
const shipped = aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0, confirmedAt: T0 });
const told = (order: Partial<Order>) => explain(anOrder({ ...read, ...order }), NOW);
const stopping = (order: Partial<Order>) => told(order).filter(({ ok }) => !ok);

/** One sentence: no list of lines, no end in the middle, nothing that was not filled in. */
const expectSentence = ({ detail, fix = '' }: Pick<Explanation, 'detail' | 'fix'>) => {
  for (const words of [detail, fix]) {
    expect(words.length).toBeGreaterThan(10);
    expect(words).not.toMatch(/undefined|null|NaN|\n|[.:;,] *$|[.] [A-Z]|::| {2}/);
  }
  expect(fix.length).toBeLessThan(220);
};

const HELD: Readonly<Record<HoldReason, Partial<Order>>> = {
  cancel_pending: { delivered: flag, packages: [shipped], items: [anItem({ cancelPending: true })] },
  conflict: { delivered: flag, notDelivered: { ...flag, ...not }, packages: [shipped] },
  not_sof: { updateShipping: true, toolStatus: 'ready_for_delivery', items: [anItem({ sof: false })] },
  too_early: { delivered: flag, packages: [aPackage({ state: 'packed' })] },
  out_of_order: { delivered: { ...flag, at: after(DAY, NOW) }, packages: [shipped] },
  awaiting_tracking: { delivered: flag, packages: [aPackage({ trackingNumber: null })] },
  awaiting_release: { notDelivered: { ...flag, ...not }, packages: [shipped] },
  status_mismatch: { packages: [{ ...shipped, confirmedAt: null }], items: [anItem()] },
  tracking_missing: {
    packages: [aPackage({ trackingNumber: null })],
    steps: [aRow({ step: 'tracking', ref: '11', since: T0, dueAt: after(HOUR, NOW), error: 'not yet' })],
  },
};

test.each(HOLD_REASONS)('held as %s', (reason) => {
  const found = stopping(HELD[reason]).find(({ check }) => check === reason);
  expect(found).toBeDefined();
  if (found) expectSentence(found);
});

test.each([
  ['it has no time', null],
  ['its time is none', new Date(Number.NaN)],
  ['it is before the order', after(-2 * HOUR)],
  ['it is before shipped', after(-MINUTE)],
])('held as out_of_order, since %s', (_, at) => {
  const found = stopping({ delivered: { ...flag, at }, packages: [shipped] }).find(({ ok }) => !ok);
  expect(found).toMatchObject({ check: 'out_of_order' });
  if (found) expectSentence(found);
});

const CODES = [...CODES_WITH_A_WAY_OUT, 'http_400', 'timeout', '700023', 'batch_size', null];

describe.each(STEP_NAMES)('%s given up', (step) => {
  test.each(CODES)('as %s names a fix', (errorCode) => {
    for (const tries of [0, 1, 16])
      expectSentence({ detail: 'it was given up', fix: wayOut({ step, errorCode, tries }) });
  });

  test('after all of its tries speaks of the outside', () => {
    expect(wayOut({ step, errorCode: 'http_503', tries: 16 })).toMatch(/outside answers again/);
    expect(wayOut({ step, errorCode: 'http_400', tries: 16 })).not.toMatch(/outside/);
  });
});

const BLOCKABLE: Partial<Record<StepName, Partial<Order>>> = {
  ready_to_ship: {
    updateShipping: true,
    toolStatus: 'ready_for_delivery',
    items: [anItem({ status: 'pending', packageId: null })],
  },
  tracking: { packages: [aPackage({ trackingNumber: null })] },
  shipped: { packages: [aPackage()] },
  delivered: { delivered: flag, packages: [shipped] },
  not_delivered: { notDelivered: { ...flag, reason: null, releasedAt: NOW }, packages: [shipped] },
  confirm: { packages: [{ ...shipped, confirmedAt: null, shippedSentAt: after(-HOUR, NOW) }] },
  look: { packages: [shipped] },
  invoice_fetch: { packages: [shipped] },
  invoice_upload: {
    documents: [aDocument({ documentId: '7', path: 'a.pdf', uploadedAt: null })],
  },
  carrier_poll: { packages: [{ ...shipped, carrier: 'dhl', carrierTrackingNumber: 'D1' }], carriersAsked: ['dhl'] },
};
const REF: Partial<Record<StepName, string>> = { invoice_fetch: '', look: '', ready_to_ship: '', invoice_upload: '7' };

test.each(STEP_NAMES)('blocked %s is told with its fix', (step) => {
  const row = aRow({ step, ref: REF[step] ?? '11', blocked: true, since: NOW, errorCode: 'http_400', error: 'no' });
  const found = stopping({ ...BLOCKABLE[step], steps: [row] }).find(({ check }) => check === 'blocked');
  expect(found?.detail).toContain(step);
  expect(found?.detail).toContain('http_400: no');
  if (found) expectSentence(found);
});

test('a block without a code or words is a sentence all the same', () => {
  const steps = [aRow({ step: 'shipped', ref: '11', blocked: true, errorCode: null, error: null })];
  const found = stopping({ packages: [aPackage()], steps }).find(({ check }) => check === 'blocked');
  expect(found?.detail).toBe('shipped of package FP1: it was given up: without a code');
});

describe('what a person should do first stands first', () => {
  test('account, what was given up, holds, then what only takes time', () => {
    const checks = stopping({
      account: anAccount({ enabled: false }),
      delivered: flag,
      notDelivered: { ...flag, ...not },
      shipBy: T0,
      items: [anItem({ status: 'pending', packageId: null, orderItemId: '2' }), anItem()],
      packages: [aPackage({ trackingNumber: null })],
      steps: [aRow({ step: 'invoice_fetch', blocked: true, errorCode: 'missing', error: 'none' })],
    }).map(({ check }) => check);
    expect([...new Set(checks)]).toEqual([
      'account_blocked',
      'blocked',
      'conflict',
      'awaiting_release',
      'ship_by',
      'awaiting_tracking',
      'shipped_first',
    ]);
  });
});

describe('an order that nothing stops', () => {
  const done = aPackage({
    ...{ state: 'delivered', shippedAt: T0, shippedSentAt: T0, deliveredAt: T0, deliveredSentAt: T0, confirmedAt: T0 },
  });
  const documents = BLOCKABLE.invoice_upload?.documents?.map((one) => ({ ...one, uploadedAt: T0 })) ?? [];
  const summary = { ...anOrder().summary, invoiceStatus: 'uploaded' as const };
  const delivered = [anItem({ status: 'delivered' })];
  const attempts = [anAcceptedAttempt()];

  type Row = { says: string; order: Partial<Order>; check: string; words: RegExp };
  test.each<Row>([
    {
      says: 'all is done',
      order: { items: delivered, packages: [done], documents, summary, attempts },
      check: 'instruction',
      words: /^all is done: every package has ended, invoice uploaded; its items are read again at 2026-03-09T/,
    },
    {
      says: 'nobody has said how it ended',
      order: { packages: [shipped], documents, items: [anItem({ status: 'shipped' })] },
      check: 'instruction',
      words: /^nothing is left to do until somebody says how package FP1 \(shipped\) ended: set update_delivered or/,
    },
    {
      says: 'it waits for Lazada to show what it accepted',
      order: {
        items: [anItem({ status: 'shipped' })],
        documents,
        packages: [{ ...done, deliveredSentAt: after(-MINUTE, NOW), confirmedAt: null }],
      },
      check: 'waits',
      words: /^it waits for Lazada to show what it accepted of package FP1 until 2026-03-04T04:01:00/,
    },
    {
      says: 'nothing was asked',
      order: { items: null, itemsReadAt: null },
      check: 'instruction',
      words: /^nothing is left to do: /,
    },
    {
      says: 'every item is cancelled',
      order: { items: [anItem({ status: 'canceled' })], summary: { ...summary, status: 'cancelled' } },
      check: 'instruction',
      words: /^all is done: every item is cancelled/,
    },
  ])('says that $says', ({ order, check, words }) => {
    expect(stopping(order)).toEqual([]);
    expect(told(order).at(-1)).toEqual({ check, ok: true, detail: expect.stringMatching(words) });
  });
});
