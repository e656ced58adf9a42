import { expect, test } from '@jest/globals';
import { type Header, readHeader } from '@lazada-sof/orders';
import { AccountBook } from './account-book.ts';
import { findAccounts, NOW } from './import.fixture.ts';
import { survey } from './survey.ts';
import type { Table } from './table.ts';

const sheetOf = (rows: number): Table => ({
  form: { kind: 'xlsx', sheet: 'Table' },
  async *rows() {
    yield Array.from({ length: rows }, (_, index) => ({ line: index + 2, cells: ['demo-sg', '4001', 'a note'] }));
  },
});

/** A name may be long, and nobody goes through it once for each row. */
test.each<[rows: number]>([[10], [1_000]])('the names of columns are read once for %i rows', async (rows) => {
  const header = readHeader(1, ['account', 'order_number', ' '.repeat(30_000), 'status', 'occurred_at']);
  const read: (string | symbol)[] = [];
  const cells = new Proxy(header.cells, {
    get(names, place) {
      if (typeof place === 'string' && /^\d+$/.test(place)) read.push(place);
      return Reflect.get(names, place);
    },
  });
  const counted: Header = { ...header, cells };
  const { foreignColumns } = await survey(sheetOf(rows), counted, new AccountBook(findAccounts), NOW);
  expect([foreignColumns, read.length]).toEqual([[{ column: 3, name: '' }], header.cells.length]);
});
