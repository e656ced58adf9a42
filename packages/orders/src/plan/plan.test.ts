import { describe, expect, test } from '@jest/globals';
import { aDocument, after, anAccount, anAttempt, anItem, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { HoldReason, Order } from '../model/order.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../model/schedules.ts';
import { type PlanOptions, plan } from './plan.ts';

/** A row is one sentence: what the order is like, and what it is owed, held for, blocked on, and when it is looked at next. */
type Row = {
  says: string;
  order: Partial<Order>;
  now?: Date;
  options?: PlanOptions;
  owed?: string[];
  held?: HoldReason[];
  blocked?: string[];
  nextAt?: Date | null;
  /** False: the host has just written, and nobody has settled it. */
  stored?: boolean;
};

const NOW = after(HOUR);
const READ = after(HOUR - MINUTE);
const flag = (at: Date | null, fields = {}) => ({ flag: true, at, sentAt: null, ...fields });
const notFlag = (at: Date | null, fields = {}) => ({
  flag: true,
  at,
  sentAt: null,
  reason: null,
  releasedAt: null,
  ...fields,
});
const asked = { updateShipping: true, toolStatus: 'ready_for_delivery' };
const shipped = (fields = {}) =>
  aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0, confirmedAt: T0, ...fields });
const delivered = (fields = {}) =>
  shipped({
    state: 'delivered',
    deliveredAt: after(MINUTE),
    deliveredSentAt: after(MINUTE),
    confirmedAt: after(2 * MINUTE),
    ...fields,
  });
const uploaded = { documents: [] };
/** An order whose items were just read, so that no look is due; its invoice waits. */
const base: Partial<Order> = {
  items: [anItem()],
  itemsReadAt: READ,
  steps: [aRow({ step: 'invoice_fetch', dueAt: after(DAY) })],
};
/** A parcel on its way with DHL, which is asked. */
const withDhl = (fields = {}) => shipped({ carrier: 'DHL', carrierTrackingNumber: '00340', ...fields });
const atDhl = (fields: Partial<Order> = {}): Partial<Order> => ({
  ...{ ...base, carriersAsked: ['dhl'], packages: [withDhl()] },
  ...fields,
});
const polled = (fields = {}) => [...(base.steps ?? []), aRow({ step: 'carrier_poll', ref: '11', ...fields })];
const attempt = (fields = {}) => anAttempt({ outcome: 'unknown', startedAt: after(HOUR - 10 * SECOND), ...fields });

const ROWS: Row[] = [
  { says: 'an order of which nothing is asked is owed nothing', order: {}, owed: [], nextAt: null },

  // carrier
  {
    says: 'a parcel on its way with a carrier that is asked is asked about at once',
    order: atDhl(),
    owed: ['carrier_poll 11'],
  },
  { says: 'not while nobody has a key for its carrier', order: atDhl({ carriersAsked: ['pigeon'] }), owed: [] },
  {
    says: 'not without the carrier’s number',
    order: atDhl({ packages: [withDhl({ carrierTrackingNumber: null })] }),
    owed: [],
  },
  { says: 'not without a carrier', order: atDhl({ packages: [withDhl({ carrier: ' ' })] }), owed: [] },
  {
    says: 'not before it is shipped',
    order: atDhl({
      packages: [withDhl({ state: 'ready_to_ship', shippedSentAt: null, shippedAt: null, trackingNumber: null })],
      steps: [...(base.steps ?? []), aRow({ step: 'tracking', ref: '11', dueAt: after(DAY) })],
    }),
    owed: [],
  },
  {
    says: 'where shipped is not reported, from ready to ship on',
    order: atDhl({
      account: anAccount({ sofDriver: 'dbs' }),
      packages: [withDhl({ state: 'ready_to_ship', shippedSentAt: null, shippedAt: null })],
    }),
    owed: ['carrier_poll 11'],
  },
  {
    says: 'not once it has ended',
    order: atDhl({ packages: [withDhl({ state: 'delivered', deliveredAt: T0, deliveredSentAt: T0 })] }),
    owed: [],
  },
  {
    says: 'not once somebody has said how it ended, whatever holds that',
    order: atDhl({ notDelivered: notFlag(after(30 * MINUTE)) }),
    owed: [],
    held: ['awaiting_release'],
  },
  {
    says: 'not once somebody has said it of this parcel alone',
    order: atDhl({ packages: [withDhl({ notDeliveredAt: after(30 * MINUTE) })] }),
    owed: [],
    held: ['awaiting_release'],
  },
  {
    says: 'not before its next look',
    order: atDhl({ steps: polled({ dueAt: after(2 * HOUR), error: 'DHL: it says transit' }) }),
    owed: [],
    nextAt: after(2 * HOUR),
  },
  { says: 'and then again', order: atDhl({ steps: polled({ dueAt: NOW }) }), owed: ['carrier_poll 11'] },
  {
    says: 'by force before its look',
    order: atDhl({ steps: polled({ dueAt: after(2 * HOUR) }) }),
    options: { force: true },
    owed: ['invoice_fetch', 'carrier_poll 11'],
  },
  {
    says: 'not where it was given up',
    order: atDhl({ steps: polled({ blocked: true }) }),
    owed: [],
    blocked: ['carrier_poll 11'],
  },
  {
    says: 'its row is forgotten with the key',
    order: atDhl({ carriersAsked: [], steps: polled({ dueAt: after(2 * HOUR) }) }),
    owed: ['settle'],
  },

  // force
  {
    says: 'by force the items of an order that is held are read again before their day',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [aPackage({ state: 'packed' })] },
    options: { force: true },
    owed: ['look'],
    held: ['too_early'],
  },
  {
    says: 'force hurries no confirmation, and no look of an order that nothing holds',
    order: {
      ...base,
      packages: [shipped({ confirmedAt: null, shippedSentAt: after(HOUR - 10 * SECOND) })],
      steps: [],
      documents: [aDocument()],
    },
    options: { force: true },
    owed: ['invoice_fetch'],
  },

  // 1. ready to ship
  { says: 'update_shipping and ready_for_delivery: ready to ship is owed', order: asked, owed: ['ready_to_ship'] },
  { says: 'update_shipping alone asks for nothing', order: { updateShipping: true, toolStatus: 'packed' }, owed: [] },
  {
    says: 'no items at all: held as not_sof',
    order: { ...asked, items: [], itemsReadAt: READ },
    held: ['not_sof'],
    nextAt: after(DAY, READ),
  },
  {
    says: 'live items of which none is SOF: held as not_sof',
    order: { ...asked, items: [anItem({ sof: false, status: 'pending' })], itemsReadAt: READ },
    held: ['not_sof'],
  },
  {
    says: 'live items that are digital alone: held as not_sof',
    order: { ...asked, items: [anItem({ digital: true, status: 'pending' })], itemsReadAt: READ },
    held: ['not_sof'],
  },
  {
    says: 'a pending cancellation holds ready to ship',
    order: {
      ...asked,
      items: [anItem({ status: 'pending', packageId: null, cancelPending: true })],
      itemsReadAt: READ,
      steps: [aRow({ step: 'look', dueAt: after(30 * MINUTE, READ), errorCode: 'cancel_pending' })],
    },
    held: ['cancel_pending'],
    nextAt: after(30 * MINUTE, READ),
  },
  {
    says: 'a cancelled item with a pending cancellation holds nothing',
    order: {
      ...asked,
      items: [
        anItem({ status: 'canceled', cancelPending: true }),
        anItem({ orderItemId: '2', status: 'pending', packageId: null }),
      ],
      itemsReadAt: READ,
    },
    owed: ['ready_to_ship'],
  },
  {
    says: 'a refused element is blocked and the rest is still owed',
    order: {
      ...asked,
      items: [
        anItem({ status: 'pending', packageId: null }),
        anItem({ orderItemId: '2', status: 'pending', packageId: null }),
      ],
      itemsReadAt: READ,
      steps: [aRow({ step: 'ready_to_ship', ref: '1', blocked: true, errorCode: '700023' })],
    },
    owed: ['ready_to_ship'],
    blocked: ['ready_to_ship 1'],
  },
  {
    says: 'where every element left is refused nothing is owed any more',
    order: {
      ...asked,
      items: [anItem({ status: 'pending', packageId: null })],
      itemsReadAt: READ,
      steps: [aRow({ step: 'ready_to_ship', ref: '1', blocked: true, errorCode: '700023' })],
    },
    owed: [],
    blocked: ['ready_to_ship 1'],
  },
  {
    says: 'force tries a refused element again',
    order: {
      ...asked,
      items: [anItem({ status: 'pending', packageId: null })],
      itemsReadAt: READ,
      steps: [aRow({ step: 'ready_to_ship', ref: '1', blocked: true })],
    },
    options: { force: true },
    owed: ['ready_to_ship'],
  },
  {
    says: 'a step that failed is not owed before its time',
    order: { ...asked, steps: [aRow({ step: 'ready_to_ship', dueAt: after(2 * HOUR), tries: 1 })] },
    owed: [],
    nextAt: after(2 * HOUR),
  },

  // settling
  {
    says: 'a hold that is not stored yet is settled at once, whatever other workers owe',
    order: { ...base, steps: [], notDelivered: notFlag(after(30 * MINUTE)), packages: [shipped()] },
    held: ['awaiting_release'],
    owed: ['invoice_fetch', 'settle'],
    stored: false,
  },

  // 2. tracking
  {
    says: 'a package without a number: tracking is owed at once',
    order: { ...base, packages: [aPackage({ trackingNumber: null })] },
    owed: ['tracking 11'],
  },
  {
    says: 'tracking that waits on its ladder is not owed before its rung',
    order: {
      ...base,
      packages: [aPackage({ trackingNumber: null })],
      steps: [
        aRow({ step: 'tracking', ref: '11', dueAt: after(2 * HOUR) }),
        aRow({ step: 'invoice_fetch', dueAt: after(DAY) }),
      ],
    },
    owed: [],
    nextAt: after(2 * HOUR),
  },
  {
    says: 'after a day without a number the order is held as tracking_missing, which stops nothing',
    now: after(25 * HOUR),
    order: {
      ...base,
      itemsReadAt: after(25 * HOUR),
      packages: [aPackage({ trackingNumber: null })],
      steps: [
        aRow({ step: 'tracking', ref: '11', dueAt: after(25 * HOUR) }),
        aRow({ step: 'invoice_fetch', dueAt: after(3 * DAY) }),
      ],
    },
    owed: ['tracking 11'],
    held: ['tracking_missing'],
  },

  // 3. shipped
  {
    says: 'ready to ship with its number: shipped is owed at the time it became ready',
    order: { ...base, packages: [aPackage()] },
    owed: ['shipped 11 @2026-03-02T04:00:00.000Z'],
  },
  {
    says: 'shipped has the time that the host told',
    order: { ...base, shippedAt: after(MINUTE), packages: [aPackage()] },
    owed: ['shipped 11 @2026-03-02T04:01:00.000Z'],
  },
  {
    says: "a package's own shipped time goes before the order's",
    order: { ...base, shippedAt: after(MINUTE), packages: [aPackage({ shippedAt: after(2 * MINUTE) })] },
    owed: ['shipped 11 @2026-03-02T04:02:00.000Z'],
  },
  {
    says: 'shipped is never later than the earliest known end',
    order: { ...base, shippedAt: after(5 * MINUTE), delivered: flag(after(3 * MINUTE)), packages: [aPackage()] },
    owed: ['shipped 11 @2026-03-02T04:03:00.000Z'],
  },
  {
    says: 'driver dbs knows no shipped',
    order: { ...base, account: anAccount({ sofDriver: 'dbs' }), packages: [aPackage()] },
    owed: [],
  },
  {
    says: 'a pending cancellation holds shipped',
    order: { ...base, items: [anItem({ cancelPending: true })], packages: [aPackage()] },
    held: ['cancel_pending'],
    owed: [],
  },
  {
    says: 'a shipped time in the future holds shipped until five minutes before it',
    order: { ...base, shippedAt: after(3 * HOUR), packages: [aPackage()] },
    held: ['out_of_order'],
    nextAt: after(3 * HOUR - 5 * MINUTE),
  },

  // 4. delivered
  {
    says: 'delivered stands: owed for a shipped package at the told time',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [shipped()] },
    owed: ['delivered 11 @2026-03-02T04:30:00.000Z'],
  },
  {
    says: 'shipped goes before delivered',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [aPackage()] },
    owed: ['shipped 11 @2026-03-02T04:00:00.000Z'],
  },
  {
    says: 'delivered of a package that is only packed: too_early',
    order: {
      ...base,
      items: [anItem({ status: 'packed' })],
      delivered: flag(after(30 * MINUTE)),
      packages: [aPackage({ state: 'packed' })],
    },
    held: ['too_early'],
  },
  {
    says: 'delivered of an order without a package: too_early',
    order: {
      itemsReadAt: READ,
      items: [anItem({ status: 'pending', packageId: null })],
      delivered: flag(after(30 * MINUTE)),
    },
    held: ['too_early'],
  },
  {
    says: 'delivered without a tracking number: awaiting_tracking, and tracking goes on',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [aPackage({ trackingNumber: null })] },
    held: ['awaiting_tracking'],
    owed: ['tracking 11'],
  },
  {
    says: 'driver dbs delivers without a number and without shipped',
    order: {
      ...base,
      account: anAccount({ sofDriver: 'dbs' }),
      delivered: flag(after(30 * MINUTE)),
      packages: [aPackage({ trackingNumber: null })],
    },
    owed: ['tracking 11', 'delivered 11 @2026-03-02T04:30:00.000Z'],
  },
  {
    says: 'a time more than five minutes ahead: out_of_order until five minutes before it',
    order: { ...base, delivered: flag(after(2 * HOUR)), packages: [shipped()] },
    held: ['out_of_order'],
    nextAt: after(2 * HOUR - 5 * MINUTE),
  },
  {
    says: 'a time five minutes ahead is sent with that time',
    order: { ...base, delivered: flag(after(HOUR + 5 * MINUTE)), packages: [shipped()] },
    owed: ['delivered 11 @2026-03-02T05:05:00.000Z'],
  },
  {
    says: 'an end at a time that no clock shows does not stop shipped',
    order: { ...base, delivered: flag(new Date('infinity')), packages: [aPackage()] },
    held: ['out_of_order'],
    owed: ['shipped 11 @2026-03-02T04:00:00.000Z'],
  },
  {
    says: 'a time that no clock shows: out_of_order',
    order: { ...base, delivered: flag(new Date('infinity')), packages: [shipped()] },
    held: ['out_of_order'],
  },
  {
    says: 'a time before the order was created: out_of_order',
    order: { ...base, delivered: flag(after(-2 * HOUR)), packages: [shipped()] },
    held: ['out_of_order'],
  },
  {
    says: 'an order whose creation nobody told is not compared with it',
    order: {
      ...base,
      createdAt: null,
      delivered: flag(after(-2 * HOUR)),
      packages: [shipped({ shippedAt: after(-3 * HOUR) })],
    },
    owed: ['delivered 11 @2026-03-02T02:00:00.000Z'],
  },
  {
    says: 'a time before the accepted shipped time: out_of_order',
    order: { ...base, delivered: flag(after(-MINUTE)), packages: [shipped()] },
    held: ['out_of_order'],
  },
  {
    says: 'a status set by hand at Lazada is not repeated: the flag is cleared by settling',
    order: {
      ...base,
      items: [anItem({ status: 'delivered' })],
      delivered: flag(after(30 * MINUTE)),
      packages: [shipped({ state: 'delivered', confirmedAt: READ })],
    },
    owed: ['settle'],
  },
  {
    says: "a package's own delivered time is sent for it alone",
    order: {
      ...base,
      packages: [
        shipped({ deliveredAt: after(20 * MINUTE) }),
        shipped({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' }),
      ],
    },
    owed: ['delivered 11 @2026-03-02T04:20:00.000Z'],
  },
  {
    says: 'an instruction accepted before speaks for a package that appears later',
    order: {
      ...base,
      items: [anItem(), anItem({ orderItemId: '2', packageId: 'FP2', status: 'shipped' })],
      delivered: { flag: false, at: after(MINUTE), sentAt: after(2 * MINUTE) },
      packages: [delivered(), shipped({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' })],
    },
    owed: ['delivered 12 @2026-03-02T04:01:00.000Z'],
  },
  {
    says: 'but not once its time was emptied: a late package is never reported with a time that never was',
    order: {
      ...base,
      items: [anItem(), anItem({ orderItemId: '2', packageId: 'FP2', status: 'shipped' })],
      delivered: { flag: false, at: null, sentAt: after(2 * MINUTE) },
      packages: [delivered(), shipped({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' })],
    },
    owed: [],
  },
  {
    says: 'a flag without a time waits for it: out_of_order',
    order: { ...base, delivered: flag(null), packages: [shipped()] },
    owed: [],
    held: ['out_of_order'],
  },

  // 5. not delivered
  {
    says: 'not delivered waits for a release',
    order: { ...base, notDelivered: notFlag(after(30 * MINUTE)), packages: [shipped()] },
    held: ['awaiting_release'],
  },
  {
    says: 'not delivered is owed once it is released',
    order: { ...base, notDelivered: notFlag(after(30 * MINUTE), { releasedAt: NOW }), packages: [shipped()] },
    owed: ['not_delivered 11 @2026-03-02T04:30:00.000Z'],
  },
  {
    says: 'not delivered is owed where the account sends it by itself',
    order: {
      ...base,
      account: anAccount({ autoSendNotDelivered: true }),
      notDelivered: notFlag(after(30 * MINUTE)),
      packages: [shipped()],
    },
    owed: ['not_delivered 11 @2026-03-02T04:30:00.000Z'],
  },

  // 6. conflict
  {
    says: 'both flags: conflict, and neither end is sent',
    order: {
      ...base,
      delivered: flag(after(30 * MINUTE)),
      notDelivered: notFlag(after(30 * MINUTE), { releasedAt: NOW }),
      packages: [shipped()],
    },
    held: ['conflict', 'conflict'],
    owed: [],
  },
  {
    says: 'both flags: shipped goes on',
    order: {
      ...base,
      delivered: flag(after(30 * MINUTE)),
      notDelivered: notFlag(after(30 * MINUTE)),
      packages: [aPackage()],
    },
    held: ['conflict', 'conflict'],
    owed: ['shipped 11 @2026-03-02T04:00:00.000Z'],
  },
  {
    says: 'not delivered against a package that was delivered: conflict',
    order: {
      ...base,
      items: [anItem({ status: 'delivered' })],
      notDelivered: notFlag(after(50 * MINUTE), { releasedAt: NOW }),
      packages: [delivered()],
    },
    held: ['conflict'],
    owed: [],
  },
  {
    says: 'delivered against one package that ended otherwise holds the other packages too',
    order: {
      ...base,
      items: [anItem({ status: 'failed' }), anItem({ orderItemId: '2', packageId: 'FP2', status: 'shipped' })],
      delivered: flag(after(50 * MINUTE)),
      packages: [
        delivered({ state: 'not_delivered', deliveredAt: null, deliveredSentAt: null, notDeliveredSentAt: T0 }),
        shipped({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' }),
      ],
    },
    held: ['conflict'],
    owed: [],
  },

  // 7. confirmation and looks
  {
    says: 'an accepted status is looked for 15 s later',
    now: after(16 * SECOND),
    order: { ...base, itemsReadAt: after(-SECOND), packages: [shipped({ confirmedAt: null })] },
    owed: ['confirm 11'],
  },
  {
    says: 'before 15 s it is not looked for',
    now: after(14 * SECOND),
    order: { ...base, itemsReadAt: after(-SECOND), packages: [shipped({ confirmedAt: null })] },
    owed: [],
    nextAt: after(15 * SECOND),
  },
  {
    says: 'any read counts as the look: the next is two minutes after acceptance',
    now: after(20 * SECOND),
    order: { ...base, itemsReadAt: after(18 * SECOND), packages: [shipped({ confirmedAt: null })] },
    owed: [],
    nextAt: after(2 * MINUTE),
  },
  {
    says: 'not shown after a day: status_mismatch, looked at daily',
    now: after(25 * HOUR),
    order: {
      ...base,
      itemsReadAt: after(24.5 * HOUR),
      steps: [aRow({ step: 'invoice_fetch', dueAt: after(9 * DAY) })],
      packages: [shipped({ confirmedAt: null })],
    },
    held: ['status_mismatch'],
    owed: [],
    nextAt: after(2 * DAY),
  },
  {
    says: 'the other end in a read is a status_mismatch at once',
    order: {
      ...base,
      items: [anItem({ status: 'failed' })],
      packages: [delivered({ confirmedAt: null })],
      itemsReadAt: after(HOUR - SECOND),
    },
    held: ['status_mismatch'],
  },
  {
    says: 'an order with an open package is looked at daily',
    now: after(2 * DAY),
    order: {
      ...base,
      itemsReadAt: after(DAY - MINUTE),
      steps: [aRow({ step: 'invoice_fetch', dueAt: after(9 * DAY) })],
      packages: [shipped()],
    },
    owed: ['look'],
  },
  {
    says: 'an order whose every element Pack refused is looked at daily: Lazada may cancel it',
    now: after(2 * DAY),
    order: {
      ...asked,
      items: [anItem({ status: 'pending', packageId: null })],
      itemsReadAt: after(DAY - MINUTE),
      steps: [aRow({ step: 'ready_to_ship', ref: '1', blocked: true, errorCode: '700023' })],
    },
    owed: ['look'],
    blocked: ['ready_to_ship 1'],
  },
  {
    says: 'an item that is in no ended package keeps its order looked at daily, though nothing is asked',
    order: { items: [anItem({ status: 'pending', packageId: null })], itemsReadAt: READ },
    owed: [],
    nextAt: after(DAY, READ),
  },
  {
    says: 'a look that was given up goes on daily',
    order: {
      ...base,
      packages: [shipped()],
      steps: [
        aRow({ step: 'look', blocked: true, dueAt: after(DAY) }),
        aRow({ step: 'invoice_fetch', dueAt: after(2 * DAY) }),
      ],
    },
    owed: [],
    blocked: ['look '],
    nextAt: after(DAY),
  },
  {
    says: 'a day after the last confirmation the items are looked at once more',
    now: after(DAY + HOUR),
    order: {
      ...base,
      items: [anItem({ status: 'delivered' })],
      itemsReadAt: after(2 * MINUTE),
      steps: [aRow({ step: 'invoice_fetch', dueAt: after(9 * DAY) })],
      packages: [delivered()],
    },
    owed: ['look'],
  },
  {
    says: 'and seven days after it, then never again',
    now: after(8 * DAY),
    order: {
      ...base,
      items: [anItem({ status: 'delivered' })],
      itemsReadAt: after(7 * DAY + HOUR),
      steps: [aRow({ step: 'invoice_fetch', dueAt: after(9 * DAY) })],
      packages: [delivered()],
    },
    owed: [],
    nextAt: after(9 * DAY),
  },

  // more of 4, 5 and 6
  {
    says: 'a pending cancellation holds delivered',
    order: {
      ...base,
      items: [anItem({ cancelPending: true })],
      delivered: flag(after(30 * MINUTE)),
      packages: [shipped()],
    },
    held: ['cancel_pending'],
    owed: [],
  },
  {
    says: 'not delivered of a package that is only packed: too_early',
    order: {
      ...base,
      items: [anItem({ status: 'packed' })],
      notDelivered: notFlag(after(30 * MINUTE)),
      packages: [aPackage({ state: 'packed' })],
    },
    held: ['too_early'],
  },
  {
    says: 'not delivered without a tracking number: awaiting_tracking',
    order: { ...base, notDelivered: notFlag(after(30 * MINUTE)), packages: [aPackage({ trackingNumber: null })] },
    held: ['awaiting_tracking'],
  },
  {
    says: 'not delivered in the future: out_of_order until five minutes before it',
    order: { ...base, notDelivered: notFlag(after(2 * HOUR)), packages: [shipped()] },
    held: ['out_of_order'],
    nextAt: after(2 * HOUR - 5 * MINUTE),
  },
  {
    says: 'the written number ends awaiting_tracking',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [shipped({ trackingNumber: 'TN1' })] },
    held: [],
    owed: ['delivered 11 @2026-03-02T04:30:00.000Z'],
  },
  {
    says: 'a future time is sent with that time once it has come',
    now: after(2 * HOUR - 5 * MINUTE),
    order: {
      ...base,
      itemsReadAt: after(2 * HOUR - MINUTE * 6),
      delivered: flag(after(2 * HOUR)),
      packages: [shipped()],
    },
    held: [],
    owed: ['delivered 11 @2026-03-02T06:00:00.000Z'],
  },
  {
    says: 'in a conflict tracking, ready to ship and the invoice go on',
    order: {
      ...asked,
      items: [anItem(), anItem({ orderItemId: '2', packageId: null, status: 'pending' })],
      itemsReadAt: READ,
      delivered: flag(after(30 * MINUTE)),
      notDelivered: notFlag(after(30 * MINUTE)),
      packages: [aPackage({ trackingNumber: null })],
    },
    held: ['conflict', 'conflict'],
    owed: ['ready_to_ship', 'tracking 11', 'invoice_fetch'],
  },
  {
    says: 'a conflict ends when one instruction is taken back',
    order: {
      ...base,
      delivered: flag(after(30 * MINUTE)),
      notDelivered: { flag: false, at: null, sentAt: null, reason: null, releasedAt: null },
      packages: [shipped()],
    },
    held: [],
    owed: ['delivered 11 @2026-03-02T04:30:00.000Z'],
  },
  {
    says: 'an impossible end time does not become the shipped time',
    order: { ...base, delivered: flag(new Date(0)), packages: [aPackage()] },
    held: ['out_of_order'],
    owed: ['shipped 11 @2026-03-02T04:00:00.000Z'],
  },

  // more of 7
  ...[
    { read: 2 * MINUTE, next: 30 * MINUTE, word: '30 minutes' },
    { read: 30 * MINUTE, next: 2 * HOUR, word: '2 hours' },
    { read: 2 * HOUR, next: 12 * HOUR, word: '12 hours' },
    { read: 12 * HOUR, next: 24 * HOUR, word: 'a day' },
  ].map(({ read, next, word }) => ({
    says: `an accepted status that does not show is looked for again ${word} after acceptance`,
    now: after(read + SECOND),
    order: { ...base, itemsReadAt: after(read), packages: [shipped({ confirmedAt: null })] },
    owed: [],
    nextAt: after(next),
  })),
  {
    says: 'an order that is held is looked at daily, also without a package',
    now: after(2 * DAY),
    order: {
      items: [anItem({ status: 'pending', packageId: null })],
      itemsReadAt: after(DAY - MINUTE),
      delivered: flag(after(30 * MINUTE)),
    },
    held: ['too_early'],
    owed: ['look'],
  },
  {
    says: 'a blocked read-back is not tried again by itself',
    now: after(2 * HOUR),
    order: {
      ...base,
      itemsReadAt: after(2 * HOUR),
      delivered: flag(after(30 * MINUTE)),
      packages: [shipped()],
      attempts: [attempt()],
      steps: [
        aRow({ step: 'delivered', ref: '11', blocked: true, errorCode: '16' }),
        aRow({ step: 'invoice_fetch', dueAt: after(DAY) }),
      ],
    },
    owed: [],
    blocked: ['delivered 11'],
  },

  // 8. invoices
  {
    says: 'after ready to ship the invoice is owed',
    order: { ...base, steps: [], packages: [shipped()] },
    owed: ['invoice_fetch'],
  },
  {
    says: 'before ready to ship there is no invoice to fetch',
    order: { ...base, items: [anItem({ status: 'packed' })], steps: [], packages: [aPackage({ state: 'packed' })] },
    owed: [],
  },
  {
    says: 'a stored invoice is owed to the target',
    order: {
      ...base,
      steps: [],
      packages: [shipped()],
      documents: [aDocument({ documentId: '9', uploadedAt: null })],
    },
    owed: ['invoice_upload 9'],
  },
  {
    says: 'an invoice that is no PDF yet is drawn, and not uploaded',
    order: { ...base, steps: [], packages: [shipped()], documents: [aDocument({ hasPdf: false, uploadedAt: null })] },
    owed: ['invoice_fetch'],
  },
  {
    says: 'an invoice that waits for a renderer is owed to nobody while its step is blocked',
    order: {
      ...base,
      packages: [shipped()],
      documents: [aDocument({ hasPdf: false, waitsForRenderer: true, uploadedAt: null, recheckAt: T0 })],
      steps: [aRow({ step: 'invoice_fetch', blocked: true, errorCode: 'render_failed' })],
    },
    owed: [],
    blocked: ['invoice_fetch '],
  },
  {
    says: 'an invoice that is there is looked at again when its time comes, and not before',
    order: { ...base, steps: [], packages: [shipped()], documents: [aDocument({ recheckAt: after(DAY) })] },
    owed: [],
    nextAt: after(DAY),
  },
  {
    says: 'each part is looked at again by itself',
    order: {
      ...base,
      steps: [],
      packages: [shipped()],
      documents: [
        aDocument({ recheckAt: T0 }),
        aDocument({ documentId: '9', part: 2, orderItemIds: ['2'], recheckAt: after(DAY) }),
      ],
    },
    owed: ['invoice_fetch 8'],
  },
  {
    says: 'a look that failed waits for its next try, and is not sooner for being overdue',
    order: {
      ...base,
      packages: [shipped()],
      documents: [aDocument({ recheckAt: T0 })],
      steps: [aRow({ step: 'invoice_fetch', ref: '8', tries: 9, dueAt: after(DAY), errorCode: 'http_502' })],
    },
    owed: [],
    nextAt: after(DAY),
  },
  {
    says: 'a look goes on where another part was given up',
    order: {
      ...base,
      items: [anItem(), anItem({ orderItemId: '2' })],
      packages: [shipped()],
      documents: [aDocument({ recheckAt: T0 })],
      steps: [aRow({ step: 'invoice_fetch', blocked: true, errorCode: 'missing' })],
    },
    owed: ['invoice_fetch 8'],
    blocked: ['invoice_fetch '],
  },
  {
    says: 'an invoice whose packages were all cancelled is looked at again too',
    order: {
      ...base,
      items: [anItem({ status: 'canceled' })],
      steps: [],
      packages: [aPackage({ state: 'cancelled' })],
      documents: [aDocument({ recheckAt: T0 })],
    },
    owed: ['invoice_fetch 8'],
  },
  {
    says: 'of an invoice that was issued anew only the new one is looked at again',
    order: {
      ...base,
      steps: [],
      packages: [shipped()],
      documents: [aDocument({ recheckAt: T0 }), aDocument({ documentId: '9', revision: 2, recheckAt: after(DAY) })],
    },
    owed: [],
    nextAt: after(DAY),
  },
  {
    says: 'a stored invoice without a target waits a day',
    order: {
      ...base,
      packages: [shipped()],
      documents: [aDocument({ documentId: '9', uploadedAt: null })],
      steps: [aRow({ step: 'invoice_upload', ref: '9', dueAt: after(DAY), errorCode: 'no_target' })],
    },
    owed: [],
    nextAt: after(DAY),
  },
  {
    says: 'a re-issued invoice is the next revision, and owed to the target beside the first',
    order: {
      ...base,
      steps: [],
      packages: [shipped()],
      documents: [aDocument(), aDocument({ documentId: '9', revision: 2, sourceSha256: 'b', uploadedAt: null })],
    },
    owed: ['invoice_upload 9'],
  },
  {
    says: 'an invoice that is there is asked for again by force alone',
    order: { ...base, steps: [], packages: [shipped()], documents: [aDocument()] },
    options: { force: true },
    owed: ['invoice_fetch'],
  },
  {
    says: 'a blocked invoice stops nothing else',
    order: {
      ...base,
      delivered: flag(after(30 * MINUTE)),
      packages: [shipped()],
      steps: [aRow({ step: 'invoice_fetch', blocked: true, errorCode: 'missing' })],
    },
    owed: ['delivered 11 @2026-03-02T04:30:00.000Z'],
    blocked: ['invoice_fetch '],
  },

  // attempts
  {
    says: 'a package with an open attempt owes nothing before its read-back',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [shipped()], attempts: [attempt()] },
    owed: [],
    nextAt: after(HOUR + 20 * SECOND),
  },
  {
    says: 'thirty seconds after its start an open attempt is read back',
    now: after(HOUR + 20 * SECOND),
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [shipped()], attempts: [attempt()] },
    owed: ['read_back 11'],
  },
  {
    says: 'force does not shorten the time of an open attempt',
    order: { ...base, delivered: flag(after(30 * MINUTE)), packages: [shipped()], attempts: [attempt()], steps: [] },
    options: { force: true },
    owed: ['invoice_fetch'],
  },
  {
    says: 'an unknown right after an unknown is read back two minutes after its start',
    order: {
      ...base,
      delivered: flag(after(30 * MINUTE)),
      packages: [shipped()],
      attempts: [
        attempt({
          attemptId: '6',
          outcome: 'void',
          startedAt: after(HOUR - 2 * MINUTE),
          closedAt: after(HOUR - 80 * SECOND),
        }),
        attempt(),
      ],
    },
    owed: [],
    nextAt: after(HOUR + 110 * SECOND),
  },
  {
    says: 'an open attempt of one package leaves the other alone',
    order: {
      ...base,
      delivered: flag(after(30 * MINUTE)),
      packages: [shipped(), shipped({ id: '12', packageId: 'FP2', trackingNumber: 'TN2' })],
      attempts: [attempt()],
    },
    owed: ['delivered 12 @2026-03-02T04:30:00.000Z'],
  },

  // accounts
  {
    says: 'a parked account owes nothing, and its time is kept as if it were active',
    order: { ...asked, account: anAccount({ status: 'auth_failed' }) },
    owed: [],
    nextAt: NOW,
  },
  {
    says: 'an account whose row cannot be used owes nothing, and its time is kept',
    order: { ...asked, account: anAccount({ country: null, mistakes: ['it has no country'] }) },
    owed: [],
    nextAt: NOW,
  },
  {
    says: 'a disabled account owes nothing',
    order: { ...asked, account: anAccount({ enabled: false }) },
    owed: [],
    nextAt: NOW,
  },
  {
    says: 'an account that is no longer sof owes nothing',
    order: { ...asked, account: anAccount({ deliveryType: 'dropship' }) },
    owed: [],
    nextAt: NOW,
  },
];

describe('plan', () => {
  test.each(ROWS)('$says', ({ order: fields, now = NOW, options, owed, held, blocked, nextAt, stored = true }) => {
    const order = stored ? asStored(anOrder({ ...uploaded, ...fields }), now) : anOrder({ ...uploaded, ...fields });
    const planned = plan(order, now, options);
    const told = planned.owed.map((step) =>
      [step.step, step.ref, 'occurredAt' in step ? `@${step.occurredAt.toISOString()}` : ''].filter(Boolean).join(' '),
    );
    if (owed) expect(told).toEqual(owed);
    expect(planned.held.map(({ reason }) => reason)).toEqual(held ?? []);
    expect(planned.blocked.map(({ step, ref }) => `${step} ${ref}`)).toEqual(blocked ?? []);
    if (nextAt !== undefined) expect(planned.nextAt).toEqual(nextAt);
  });
});

/** As a write of ours would have left it: with its true summary, so that nothing is to be settled but the rows. */
const asStored = (order: Order, now: Date): Order => ({ ...order, summary: plan(order, now).summary });

describe('the look that frees a held flag', () => {
  test.each<{ says: string; order: Partial<Order>; hurry: true | undefined }>([
    {
      says: 'waits for no other callers: a flag was set before anything was read',
      order: { delivered: flag(T0) },
      hurry: true,
    },
    {
      says: 'waits for them where nothing is held',
      order: { ...base, itemsReadAt: T0, packages: [shipped()] },
      hurry: undefined,
    },
  ])('$says', ({ order, hurry }) => {
    const { owed } = plan(anOrder(order), after(2 * DAY));
    expect(owed.find(({ step }) => step === 'look')).toEqual({ step: 'look', ref: '', ...(hurry && { hurry }) });
  });
});
