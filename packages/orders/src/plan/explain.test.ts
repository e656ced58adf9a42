import { describe, expect, test } from '@jest/globals';
import { aDocument, after, anAccount, anItem, anOrder, aPackage, aRow, T0 } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import { HOUR, MINUTE } from '../model/schedules.ts';
import { explain } from './explain.ts';

const NOW = after(HOUR);
const flag = { flag: true, at: after(MINUTE), sentAt: null };
const failing = (order: Partial<Order>) =>
  explain(anOrder({ items: [anItem()], itemsReadAt: NOW, ...order }), NOW).filter(({ ok }) => !ok);

test.each<[says: string, account: Parameters<typeof anAccount>[0], fix: RegExp]>([
  [
    'consent that has ended: the seller',
    { name: 'shop-7', status: 'reauth_required' },
    /sof account authorize shop-7; its/,
  ],
  ['a refused login: whoever has the right one', { status: 'auth_failed' }, /account set/],
  ['a disabled one: whoever disabled it', { status: 'reauth_required', enabled: false }, /account set/],
])('who mends a parked account: %s', (_, account, fix) => {
  expect(failing({ account: anAccount(account) })[0]?.fix).toMatch(fix);
});

describe('why was this not sent?', () => {
  test.each<{ says: string; order: Partial<Order>; check: string; detail: RegExp }>([
    {
      says: 'the account is parked',
      order: { account: anAccount({ status: 'auth_failed', statusReason: 'SOF refused the login' }) },
      check: 'account_blocked',
      detail: /parked as auth_failed: SOF refused the login/,
    },
    {
      says: "its account's row cannot be used",
      order: { account: anAccount({ mistakes: ['time zone "Mars/Olympus" is no IANA time zone'] }) },
      check: 'account_blocked',
      detail: /cannot be used: time zone "Mars\/Olympus"/,
    },
    {
      says: 'the package is only packed',
      order: { delivered: flag, packages: [aPackage({ state: 'packed' })] },
      check: 'too_early',
      detail: /delivered of package FP1: package FP1 is only packed/,
    },
    {
      says: 'Lazada shows a status that nobody knows',
      order: { items: [anItem({ status: 'teleported' })], packages: [aPackage()] },
      check: 'item_status',
      detail: /item 1 shows "teleported"/,
    },
    {
      says: 'both ends are asked for',
      order: { delivered: flag, notDelivered: { ...flag, reason: null, releasedAt: null }, packages: [aPackage()] },
      check: 'conflict',
      detail: /both asked for/,
    },
    {
      says: 'the step was given up',
      order: {
        delivered: flag,
        packages: [aPackage({ state: 'shipped' })],
        steps: [aRow({ step: 'delivered', ref: '11', blocked: true, errorCode: '700023', error: 'no' })],
      },
      check: 'blocked',
      detail: /given up: 700023: no/,
    },
    {
      says: 'it waits for its next try',
      order: {
        delivered: flag,
        packages: [aPackage({ state: 'shipped' })],
        steps: [aRow({ step: 'delivered', ref: '11', dueAt: after(2 * HOUR), errorCode: 'http_503', error: 'busy' })],
      },
      check: 'due',
      detail: /waits until 2026-03-02T06:00:00.000Z: busy/,
    },
  ])('$says', ({ order, check, detail }) => {
    const found = failing(order).find((one) => one.check === check);
    expect(found?.detail).toMatch(detail);
    expect(found?.fix).toBeTruthy();
  });

  test('what was sent is told with its time', () => {
    const sent = aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0 });
    expect(explain(anOrder({ packages: [sent] }), NOW)).toContainEqual(
      expect.objectContaining({ check: 'sent', ok: true }),
    );
  });

  test.each<{ says: string; order: Partial<Order>; told: string[] }>([
    {
      says: 'the order stands in the line of its account',
      order: { nextAttemptAt: after(20 * MINUTE, NOW) },
      told: [
        'nothing stops delivered of package FP1, invoice_fetch: handed on to a worker, or comes to its turn at about 2026-03-02T05:20:00.000Z',
      ],
    },
    { says: 'it is due, and the scheduler has not seen it', order: { nextAttemptAt: NOW }, told: [] },
    { says: 'nobody looks at it again', order: { nextAttemptAt: null }, told: [] },
    {
      says: 'it is held',
      order: { nextAttemptAt: after(HOUR, NOW), packages: [aPackage({ state: 'packed' })] },
      told: [],
    },
    {
      says: 'its account is parked',
      order: { nextAttemptAt: after(HOUR, NOW), account: anAccount({ status: 'auth_failed' }) },
      told: [],
    },
  ])('whose turn it is: $says', ({ order, told }) => {
    const shipped = { items: [anItem()], itemsReadAt: NOW, packages: [aPackage({ state: 'shipped' })] };
    const checks = explain(anOrder({ delivered: flag, ...shipped, ...order }), NOW);
    expect(checks.filter(({ check }) => check === 'turn').map(({ detail }) => detail)).toEqual(told);
  });

  test('an order of which nothing is asked says so', () => {
    expect(explain(anOrder(), NOW).at(-1)).toMatchObject({ check: 'instruction', ok: true });
  });
});

test('an invoice that is looked at again some day stops nothing, and there is nothing left to do', () => {
  const packages = [aPackage({ state: 'delivered', confirmedAt: after(-40 * 24 * HOUR) })];
  const items = [anItem({ status: 'delivered' })];
  const documents = [aDocument({ recheckAt: after(48 * HOUR) })];
  const told = explain(anOrder({ items, itemsReadAt: NOW, packages, documents }), NOW);
  expect(told.filter(({ ok }) => !ok).map(({ check }) => check)).not.toContain('due');
  expect(told).toContainEqual({
    check: 'recheck',
    ok: true,
    detail: expect.stringContaining('invoice part 1, revision 1 is there; Lazada is asked again at 2026-03-04T'),
  });
  expect(told.at(-1)?.detail).toMatch(/^all is done/);
});
