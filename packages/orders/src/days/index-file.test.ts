import { describe, expect, test } from '@jest/globals';
import { INDEX_HEADER, type IndexName, type IndexRow, indexLines, indexPath, indexRevision } from './index-file.ts';

const SHA = 'ab'.repeat(32);
const uploaded = (orderNumber: string, path: string, revision = 1): IndexRow => ({
  orderNumber,
  invoice: { path, revision, sha256: SHA },
  invoiceStatus: 'uploaded',
});

test('its columns, in this order', () => expect(INDEX_HEADER).toBe('order_number,path,revision,sha256,status\r\n'));

describe('its lines', () => {
  test.each<[what: string, rows: IndexRow[], lines: string]>([
    ['nothing of nothing', [], ''],
    [
      'an order with its invoice',
      [uploaded('4001', 'SG/2026/03/INV_SG_shop_4001.pdf')],
      `4001,SG/2026/03/INV_SG_shop_4001.pdf,1,${SHA},uploaded\r\n`,
    ],
    [
      'an order without one is a gap',
      [{ orderNumber: '4002', invoice: null, invoiceStatus: 'missing' }],
      '4002,,,,missing\r\n',
    ],
    [
      'a line for each part, in the newest revision',
      [uploaded('4003', 'INV_4003_R2.pdf', 2), uploaded('4003', 'INV_4003_P2.pdf')],
      `4003,INV_4003_R2.pdf,2,${SHA},uploaded\r\n4003,INV_4003_P2.pdf,1,${SHA},uploaded\r\n`,
    ],
    [
      'what a spreadsheet would run is made harmless',
      [{ orderNumber: '=cmd|1', invoice: null, invoiceStatus: 'waiting' }],
      "'=cmd|1,,,,waiting\r\n",
    ],
  ])('%s', (_, rows, lines) => expect(indexLines(rows)).toBe(lines));
});

describe('its path', () => {
  const NAME: IndexName = { country: 'TH', account: 'demo-th', day: '2026-03-09', revision: 1 };
  test.each<[what: string, name: Partial<IndexName>, path: string]>([
    ['the first one', {}, 'TH/2026/03/INDEX_TH_demo-th_20260309.csv'],
    ['a later one', { revision: 3 }, 'TH/2026/03/INDEX_TH_demo-th_20260309_R3.csv'],
    ['an account with a name that no file may have', { account: 'a/../b c' }, 'TH/2026/03/INDEX_TH_a_b_c_20260309.csv'],
    ['an account called like a revision', { account: 'x_R2' }, 'TH/2026/03/INDEX_TH_x_R2_20260309.csv'],
    ['the last day of a year', { day: '2026-12-31' }, 'TH/2026/12/INDEX_TH_demo-th_20261231.csv'],
  ])('%s', (_, given, path) => {
    const name = { ...NAME, ...given };
    expect(indexPath(name)).toBe(path);
    expect(indexRevision(path)).toBe(name.revision);
  });
});
