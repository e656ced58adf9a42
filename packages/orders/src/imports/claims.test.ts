import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Claims } from './claims.ts';
import type { ImportRow, ImportUpdate } from './judge-row.ts';

const AT = new Date('2026-03-16T08:00:00Z');
const LATER = new Date('2026-03-16T09:00:00Z');
const DELIVERED: ImportUpdate = { status: 'delivered', occurredAt: AT };

/** What stands in a row's cells is of no matter for who contradicts whom. */
const nothing = () => '';

const rowOf = (line: number, update: ImportUpdate, orderNumber = '4001', account = 'demo-sg'): ImportRow => ({
  ...{ line, account, orderNumber, update },
});

function settled(rows: readonly ImportRow[]): Claims {
  const claims = new Claims();
  for (const row of rows) claims.add(row);
  for (const _ of claims.settle());
  return claims;
}
const contradicted = (rows: readonly ImportRow[]) => {
  const claims = settled(rows);
  return rows.filter((row) => claims.mistakeOf(row, nothing)).map(({ line }) => line);
};
const updates = (...list: readonly ImportUpdate[]) => list.map((update, index) => rowOf(index + 2, update));

describe('rows of one file for the same order', () => {
  test.each<[says: string, rows: readonly ImportRow[], refused: readonly number[]]>([
    ['with the same status and time are all taken', updates(DELIVERED, DELIVERED, DELIVERED), []],
    ['with another end are all refused', updates(DELIVERED, { ...DELIVERED, status: 'not_delivered' }), [2, 3]],
    ['with another time are all refused', updates(DELIVERED, { ...DELIVERED, occurredAt: LATER }), [2, 3]],
    [
      'with a third of them alike to one too',
      updates(DELIVERED, { ...DELIVERED, occurredAt: LATER }, DELIVERED),
      [2, 3, 4],
    ],
    [
      'that say one thing after the other are taken',
      updates({ ...DELIVERED, status: 'shipped' }, { ...DELIVERED, occurredAt: LATER }),
      [],
    ],
    ['taken back and said at once are refused', updates(DELIVERED, { status: 'withdraw', occurredAt: AT }), [2, 3]],
    [
      'shipped at two times',
      updates({ status: 'shipped', occurredAt: AT }, { status: 'shipped', occurredAt: LATER }),
      [2, 3],
    ],
    [
      'of two packages are taken',
      updates({ ...DELIVERED, packageId: 'FP1' }, { status: 'not_delivered', occurredAt: LATER, packageId: 'FP2' }),
      [],
    ],
    [
      'of one package are refused',
      updates({ ...DELIVERED, trackingNumber: 'T1' }, { ...DELIVERED, trackingNumber: 'T1', occurredAt: LATER }),
      [2, 3],
    ],
    [
      'of which one speaks of every package',
      updates(
        { ...DELIVERED, packageId: 'FP1' },
        { ...DELIVERED, packageId: 'FP2' },
        { ...DELIVERED, status: 'not_delivered' },
      ),
      [2, 3, 4],
    ],
    [
      'where one package contradicts the whole and the other does not',
      updates({ ...DELIVERED, packageId: 'FP1' }, { ...DELIVERED, packageId: 'FP2', occurredAt: LATER }, DELIVERED),
      [3, 4],
    ],
    [
      'with two numbers of a carrier',
      updates({ carrierTrackingNumber: 'J1' }, { carrierTrackingNumber: 'J2' }, { carrierTrackingNumber: 'J1' }),
      [2, 3, 4],
    ],
    [
      'with one number of a carrier, twice',
      updates({ carrierTrackingNumber: 'J1' }, { carrierTrackingNumber: 'J1' }),
      [],
    ],
    [
      'but of another account are taken',
      [rowOf(2, DELIVERED), rowOf(3, { ...DELIVERED, status: 'not_delivered' }, '4001', 'demo-my')],
      [],
    ],
    ['of another order are taken', [rowOf(2, DELIVERED), rowOf(3, { ...DELIVERED, occurredAt: LATER }, '4002')], []],
    ['none at all', [], []],
  ])('%s', (_, rows, refused) => expect(contradicted(rows)).toEqual(refused));

  test('are refused with each other’s line, and the field that differs', () => {
    const rows = [
      rowOf(2, DELIVERED),
      rowOf(900_000, { ...DELIVERED, status: 'not_delivered' }),
      rowOf(900_001, { carrierTrackingNumber: 'J1' }, '4002'),
      rowOf(900_003, { carrierTrackingNumber: 'J2' }, '4002'),
      rowOf(900_004, DELIVERED, '4003'),
      rowOf(900_005, { ...DELIVERED, occurredAt: LATER }, '4003'),
    ];
    const claims = settled(rows);
    expect(rows.map((row) => claims.mistakeOf(row, (column) => `${column} of ${row.line}`))).toMatchObject([
      {
        field: 'status',
        value: 'status of 2',
        reason: expect.stringMatching(/^line 900000 says not_delivered of the same;/),
      },
      {
        field: 'status',
        value: 'status of 900000',
        reason: expect.stringMatching(/^line 2 says delivered of the same;/),
      },
      {
        field: 'carrier_tracking_number',
        value: 'carrier_tracking_number of 900001',
        reason: expect.stringMatching(/^line 900003 gives the same another/),
      },
      {
        field: 'carrier_tracking_number',
        value: 'carrier_tracking_number of 900003',
        reason: expect.stringMatching(/^line 900001 gives the same another/),
      },
      {
        field: 'occurred_at',
        value: 'occurred_at of 900004',
        reason: expect.stringMatching(/^line 900005 says the same/),
      },
      {
        field: 'occurred_at',
        value: 'occurred_at of 900005',
        reason: expect.stringMatching(/^line 900004 says the same/),
      },
    ]);
  });

  test('are found as by comparing each with each', () => {
    const update = fc.record({
      status: fc.constantFrom('delivered', 'not_delivered', 'shipped', 'withdraw'),
      occurredAt: fc.constantFrom(AT, LATER),
      packageId: fc.constantFrom('FP1', 'FP2', undefined),
      orderNumber: fc.constantFrom('1', '2', '3'),
    });
    fc.assert(
      fc.property(fc.array(update, { maxLength: 12 }), (list) => {
        const rows = list.map(({ orderNumber, packageId, ...said }, index) =>
          rowOf(index + 2, { ...said, ...(packageId !== undefined && { packageId }) }, orderNumber),
        );
        const slot = (row: ImportRow) => (row.update.status === 'shipped' ? 'shipped' : 'end');
        const contradict = (one: ImportRow, other: ImportRow) =>
          one.orderNumber === other.orderNumber &&
          slot(one) === slot(other) &&
          (one.update.packageId ?? other.update.packageId) === (other.update.packageId ?? one.update.packageId) &&
          (one.update.status !== other.update.status || one.update.occurredAt !== other.update.occurredAt);
        const expected = rows.filter((row) => rows.some((other) => contradict(row, other))).map(({ line }) => line);
        expect(contradicted(rows)).toEqual(expected);
      }),
    );
  });
});

test('a contradiction is found among many, across all that lies between', () => {
  const claims = new Claims();
  // More than fit into one segment.
  const many = 70_000;
  for (let line = 2; line < many; line += 1) claims.add(rowOf(line, DELIVERED, String(4_000_000 + line)));
  const last = rowOf(many, { ...DELIVERED, occurredAt: LATER }, '4000002');
  claims.add(last);
  for (const _ of claims.settle());
  expect(claims.mistakeOf(rowOf(2, DELIVERED, '4000002'), nothing)?.reason).toContain(`line ${many} `);
  expect(claims.mistakeOf(last, nothing)?.reason).toContain('line 2 ');
  expect(claims.mistakeOf(rowOf(3, DELIVERED, '4000003'), nothing)).toBeUndefined();
});

test.each<[says: string, orderOf: (line: number) => string]>([
  ['of as many orders', String],
  ['of one order', () => '4001'],
])('200,000 rows %s are settled with a breath at least every 65,536', (_, orderOf) => {
  const claims = new Claims();
  const rows = 200_000;
  for (let line = 2; line < rows + 2; line += 1) claims.add(rowOf(line, DELIVERED, orderOf(line)));
  const breaths = [...claims.settle()].length;
  // Twice to find the buckets; then by bucket, or within the only one that is filled.
  expect(breaths).toBeGreaterThanOrEqual(2 * Math.ceil(rows / 65_536) + 2 * Math.floor(rows / 65_536));
});
