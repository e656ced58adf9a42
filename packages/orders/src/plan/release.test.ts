import { describe, expect, test } from '@jest/globals';
import { after, anAcceptedAttempt, anItem, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { Attempt, Order } from '../model/order.ts';
import { DAY, HOUR, MINUTE } from '../model/schedules.ts';
import { plan } from './plan.ts';
import { release, resend } from './release.ts';

const NOW = after(2 * DAY);
const delivered = aPackage({
  state: 'delivered',
  shippedAt: T0,
  shippedSentAt: T0,
  deliveredAt: after(MINUTE),
  deliveredSentAt: after(HOUR),
});
const attempt = (status: Attempt['status']) => anAcceptedAttempt({ attemptId: status, status });
/** Accepted two days ago, and Lazada still shows it on its way. */
const lost = (shown = 'shipped'): Order =>
  anOrder({
    items: [anItem({ status: shown })],
    itemsReadAt: NOW,
    packages: [delivered],
    attempts: [attempt('shipped'), attempt('delivered')],
    delivered: { flag: false, at: after(MINUTE), sentAt: after(HOUR) },
    steps: [aRow({ step: 'invoice_fetch', dueAt: after(9 * DAY) })],
  });
const steps = (order?: Order) => (order ? plan(order, NOW).owed.map(({ step }) => step) : []);

describe('send again', () => {
  test('a status that Lazada does not show is owed and its slot is free', () => {
    const order = resend(lost(), NOW)?.order;
    expect(order?.packages).toMatchObject([{ state: 'shipped', deliveredAt: after(MINUTE), deliveredSentAt: null }]);
    expect(order?.attempts).toMatchObject([
      { status: 'shipped', outcome: 'accepted' },
      { status: 'delivered', outcome: 'void' },
    ]);
    expect(steps(order)).toEqual(['delivered']);
  });

  test('where shipped does not show either, it is owed first', () => {
    expect(steps(resend(lost('ready_to_ship'), NOW)?.order)).toEqual(['shipped']);
  });

  test('where Lazada shows the other end, it is a conflict', () => {
    const order = resend(lost('failed'), NOW)?.order;
    expect(order && plan(order, NOW).held.map(({ reason }) => reason)).toEqual(['conflict']);
  });

  test.each([
    { says: 'ended differently', statuses: ['delivered', 'failed'] },
    { says: 'have a status of no row', statuses: ['teleported'] },
  ])('where its items $says, the end is owed again', ({ statuses }) => {
    const items = statuses.map((status, at) => anItem({ orderItemId: `${at}`, status }));
    const order = resend({ ...lost(), items }, NOW)?.order;
    expect(order?.packages).toMatchObject([{ state: 'shipped', shippedSentAt: T0, deliveredSentAt: null }]);
    expect(steps(order)).toEqual(['delivered']);
  });

  test('where everything shows there is nothing to send', () => {
    expect(resend(lost('delivered'), NOW)).toBeNull();
  });
});

describe('release', () => {
  test('of a status_mismatch takes over what Lazada shows, and the instruction back', () => {
    const order = release(lost(), NOW)?.order;
    expect(order?.packages).toMatchObject([{ state: 'shipped', deliveredAt: null, deliveredSentAt: null }]);
    expect(order?.delivered).toEqual({ flag: false, at: null, sentAt: null });
    expect(steps(order)).toEqual(['settle']);
  });

  test('of the other end raises no conflict', () => {
    const order = release(lost('failed'), NOW)?.order;
    expect(order && plan(order, NOW).held).toEqual([]);
    // The read that shows an end confirms it.
    expect(order?.packages).toMatchObject([{ state: 'not_delivered', confirmedAt: NOW }]);
  });

  test('where its items ended differently ends the mismatch, and posts nothing', () => {
    const items = [anItem({ status: 'delivered' }), anItem({ orderItemId: '2', status: 'failed' })];
    const order = release({ ...lost(), items }, NOW)?.order;
    expect(order && plan(order, NOW).held).toEqual([]);
    expect(order?.packages).toMatchObject([{ state: 'shipped', deliveredAt: null, deliveredSentAt: null }]);
    expect(steps(order)).toEqual(['settle']);
  });

  test('of a status_mismatch takes the instruction back for its other packages too: it has to be said again', () => {
    const open = aPackage({ id: '12', packageId: 'FP2', trackingNumber: 'TN2', state: 'shipped', shippedSentAt: NOW });
    const both = anOrder({
      ...lost(),
      items: [anItem({ status: 'shipped' }), anItem({ orderItemId: '2', packageId: 'FP2', status: 'shipped' })],
      packages: [delivered, open],
      delivered: { flag: true, at: after(MINUTE), sentAt: null },
    });
    expect(steps(both)).toContain('delivered');
    const order = release(both, NOW)?.order;
    expect(order?.delivered).toEqual({ flag: false, at: null, sentAt: null });
    expect(steps(order)).not.toContain('delivered');
  });

  test('of a not-delivered order lets it go', () => {
    const waiting = anOrder({
      ...lost(),
      packages: [aPackage({ state: 'shipped' })],
      attempts: [],
      delivered: { flag: false, at: null, sentAt: null },
      notDelivered: { flag: true, at: after(MINUTE), sentAt: null, reason: null, releasedAt: null },
    });
    expect(steps(release(waiting, NOW)?.order)).toEqual(['not_delivered']);
  });

  test('of a blocked step lets it be tried again, from its first try', () => {
    const blocked = anOrder({
      ...lost('delivered'),
      packages: [{ ...delivered, confirmedAt: NOW }],
      steps: [aRow({ step: 'invoice_fetch', blocked: true, tries: 16, errorCode: 'missing' })],
    });
    const change = release(blocked, NOW);
    expect(change?.order.steps).toEqual([]);
    expect(change?.events).toEqual([{ kind: 'released', data: { ended: ['blocked'] } }]);
  });

  test('of an order that is not SOF reads it again', () => {
    const foreign = anOrder({
      updateShipping: true,
      toolStatus: 'ready_for_delivery',
      items: [anItem({ sof: false })],
      itemsReadAt: NOW,
    });
    expect(steps(release(foreign, NOW)?.order)).toEqual(['look']);
  });

  test('of an order that nothing stops changes nothing', () => {
    expect(release(anOrder(), NOW)).toBeNull();
  });
});
