import { describe, expect, test } from '@jest/globals';
import { columnNamed, readHeader } from './columns.ts';

describe('a column is found by a loose name', () => {
  test.each([
    ['order_number', 'order_number'],
    ['Order Number ', 'order_number'],
    ['ORDER-NUMBER', 'order_number'],
    ['order  number', 'order_number'],
    ['\u00a0Account', 'account'],
    ['OrderNumber', undefined],
    ['order no', undefined],
    ['', undefined],
  ])('%j', (text, name) => expect(columnNamed(text)).toBe(name));
});

test('a header says where our columns stand, and which are not read', () => {
  const header = readHeader(3, ['No.', 'Occurred At', 'account', '', 'Order-Number', 'status', 'Status']);
  expect(header).toEqual({
    line: 3,
    cells: ['No.', 'Occurred At', 'account', '', 'Order-Number', 'status', 'Status'],
    places: { occurred_at: 1, account: 2, order_number: 4, status: 5 },
    foreign: [{ column: 1, name: 'No.' }],
    missing: [],
    doubled: ['status'],
  });
});

test('a header that lacks columns names them in their order', () =>
  expect(readHeader(1, ['status', 'reason']).missing).toEqual(['account', 'order_number', 'occurred_at']));
