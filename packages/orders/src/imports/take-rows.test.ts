import { describe, expect, test } from '@jest/globals';
import { after, anAttempt, anOrder, aPackage, T0 } from '../model/order.fixture.ts';
import type { Order } from '../model/order.ts';
import type { ImportUpdate } from './judge-row.ts';
import { ROW_REFUSALS } from './refusals.ts';
import { type ComingRow, type RowsOrder, rowsNotWritten, takeRows } from './take-rows.ts';

const NOW = after(60 * 60_000);
const AT = after(30 * 60_000);
const DELIVERED: ImportUpdate = { status: 'delivered', occurredAt: AT };
const NUMBER: ImportUpdate = { carrier: 'dhl', carrierTrackingNumber: 'JJD1' };
const SENDER = { file: 'march.csv', by: null, now: NOW };

const row = (line: number, orderNumber: string, update: ImportUpdate): ComingRow => ({
  ...{ line, account: 'demo-sg', orderNumber, update },
  cells: ['demo-sg', orderNumber],
});

const there = (orderId: string, fields: Partial<Order> = {}): RowsOrder => ({
  is: 'there',
  orderId,
  view: anOrder(fields),
});

function take(rows: readonly ComingRow[], orders: Record<string, RowsOrder>) {
  return takeRows(rows, ({ orderNumber }) => orders[orderNumber] ?? { is: 'missing', what: 'order' }, SENDER);
}

type Case = {
  says: string;
  rows: ComingRow[];
  orders?: Record<string, RowsOrder>;
  accepted?: number;
  refused?: [line: number, field: string, reason: string | RegExp][];
  held?: number[];
  changed?: string[];
};

describe('rows of a file', () => {
  test.each<Case>([
    {
      says: 'of an order that there is are accepted',
      rows: [row(2, 'A', DELIVERED)],
      orders: { A: there('1') },
      accepted: 1,
      changed: ['1'],
    },
    {
      says: 'of several orders are each judged on its own',
      rows: [row(2, 'A', DELIVERED), row(3, 'B', DELIVERED)],
      orders: { A: there('1'), B: there('2', { packages: [aPackage({ state: 'not_delivered' })] }) },
      accepted: 1,
      refused: [[3, 'status', /already not_delivered/]],
      changed: ['1'],
    },
    {
      says: 'of an order that there is not are refused',
      rows: [row(2, '400100000214683', DELIVERED)],
      refused: [[2, 'order_number', ROW_REFUSALS.orderUnknown()]],
    },
    {
      says: 'of an order whose number a spreadsheet has rounded are refused as that',
      rows: [row(2, '4001000002146800', DELIVERED)],
      refused: [[2, 'order_number', ROW_REFUSALS.orderUnknownRounded()]],
    },
    {
      says: 'of an account that is no more are refused',
      rows: [row(2, 'A', DELIVERED)],
      orders: { A: { is: 'missing', what: 'account' } },
      refused: [[2, 'account', ROW_REFUSALS.accountUnknown()]],
    },
    {
      says: 'of an order that somebody holds wait, all of them and in their order',
      rows: [row(2, 'A', DELIVERED), row(3, 'B', DELIVERED), row(4, 'A', { status: 'withdraw' })],
      orders: { A: { is: 'held' }, B: there('2') },
      accepted: 1,
      held: [2, 4],
      changed: ['2'],
    },
    {
      says: 'of one order see what the one before left',
      rows: [row(2, 'A', DELIVERED), row(3, 'A', { status: 'withdraw' }), row(4, 'A', { status: 'withdraw' })],
      orders: { A: there('1') },
      accepted: 2,
      refused: [[4, 'status', /nothing is left to take back/]],
      changed: ['1'],
    },
    {
      says: 'that name a package which there is not tell which there are',
      rows: [row(2, 'A', { ...DELIVERED, packageId: 'FP9' })],
      orders: { A: there('1', { packages: [aPackage()] }) },
      refused: [[2, 'package_id', /no such package; there is FP1/]],
    },
    {
      says: 'that contradict what is on its way are refused',
      rows: [row(2, 'A', { status: 'not_delivered', occurredAt: AT, packageId: 'FP1' })],
      orders: {
        A: there('1', { packages: [aPackage()], attempts: [anAttempt({ status: 'delivered', outcome: 'sending' })] }),
      },
      refused: [[2, 'status', /on its way/]],
    },
    {
      says: 'with a carrier and no number are refused by their column',
      rows: [row(2, 'A', { ...DELIVERED, carrier: 'dhl' })],
      orders: { A: there('1') },
      refused: [[2, 'carrier_tracking_number', /it is missing/]],
    },
  ])('$says', ({ rows, orders = {}, accepted = 0, refused = [], held = [], changed = [] }) => {
    const taken = take(rows, orders);
    expect(taken.accepted).toBe(accepted);
    expect(taken.refused.map(({ line, mistakes }) => [line, mistakes[0]?.field, mistakes[0]?.reason])).toEqual(
      refused.map(([line, field, reason]) => [
        line,
        field,
        typeof reason === 'string' ? reason : expect.stringMatching(reason),
      ]),
    );
    expect(taken.held.map(({ line }) => line)).toEqual(held);
    expect(taken.orders.map(({ orderId }) => orderId)).toEqual(changed);
    // None is lost, none is told twice.
    expect(taken.accepted + taken.refused.length + taken.held.length).toBe(rows.length);
  });
});

test('a row that says a package’s end and its carrier’s number leaves both', () => {
  const { orders } = take([row(2, 'A', { ...DELIVERED, ...NUMBER, packageId: 'FP1' })], {
    A: there('1', { packages: [aPackage(), aPackage({ id: '12', packageId: 'FP2' })] }),
  });
  expect(orders[0]?.after.packages).toMatchObject([
    { packageId: 'FP1', deliveredAt: AT, carrier: 'dhl', carrierTrackingNumber: 'JJD1' },
    { packageId: 'FP2', deliveredAt: null, carrier: null },
  ]);
});

test('what was said already is accepted and changes nothing but what is told', () => {
  const said = { delivered: { flag: true, at: AT, sentAt: null } };
  const { orders, accepted } = take([row(7, 'A', DELIVERED)], { A: there('1', said) });
  expect([accepted, orders[0]?.after]).toMatchObject([1, said]);
  expect(orders[0]?.events).toEqual([
    { kind: 'flag_set', data: { status: 'delivered', at: AT, file: 'march.csv', line: 7 } },
  ]);
});

test('events tell file and line, and who handed it in', () => {
  const { orders } = takeRows([row(2, 'A', DELIVERED)], () => there('1'), { ...SENDER, by: 'clerk' });
  expect(orders[0]?.events).toEqual([
    { kind: 'flag_set', data: { status: 'delivered', at: AT, by: 'clerk', file: 'march.csv', line: 2 } },
  ]);
});

test('an order that cannot be written is refused with the words of the database', () => {
  expect(rowsNotWritten([row(2, 'A', { status: 'shipped', occurredAt: T0 })], 'no')).toEqual([
    {
      ...{ line: 2, cells: ['demo-sg', 'A'] },
      mistakes: [{ field: 'row', value: 'A', reason: ROW_REFUSALS.orderNotWritten('no') }],
    },
  ]);
});
