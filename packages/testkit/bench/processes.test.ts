import { expect, test } from '@jest/globals';
import { parseProcess, treeOf } from './processes.ts';

test('a line of /proc/PID/stat, whatever the name', () => {
  const stat = '42 (a) b (c)) S 7 42 42 0 -1 4194560 100 0 0 0 10 5 2 1 20 0 11 0 300 1000 500';
  expect(parseProcess(stat)).toEqual({ pid: 42, parent: 7, cpuMs: 180 });
});

test('a process and all that descend from it', () => {
  const all = [
    { pid: 1, parent: 0, cpuMs: 0 },
    { pid: 2, parent: 1, cpuMs: 0 },
    { pid: 3, parent: 2, cpuMs: 0 },
    { pid: 4, parent: 1, cpuMs: 0 },
  ];
  expect(treeOf(all, 2).map(({ pid }) => pid)).toEqual([2, 3]);
  expect(treeOf(all, 9)).toEqual([]);
});
