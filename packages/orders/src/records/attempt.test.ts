import { describe, expect, test } from '@jest/globals';
import { after, anAttempt, anItem, anOrder, aPackage, readItem, T0 } from '../model/order.fixture.ts';
import type { Attempt, Order } from '../model/order.ts';
import type { OwedReport } from '../model/owed.ts';
import type { ReportOutcome } from '../model/ports.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../model/schedules.ts';
import { beginAttempt, endAttempt } from './attempt.ts';
import { recordItems } from './record-items.ts';

const owed: OwedReport = { step: 'delivered', ref: '11', packageId: 'FP1', trackingNumber: 'TN1', occurredAt: T0 };
const shipped = aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0, confirmedAt: T0 });
const attempt = (fields: Partial<Attempt> = {}) => anAttempt({ startedAt: after(HOUR), ...fields });
const outcome = (of: ReportOutcome['outcome']): ReportOutcome => ({
  outcome: of,
  httpStatus: 202,
  answer: null,
  requestId: null,
});
const begun = (fields: Partial<Order> = {}) => anOrder({ packages: [shipped], attempts: [attempt()], ...fields });

describe('the intent', () => {
  test('is written as sending, with the time of the event', () => {
    expect(beginAttempt(anOrder({ packages: [shipped] }), owed, after(HOUR))?.order.attempts).toMatchObject([
      { outcome: 'sending', occurredAt: T0, startedAt: after(HOUR) },
    ]);
  });

  test.each([
    { says: 'one that is sending', taken: attempt() },
    { says: 'one of unknown outcome', taken: attempt({ outcome: 'unknown' }) },
    { says: 'one that was accepted', taken: attempt({ outcome: 'accepted' }) },
    { says: 'the other end', taken: attempt({ status: 'not_delivered', outcome: 'accepted' }) },
  ])('is not written over $says', ({ taken }) => {
    expect(beginAttempt(anOrder({ packages: [shipped], attempts: [taken] }), owed, after(HOUR))).toBeNull();
  });

  test.each([
    { says: 'a refused one', other: attempt({ outcome: 'refused' }) },
    { says: 'a void one', other: attempt({ outcome: 'void' }) },
    { says: 'shipped of the same package', other: attempt({ status: 'shipped', outcome: 'accepted' }) },
    { says: 'one of an older tracking number', other: attempt({ trackingNumber: 'TN0', outcome: 'accepted' }) },
  ])('is written beside $says', ({ other }) => {
    expect(beginAttempt(anOrder({ packages: [shipped], attempts: [other] }), owed, after(HOUR))).not.toBeNull();
  });
});

describe('its outcome', () => {
  test('accepted: the package has the state, the time sent, and is to be confirmed', () => {
    const change = endAttempt(begun(), '7', outcome('accepted'), after(HOUR));
    expect(change?.order.packages).toMatchObject([
      { state: 'delivered', deliveredAt: T0, deliveredSentAt: after(HOUR), confirmedAt: null },
    ]);
    expect(change?.events).toMatchObject([{ kind: 'status_accepted', packageId: 'FP1' }]);
  });

  test.each(['refused', 'void'] as const)('%s: the slot is free again, the package is as before', (of) => {
    const change = endAttempt(begun(), '7', outcome(of), after(HOUR));
    expect(change?.order.attempts).toMatchObject([{ outcome: of, closedAt: after(HOUR) }]);
    expect(change?.order.packages).toEqual([shipped]);
  });

  test('unknown: the attempt stays open', () => {
    expect(endAttempt(begun(), '7', outcome('unknown'), after(HOUR))?.order.attempts).toMatchObject([
      { outcome: 'unknown', closedAt: null },
    ]);
  });

  test.each(['refused', 'accepted'] as const)('an attempt that was %s meanwhile is not closed as void', (of) => {
    const change = endAttempt(begun({ attempts: [attempt({ outcome: of })] }), '7', outcome('void'), after(HOUR));
    expect(change).toBeNull();
  });

  describe('a 202 that could not be written for long, since the host held the rows', () => {
    const given = attempt({ outcome: 'void', closedAt: after(HOUR + MINUTE) });
    const late = (attempts: Attempt[]) => endAttempt(begun({ attempts }), '7', outcome('accepted'), after(2 * HOUR));

    test('is believed over a read that did not show it', () => {
      expect(late([given])?.order).toMatchObject({
        attempts: [{ outcome: 'accepted' }],
        packages: [{ state: 'delivered', deliveredSentAt: after(2 * HOUR) }],
      });
    });

    test.each(['sending', 'unknown', 'accepted'] as const)('is left where it was sent again since (%s)', (of) => {
      expect(late([given, attempt({ attemptId: '8', outcome: of, startedAt: after(HOUR + 2 * MINUTE) })])).toBeNull();
    });
  });

  test('accepted for a number that the package no longer has: the package is as it is', () => {
    const renumbered = aPackage({ ...shipped, trackingNumber: 'TN9' });
    expect(
      endAttempt(begun({ packages: [renumbered] }), '7', outcome('accepted'), after(HOUR))?.order.packages,
    ).toEqual([renumbered]);
  });
});

describe('a read that says nothing of the package is no word that the status did not arrive', () => {
  const DUE = after(HOUR + 30 * SECOND);
  const twoItems = [anItem({ status: 'shipped' }), anItem({ orderItemId: '2', status: 'shipped' })];
  test.each([
    { says: 'an item of a status that nobody knows', items: [readItem({ status: 'teleported' })] },
    { says: 'a pending item without its package', items: [readItem({ status: 'pending', packageId: null })] },
    { says: 'an item that is left out', items: [readItem({ status: 'shipped' })] },
    { says: 'nothing at all', items: [] },
  ])('$says', ({ items }) => {
    const order = begun({ items: twoItems.slice(0, items.length === 1 && items[0]?.status === 'shipped' ? 2 : 1) });
    const change = recordItems(order, items, DUE, DUE);
    expect(change?.order.attempts).toMatchObject([{ outcome: 'sending' }]);
    expect(change?.order.steps).toContainEqual(
      expect.objectContaining({ step: 'delivered', errorCode: 'not_shown', dueAt: after(30 * SECOND, DUE) }),
    );
  });
});

test('an answer that comes when all items have left the package does not bring it to life', () => {
  const left = aPackage({ state: 'cancelled', shippedAt: T0, shippedSentAt: T0 });
  const change = endAttempt(begun({ packages: [left] }), '7', outcome('accepted'), after(HOUR));
  expect(change?.order.packages).toMatchObject([{ state: 'cancelled', deliveredSentAt: after(HOUR) }]);
});

describe('reading it back', () => {
  const readBack = (order: Order, status: string, at: Date) => recordItems(order, [readItem({ status })], at, at);
  const DUE = after(HOUR + 30 * SECOND);

  test.each([
    {
      says: 'the status shows: accepted, sent when it was started',
      status: 'delivered',
      at: DUE,
      outcome: 'accepted',
      state: 'delivered',
    },
    {
      says: 'it shows before its time: accepted all the same',
      status: 'delivered',
      at: after(HOUR + SECOND),
      outcome: 'accepted',
      state: 'delivered',
    },
    {
      says: 'it does not show before its time: nothing is known',
      status: 'shipped',
      at: after(HOUR + 29 * SECOND),
      outcome: 'sending',
      state: 'shipped',
    },
    {
      says: 'it does not show at its time: void, owed again',
      status: 'shipped',
      at: DUE,
      outcome: 'void',
      state: 'shipped',
    },
    {
      says: 'the other end shows: void, and the package has ended otherwise',
      status: 'failed',
      at: DUE,
      outcome: 'void',
      state: 'not_delivered',
    },
    { says: 'the package is cancelled: void', status: 'canceled', at: DUE, outcome: 'void', state: 'cancelled' },
  ])('$says', ({ status, at, outcome: of, state }) => {
    const order = readBack(begun(), status, at)?.order;
    expect(order?.attempts).toMatchObject([{ outcome: of }]);
    expect(order?.packages).toMatchObject([{ state }]);
    if (of === 'accepted') expect(order?.packages[0]).toMatchObject({ deliveredSentAt: after(HOUR), confirmedAt: at });
  });

  test('after the eighth unknown in a row that does not show, the step is blocked with code unknown', () => {
    const earlier = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      attempt({
        attemptId: `${n}`,
        outcome: 'void',
        startedAt: after(n * MINUTE),
        closedAt: after(n * MINUTE + 30 * SECOND),
      }),
    );
    const order = anOrder({ packages: [shipped], attempts: [...earlier, attempt({ startedAt: after(HOUR) })] });
    const read = readBack(order, 'shipped', after(HOUR + DAY));
    expect(read?.order.steps).toMatchObject([{ step: 'delivered', ref: '11', blocked: true, errorCode: 'unknown' }]);
    expect(read?.events).toMatchObject([{ kind: 'blocked' }]);
  });

  test('a clear answer in between begins the count anew', () => {
    const earlier = [
      attempt({ attemptId: '1', outcome: 'void', startedAt: after(MINUTE), closedAt: after(2 * MINUTE) }),
      attempt({ attemptId: '2', outcome: 'refused', startedAt: after(3 * MINUTE), closedAt: after(3 * MINUTE) }),
    ];
    expect(
      readBack(anOrder({ packages: [shipped], attempts: [...earlier, attempt()] }), 'shipped', DUE)?.order.attempts[2],
    ).toMatchObject({ outcome: 'void' });
  });

  test('an attempt that never left does not count as unknown', () => {
    const earlier = attempt({
      attemptId: '1',
      outcome: 'void',
      startedAt: after(MINUTE),
      closedAt: after(MINUTE + SECOND),
    });
    expect(
      readBack(anOrder({ packages: [shipped], attempts: [earlier, attempt()] }), 'shipped', DUE)?.order.attempts[1],
    ).toMatchObject({ outcome: 'void' });
  });
});
