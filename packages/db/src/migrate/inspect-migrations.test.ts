import { expect, test } from '@jest/globals';
import { compareMigrations, type LedgerRow, type MigrationStanding } from './inspect-migrations.ts';

const OURS = [
  { name: '1_tables', checksum: 'a' },
  { name: '2_index', checksum: 'b' },
];
const row = (name: string, checksum: string, finished = true): LedgerRow => ({ name, checksum, finished });
const NONE: MigrationStanding = { missing: [], begun: [], edited: [], unknown: [] };

test.each<[says: string, rows: readonly LedgerRow[], standing: Partial<MigrationStanding>]>([
  ['all were applied', [row('1_tables', 'a'), row('2_index', 'b')], {}],
  ['nothing was ever applied', [], { missing: ['1_tables', '2_index'] }],
  ['one is missing', [row('1_tables', 'a')], { missing: ['2_index'] }],
  ['one was begun and not ended', [row('1_tables', 'a'), row('2_index', 'b', false)], { begun: ['2_index'] }],
  ['one had another text', [row('1_tables', 'x'), row('2_index', 'b')], { edited: ['1_tables'] }],
  [
    'one is of a newer version',
    [...OURS.map(({ name, checksum }) => row(name, checksum)), row('3_new', 'c')],
    { unknown: ['3_new'] },
  ],
])('%s', (_, rows, standing) => {
  expect(compareMigrations(OURS, rows)).toEqual({ ...NONE, ...standing });
});
