import { describe, expect, test } from '@jest/globals';
import {
  type DroppedFile,
  folderOfEnd,
  freeName,
  isLeftAlone,
  lookAgainAt,
  lookOver,
  resultBeginning,
  type WatchedEnd,
  type WatchedFile,
} from './watched-folder.ts';

const NOW = new Date('2026-03-14T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

test.each<[string, boolean]>([
  ['orders.csv', false],
  ['รายงาน.xlsx', false],
  ['parts.csv', false],
  ['orders.part.csv', false],
  ['tmp', false],
  ['.orders.csv', true],
  ['.orders.csv.part', true],
  ['orders.csv.part', true],
  ['orders.csv.TMP', true],
  ['.part', true],
])('%s is left alone: %s', (name, is) => expect(isLeftAlone(name)).toBe(is));

describe('a look into the folder', () => {
  const seen = (size: number, seconds: number, isTaken = false): WatchedFile[] => [
    { name: 'a.csv', size, since: ago(seconds), isTaken },
  ];
  const at = (size: number): DroppedFile[] => [{ name: 'a.csv', size }];
  const nothing = { changed: [], toTake: [], gone: [] };
  const rows: [string, DroppedFile[], WatchedFile[], object][] = [
    ['a file that nobody has seen yet is only noted', at(5), [], { changed: ['a.csv'] }],
    ['one that has grown is noted anew', at(6), seen(5, 60), { changed: ['a.csv'] }],
    ['one that has shrunk, too', at(4), seen(5, 60), { changed: ['a.csv'] }],
    ['one that has kept its size is taken', at(5), seen(5, 60), { toTake: ['a.csv'] }],
    ['also an empty one', at(0), seen(0, 60), { toTake: ['a.csv'] }],
    ['two looks at the same moment are one', at(5), seen(5, 1), {}],
    ['one that is gone again is forgotten', [], seen(5, 60), { gone: ['a.csv'] }],
    ['one that is being imported is nobody’s concern', at(5), seen(5, 60, true), {}],
    ['nor is it when it has changed', at(9), seen(5, 60, true), {}],
    ['nor when somebody took it away', [], seen(5, 60, true), {}],
    ['one that is not whole by its name is not even noted', [{ name: 'a.csv.part', size: 3 }], [], {}],
    [
      'one that was renamed to such a name is forgotten',
      [{ name: '.a.csv', size: 5 }],
      seen(5, 60),
      { gone: ['a.csv'] },
    ],
  ];
  test.each(rows)('%s', (_, listed, known, expected) => {
    const { changed, toTake, gone } = lookOver(listed, known, { now: NOW, restMs: 30_000 });
    const names = (files: readonly DroppedFile[]) => files.map(({ name }) => name);
    expect({ changed: names(changed), toTake: names(toTake), gone }).toEqual({ ...nothing, ...expected });
  });

  test('takes first what waits longest', () => {
    const known = [
      { name: 'b', size: 1, since: ago(60), isTaken: false },
      { name: 'a', size: 1, since: ago(60), isTaken: false },
      { name: 'c', size: 1, since: ago(90), isTaken: false },
    ];
    expect(lookOver(known, known, { now: NOW, restMs: 0 }).toTake.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });
});

test.each<[string, string[], string]>([
  ['a.csv', [], 'a.csv'],
  ['a.csv', ['b.csv'], 'a.csv'],
  ['a.csv', ['a.csv'], 'a_2.csv'],
  ['a.csv', ['a.csv', 'a_2.csv.result.csv'], 'a_3.csv'],
  ['a.csv', ['a.csv.result.csv'], 'a_2.csv'],
  ['day 1.tar.csv', ['day 1.tar.csv'], 'day 1.tar_2.csv'],
  ['orders', ['orders'], 'orders_2'],
])('%s beside %j is called %s', (name, taken, expected) => expect(freeName(name, new Set(taken))).toBe(expected));

test.each<[WatchedEnd, 'processed' | 'failed', string]>([
  [{ is: 'done' }, 'processed', 'line,field,value,reason\r\n'],
  [{ is: 'failed', reason: 'it is empty' }, 'failed', 'line,field,value,reason\r\n,file,a.csv,it is empty\r\n'],
  [
    { is: 'duplicate', firstName: 'b.csv', firstId: '7' },
    'processed',
    'line,field,value,reason\r\n,file,a.csv,the same file was imported before as “b.csv” (import 7); nothing of it was taken again\r\n',
  ],
  [{ is: 'forgotten' }, 'failed', expect.stringContaining('Drop the file again') as unknown as string],
])('%j: goes to %s', (end, folder, text) => {
  expect([folderOfEnd(end), resultBeginning('a.csv', end)]).toEqual([folder, text]);
});

test('a name that a spreadsheet would run is written so that none does', () => {
  expect(resultBeginning('=2+3.csv', { is: 'failed', reason: 'so' })).toContain(",'=2+3.csv,");
});

test('a folder that is away is looked for on a ladder that has no end', () => {
  const minutes = [0, 1, 3, 10, 20, 60, 60 * 24 * 100].map((m) => new Date(NOW.getTime() + m * 60_000));
  const waits = minutes.map((now) => (lookAgainAt(NOW, now).getTime() - now.getTime()) / 60_000);
  expect(waits).toEqual([0.5, 1, 2, 5, 10, 30, 30]);
});
