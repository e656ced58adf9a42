import { describe, expect, test } from '@jest/globals';
import { after, anAcceptedAttempt, anAccount, anOrder, aPackage, T0 } from '../model/order.fixture.ts';
import { MINUTE } from '../model/schedules.ts';
import { adoptAccepted } from './adopt-accepted.ts';

const shippedAttempt = anAcceptedAttempt({ status: 'shipped' });
const LATER = after(MINUTE);

describe('an accepted attempt that the package does not know', () => {
  test('is taken over with its times, told, and is to be confirmed', () => {
    const { order, events } = adoptAccepted(anOrder({ packages: [aPackage()], attempts: [shippedAttempt] }));
    expect(order.packages).toMatchObject([{ state: 'shipped', shippedAt: T0, shippedSentAt: T0, confirmedAt: null }]);
    expect(events).toMatchObject([{ kind: 'status_accepted', packageId: 'FP1', data: { status: 'shipped' } }]);
  });

  test('shipped and the end together, in their order', () => {
    const delivered = anAcceptedAttempt({ attemptId: '8', startedAt: LATER, occurredAt: LATER });
    const { order } = adoptAccepted(anOrder({ packages: [aPackage()], attempts: [delivered, shippedAttempt] }));
    expect(order.packages).toMatchObject([{ state: 'delivered', shippedSentAt: T0, deliveredAt: LATER }]);
  });

  test('of a driver that needs no number is taken over although the number came meanwhile', () => {
    const attempt = anAcceptedAttempt({ trackingNumber: '' });
    const { order } = adoptAccepted(
      anOrder({
        account: anAccount({ sofDriver: 'dbs' }),
        packages: [aPackage({ state: 'shipped' })],
        attempts: [attempt],
      }),
    );
    expect(order.packages).toMatchObject([{ state: 'delivered', deliveredSentAt: T0 }]);
  });

  test.each([
    { says: 'not where the package knows it', parcel: aPackage({ state: 'shipped', shippedSentAt: T0 }) },
    { says: 'not of another number', parcel: aPackage({ trackingNumber: 'TN9' }) },
    { says: 'not of a package that was cancelled', parcel: aPackage({ state: 'cancelled' }) },
  ])('$says', ({ parcel }) => {
    const order = anOrder({ packages: [parcel], attempts: [shippedAttempt] });
    expect(adoptAccepted(order)).toEqual({ order, events: [] });
  });
});
